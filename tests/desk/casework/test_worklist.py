"""The work list: what presses most comes first, each with the reason why, by role."""

from __future__ import annotations

from datetime import timedelta

from luwte.desk.casework.roles import Role
from luwte.desk.findings import lists
from luwte.desk.findings.models import Quarantine
from luwte.desk.review import proposals
from luwte.desk.review.proposals import Change
from luwte.desk.review.values import Stake
from tests.support.casework import heard, worker
from tests.support.desk import NOON, cluster, entry_id
from tests.support.pages import words
from tests.support.review import Given, reported

A, B, C = entry_id("a"), entry_id("b"), entry_id("c")


def order(page: str, *said: str) -> bool:
    """Return whether a page says these in this order."""
    places = [page.find(one) for one in said]
    return -1 not in places and places == sorted(places)


def test_without_a_role_there_is_no_work() -> None:
    assert "heeft hier nog geen werk" in words(worker("nina").get("/staff/"))


def test_a_list_manager_sees_what_waits_for_a_second_person_first() -> None:
    Quarantine.objects.create(entry=A, since=NOON, cases=9, baseline=0.2)
    Quarantine.objects.create(
        entry=B, cause="rejected", since=NOON - timedelta(days=1), cases=0, baseline=0, rejected=6
    )
    lists.dispute(C, "wim", "why", NOON)
    proposals.ask(Change.WITHDRAW, entry_id("d"), "why", by="casework:0", now=NOON)
    page = words(worker("lia", Role.LIST_MANAGER).get("/staff/"))
    assert order(page, entry_id("d"), "Dit doen twee mensen", B, "wijzen haar meestal af", A, "vaker voor", C)


def test_a_right_that_lapses_comes_before_the_rest_of_review() -> None:
    reported(cluster("x", "a", 3), cluster("y", "b", 3, series="s-2"))
    heard()
    browser = worker("wim", Role.REVIEWER)
    assert "Er wachten 2 groepen waarvan iemand wil horen." in words(browser.get("/staff/"))
    heard(Given(by_series={"s-2": Stake(heard=True, right=NOON + timedelta(days=3))}))
    assert "Een recht loopt binnen een week af. Er hangt 1 groep aan." in words(browser.get("/staff/"))
    browser.post("/staff/review/", {"act": "next"})
    assert "Er ligt iets voor u" in words(browser.get("/staff/"))


def test_nobody_hears_so_nobody_is_asked() -> None:
    reported(cluster("x", "a", 3))
    heard(Given(rest=Stake()))
    page = words(worker("wim", Role.REVIEWER).get("/staff/"))
    assert "Er wacht nu niets op u." in page


def test_who_has_two_roles_sees_the_work_of_both() -> None:
    Quarantine.objects.create(entry=A, since=NOON, cases=9, baseline=0.2)
    reported(cluster("x", "b", 3))
    heard()
    page = words(worker("bo", Role.REVIEWER, Role.LIST_MANAGER).get("/staff/"))
    assert order(page, A, "Er wacht 1 groep")
