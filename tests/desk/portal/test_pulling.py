"""Whoever asks gets an answer of the same size and after the same time, whether there is something or not."""

from __future__ import annotations

import time

import pytest
from django.test import override_settings

from luwte.desk.portal.pull import STEP, filled
from luwte.desk.wishes.rules import Rhythm
from tests.support.pages import enter, words
from tests.support.stage import chooser, found

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]


@pytest.fixture(autouse=True)
def _soon() -> object:
    with override_settings(ANSWER_SECONDS=0.05):
        yield


@pytest.mark.parametrize("size", [0, 1, STEP - 9, STEP - 8, STEP - 7, STEP, 3 * STEP + 5])
def test_a_page_is_filled_to_whole_steps(size: int) -> None:
    page = filled(b"x" * size)
    assert len(page) % STEP == 0
    assert page.startswith(b"x" * size)
    assert len(page) - size < STEP + 8


def test_the_answer_has_the_same_size_whatever_it_is() -> None:
    sizes = set()
    for who, counts in (("Noor", []), ("Piet", [(1, 0)]), ("Truus", [(7, 0)] * 4), ("Lies", [(0, 3)])):
        person = chooser(who, rhythm=Rhythm.ON_REQUEST)
        found(who, counts)
        client = enter(person)
        asked = client.post("/vraag/")
        page = client.get(asked["Location"])
        sizes.add((asked.status_code, len(asked.content), asked["Location"], len(page.content)))
        assert ("Er is een bericht voor u" in words(page)) == (who in ("Piet", "Truus"))
        assert "Waar wij zochten" in words(page), "what was searched belongs to every answer (T13)"
    assert len(sizes) == 1


def test_the_answer_never_comes_before_its_moment() -> None:
    client = enter(chooser("Noor", rhythm=Rhythm.ON_REQUEST))
    with override_settings(ANSWER_SECONDS=0.3):
        begun = time.monotonic()
        client.post("/vraag/")
        asked = time.monotonic()
        client.get("/?asked")
        assert asked - begun >= 0.3
        assert time.monotonic() - asked >= 0.3
