"""Every case in which a step waits is found, whatever hides it."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.db import transaction

from luwte.desk.cases import register
from luwte.desk.cases.book import open_books
from luwte.desk.cases.errors import StepImpossible
from luwte.desk.cases.given import Given
from luwte.desk.cases.models import Case
from luwte.desk.cases.vocabulary import Step
from luwte.desk.cases.waiting import waiting_books
from tests.support.desk import NOON

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)
STEPS = [one for one in Step if one != Step.TAKEN_BACK]


def some_step(chance: random.Random, number: int, before: list[str]) -> Given:
    """Return any step; now and then one that corrects an earlier one, or one that is not there."""
    day = DAY + timedelta(days=chance.randrange(40))
    corrects = chance.choice(["", "", "", "ab" * 16, *before[-2:]])
    step = Step.TAKEN_BACK if corrects and chance.random() < 0.3 else chance.choice(STEPS)
    return Given(
        step,
        day,
        day,
        f"r{number}",
        chance.choice(["", "D1", "D2"]),
        chance.choice(["h1", "h2"]),
        corrects,
        chance.choice(["", "", "s-1", "s-2"]),
    )


@pytest.mark.parametrize("seed", range(4))
def test_those_found_are_those_that_wait(seed: int) -> None:
    chance = random.Random(seed)
    with transaction.atomic():
        for case in range(25):
            before: list[str] = []
            for number in range(chance.randrange(1, 6)):
                try:
                    kept = register.tell_step(f"C-{case}", some_step(chance, number, before), NOON)
                except StepImpossible:
                    continue
                before.append(kept.row.id)
        for book in waiting_books()[::3]:
            register.dismiss(book.waiting[0].id, "no", NOON)
    every = {
        book.case.id for book in open_books(set(Case.objects.values_list("pk", flat=True))) if book.waiting
    }
    assert {book.case.id for book in waiting_books()} == every
    assert 3 < len(every) < 25
