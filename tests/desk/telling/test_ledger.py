"""The record answers why, now and before, for the person and for who acts for them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from luwte.desk.findings.models import Finding
from luwte.desk.telling.errors import ItemUnknown
from luwte.desk.telling.ledger import ledger
from luwte.desk.vault.errors import RepresentativeUnknown
from luwte.desk.wishes.rules import Choice, Rhythm
from tests.support.desk import NOON, wish
from tests.support.stage import found, represented, stranger, tell

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("ring"),
]


def test_what_stands_comes_with_what_stood_before_and_when() -> None:
    person = stranger("Noor")
    found("Noor", [(7, 2)])
    tell()
    wish(person.id, Choice(True, Rhythm.ON_REQUEST), NOON)
    later = NOON + timedelta(hours=1)
    tell(later)
    now, before = ledger(person.id)
    assert (now.reason, now.decided, now.replaced) == ("only_when_asked", later, None)
    assert (before.reason, before.decided, before.replaced) == ("never_asked", NOON, later)
    assert now.sentence.startswith("You chose to ask yourself")
    assert now.items == (Finding.objects.get().id,)


def test_one_finding_and_one_representative() -> None:
    person, acting = represented("Noor")
    finding = Finding.objects.get().id
    mine, theirs = ledger(person.id, item=finding), ledger(person.id, acting, finding)
    assert {one.reason for one in mine} == {one.reason for one in theirs} == {"due"}
    assert mine[0].sentence != theirs[0].sentence


def test_what_is_not_of_this_person_is_refused() -> None:
    person, acting = represented("Noor")
    other = stranger("Piet")
    with pytest.raises(ItemUnknown):
        ledger(other.id, item=Finding.objects.get().id)
    with pytest.raises(RepresentativeUnknown):
        ledger(other.id, acting)
    assert ledger(person.id)
