"""Searches are counted by account, in the record, and bounded."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from luwte.desk.vault import searching, services
from luwte.desk.vault.errors import LookUpImpossible, SearchesSpent
from luwte.desk.vault.models import Leaf
from luwte.desk.vault.rules import Identity, Reach
from luwte.desk.vault.searching import MOST, WITHIN, search
from tests.support.desk import NOON

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("ring")]

BORN = date(1990, 5, 1)
BY = "staff:7"


def searched(times: int, by: str = BY) -> None:
    for number in range(times):
        search(by=by, now=NOON + timedelta(seconds=number), email="nobody@example.org")


def test_so_many_an_hour_and_each_account_for_itself() -> None:
    searched(MOST)
    with pytest.raises(SearchesSpent, match=f"{MOST} times"):
        search(by=BY, now=NOON + timedelta(minutes=59), email="nobody@example.org")
    assert search(by="staff:8", now=NOON + timedelta(minutes=59), email="nobody@example.org") == []
    assert search(by=BY, now=NOON + WITHIN, email="nobody@example.org") == []


def test_somebody_who_is_refused_leaves_no_more_acts() -> None:
    searched(MOST)
    before = Leaf.objects.count()
    with pytest.raises(SearchesSpent):
        search(by=BY, now=NOON + timedelta(minutes=2), email="nobody@example.org")
    assert Leaf.objects.count() == before


def test_one_search_of_several_people_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST", 2)
    for name in ("Noor", "Bo", "Cas"):
        services.add_person(Identity(name, BORN, BORN), Reach("email", "samen@example.org"), now=NOON)
    assert len(search(by=BY, now=NOON, email="samen@example.org")) == 3
    assert len(search(by=BY, now=NOON + timedelta(seconds=1), email="samen@example.org")) == 3
    with pytest.raises(SearchesSpent):
        search(by=BY, now=NOON + timedelta(seconds=2), email="samen@example.org")


def test_the_record_says_who_and_by_what_and_not_what_was_typed() -> None:
    search(by=BY, now=NOON, name="Noor Geheim", born=BORN)
    content = bytes(Leaf.objects.latest("id").content or b"")
    said = json.loads(content)
    assert (said["by"], said["details"]) == (BY, {"by_what": "identity"})
    assert b"Geheim" not in content
    assert b"1990" not in content


def test_what_is_no_search_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST", 1)
    with pytest.raises(LookUpImpossible):
        search(by=BY, now=NOON, name="Noor")
    assert search(by=BY, now=NOON, email="nobody@example.org") == []
