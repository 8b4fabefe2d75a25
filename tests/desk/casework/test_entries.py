"""Quarantine, disputes and withdrawals: seen with their numbers, decided by two."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from luwte.base.clock import ManualClock
from luwte.desk.audit.models import Leaf
from luwte.desk.casework.roles import Role
from luwte.desk.findings import lists
from luwte.desk.findings.holding import Holding
from luwte.desk.findings.models import Objection, Quarantine
from luwte.desk.findings.provenance import Of
from luwte.desk.review.models import Proposal
from tests.support.casework import worker
from tests.support.desk import NOON, cluster, entry_id
from tests.support.pages import words
from tests.support.review import reported

A = entry_id("a")


@pytest.fixture
def lia() -> Client:
    """A list manager, and an entry in quarantine."""
    reported(cluster("x", "a", 3, series="Kanarie"))
    Quarantine.objects.create(entry=A, since=NOON, cases=9, baseline=0.25)
    return worker("lia", Role.LIST_MANAGER)


def send(browser: Client, act: str, reason: str = "bekeken") -> str:
    """Ask for something about the entry; return the words of the page that follows."""
    return words(browser.post(f"/staff/entry/{A}/", {"act": act, "reason": reason}, follow=True))


def second(browser: Client, act: str) -> str:
    """Answer the proposal that waits; return the words of the page that follows."""
    waits = Proposal.objects.get(closed=None).id
    return words(browser.post(f"/staff/second/{waits}/", {"act": act}, follow=True))


def test_the_quarantine_says_why_in_numbers(lia: Client) -> None:
    page = words(lia.get("/staff/quarantine/"))
    assert A in page
    assert "In 9 zaken binnen een week; daarvoor 0,25 per week" in page
    assert "wordt vastgehouden" in words(lia.get(f"/staff/entry/{A}/"))
    assert A not in words(lia.get("/staff/quarantine/?judged"))


@pytest.mark.parametrize(
    ("act", "verdict", "holds"), [("release", "released", False), ("keep", "kept", True)]
)
def test_two_people_judge_an_entry(lia: Client, act: str, verdict: str, holds: bool) -> None:
    assert "Gevraagd" in send(lia, act)
    assert Quarantine.objects.get(pk=A).verdict == "", "one alone changes nothing"
    assert "Wie het vroeg" in second(lia, "approve")
    assert Quarantine.objects.get(pk=A).verdict == ""
    leo = worker("leo", Role.LIST_MANAGER)
    page = words(leo.get(f"/staff/entry/{A}/"))
    assert "lia vroeg" in page
    assert "bekeken" in page
    second(leo, "approve")
    row = Quarantine.objects.get(pk=A)
    assert (row.verdict, A in Holding().among([A])) == (verdict, holds)
    assert row.reviewed_by.count("casework:") == 2
    assert set(Leaf.objects.filter(act="findings.quarantine-judged").values_list("about", flat=True)) == {A}


def test_a_proposal_can_be_declined_and_is_over_after_a_week(lia: Client, clock: ManualClock) -> None:
    send(lia, "release")
    assert "al een verandering gevraagd" in send(lia, "keep")
    assert "Afgewezen" in second(lia, "decline")
    send(lia, "release")
    clock.advance(timedelta(days=7))
    leo = worker("leo", Role.LIST_MANAGER)
    assert "ouder dan een week" in second(leo, "approve")
    assert Quarantine.objects.get(pk=A).verdict == ""
    send(leo, "keep")
    results = Proposal.objects.values_list("result", flat=True)
    assert sorted(results) == ["", "declined", "lapsed"]


def test_what_cannot_be_done_any_more_stays_undone(lia: Client) -> None:
    leo = worker("leo", Role.LIST_MANAGER)
    send(lia, "release")
    Quarantine.objects.all().delete()
    assert "Dat kan niet meer" in second(leo, "approve")
    assert Proposal.objects.get().closed is None


def test_one_alone_disputes_and_two_settle_it(lia: Client) -> None:
    leo = worker("leo", Role.LIST_MANAGER)
    assert "Niemand krijgt bericht" in send(lia, "dispute", "verkeerd beeld")
    assert Objection.objects.get(closed=None).reason == "verkeerd beeld"
    assert A in words(lia.get("/staff/lists/"))
    send(lia, "wrong")
    second(leo, "approve")
    assert Objection.objects.get(closed=None).kind == "withdrawal"
    send(leo, "reinstate")
    second(lia, "approve")
    assert not Objection.objects.filter(closed=None).exists()


def test_a_reason_is_needed_and_ids_are_looked_at(lia: Client) -> None:
    assert lia.post(f"/staff/entry/{A}/", {"act": "release", "reason": ""}).status_code == 400
    assert lia.post(f"/staff/entry/{A}/", {"act": "release", "reason": "x" * 501}).status_code == 400
    assert lia.post(f"/staff/entry/{A}/", {"act": "dispute", "reason": " "}).status_code == 400
    assert not Proposal.objects.exists()
    assert lia.get("/staff/entry/nothing/").status_code == 404
    assert lia.get("/staff/entry/", {"entry": A})["Location"] == f"/staff/entry/{A}/"


def test_lists_are_shown_with_their_makers_and_without_their_series(lia: Client) -> None:
    version = words(lia.get("/staff/lists/"))
    assert "van de eigen dienst" in version
    lists.declare_foreign(Of.SERIES, "Kanarie", "elders", "wim", NOON)
    page = lia.get("/staff/lists/")
    assert "1 serie van elders" in words(page)
    assert b"Kanarie" not in page.content
    assert "elders" in words(lia.get(f"/staff/entry/{A}/"))
