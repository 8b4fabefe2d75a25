"""Limits and the floor: tried first with what would follow, and set by two."""

from __future__ import annotations

import pytest
from django.test import Client

from luwte.desk.casework.roles import Role
from luwte.desk.review import authority
from luwte.desk.review.models import Proposal
from tests.support.casework import heard, worker
from tests.support.desk import cluster
from tests.support.pages import words
from tests.support.review import reported, reviewers

FLOOR = {"change": "floor", "only": "20", "first": "900", "more": "1000", "sample": "0"}
LIMITS = {
    "change": "limits", "from_hour": "8", "to_hour": "18", "minutes_a_day": "60", "items_a_day": "1",
    "minutes_in_a_row": "20", "pause": "10",
}  # fmt: skip


@pytest.fixture
def officer() -> Client:
    """A case officer, and a cluster that waits for reviewers."""
    reported(cluster("x", "a", 3), cluster("y", "b", 3))
    heard()
    return worker("otto", Role.CASE_OFFICER)


def approve(name: str) -> str:
    """Let another case officer approve what waits; return the words of the page that follows."""
    waits = Proposal.objects.get(closed=None).id
    browser = worker(name, Role.CASE_OFFICER)
    return words(browser.post(f"/staff/second/{waits}/", {"act": "approve"}, follow=True))


def test_the_effect_of_a_floor_is_seen_before_it_is_asked_for(officer: Client) -> None:
    page = words(officer.get("/staff/limits/", FLOOR))
    assert "Nu worden 2 open groepen gevraagd. Met deze getallen worden 0 gevraagd." in page
    assert authority.version().number == 0
    officer.post("/staff/limits/", FLOOR | {"reason": "te veel werk"})
    assert authority.version().number == 0, "one alone changes nothing"
    assert "Met deze getallen worden 0 gevraagd." in words(officer.get("/staff/limits/"))
    approve("olga")
    held = authority.version()
    assert (held.number > 0, held.floor.first, held.floor.sample) == (True, 900, 0)
    assert "otto, olga" in words(officer.get("/staff/limits/"))


def test_the_effect_of_limits_is_in_days(officer: Client) -> None:
    assert "Er is nog geen beoordelaar" in words(officer.get("/staff/limits/", LIMITS))
    reviewers("Wim", "Ria")
    page = words(officer.get("/staff/limits/", LIMITS))
    assert "Nu is elke groep binnen 1 dag twee keer bekeken. Met deze getallen binnen 2 dagen." in page
    officer.post("/staff/limits/", LIMITS | {"reason": "rust"})
    officer.post("/staff/limits/acute/", {"acute": "yes"})
    approve("olga")
    held = authority.limits()
    assert (held.from_hour, held.items_a_day, held.acute) == (8, 1, True), "acute work is said apart"


@pytest.mark.parametrize(
    "wrong",
    [{"only": "950"}, {"only": "-1"}, {"sample": "1001"}, {"first": "x"}, {"first": "99999"}, {"first": ""}],
)
def test_numbers_that_cannot_be_are_refused(officer: Client, wrong: dict[str, str]) -> None:
    assert officer.get("/staff/limits/", FLOOR | wrong).status_code == 400
    assert officer.post("/staff/limits/", FLOOR | wrong | {"reason": "x"}).status_code == 400
    assert not Proposal.objects.exists()


def test_acute_work_is_said_by_one_alone_and_at_once(officer: Client) -> None:
    officer.post("/staff/limits/acute/", {"acute": "yes"})
    assert authority.limits().acute
    assert "Spoedwerk" in words(officer.get("/staff/"))
    officer.post("/staff/limits/acute/", {"acute": "no"})
    assert not authority.limits().acute
