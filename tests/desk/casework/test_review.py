"""The review desk: one question, no person and no picture, four answers, a stop, and the way back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from luwte.base.clock import ManualClock
from luwte.desk.audit.models import Leaf
from luwte.desk.casework.roles import Role
from luwte.desk.findings.models import Cluster
from luwte.desk.review import authority, people
from luwte.desk.review.models import Look
from tests.support.casework import heard, worker
from tests.support.desk import cluster, cluster_id, entry_id
from tests.support.pages import words
from tests.support.review import reported

X = cluster_id("x")


@pytest.fixture
def wim() -> Client:
    """A reviewer, with one cluster of which somebody wants to hear."""
    browser = worker("wim", Role.REVIEWER)
    reported(cluster("x", "a", 3, series="Kanarie"))
    heard()
    return browser


def act(browser: Client, name: str, cluster: str = X) -> str:
    """Press a button of the review desk; return the words of the page that follows."""
    return words(browser.post("/staff/review/", {"act": name, "cluster": cluster}, follow=True))


def test_a_question_says_where_to_look_and_nothing_of_whom(wim: Client) -> None:
    assert X not in words(wim.get("/staff/review/"))
    page = act(wim, "next")
    for said in (X, entry_id("a"), "C-1", "70,0 %", "3"):
        assert said in page
    assert "Kanarie" not in page
    raw = wim.get("/staff/review/").content.decode()
    assert not re.search(r"<(?:img|picture|video|svg|canvas|script)\b", raw)


def test_two_who_agree_decide_and_neither_sees_the_other(wim: Client) -> None:
    ria = worker("ria", Role.REVIEWER)
    act(wim, "next")
    assert "Een ander kijkt ook" in act(wim, "confirmed")
    page = act(ria, "next")
    assert X in page
    assert "wim" not in page.lower()
    assert "besloten" in act(ria, "confirmed")
    assert Cluster.objects.get(pk=X).outcome == "confirmed"
    assert set(Leaf.objects.filter(act="review.look-ended").values_list("about", flat=True)) == {X}


def test_what_is_not_before_somebody_is_not_answered(wim: Client) -> None:
    assert "niet meer voor u" in act(wim, "confirmed")
    assert Look.objects.count() == 0
    assert wim.post("/staff/review/", {"act": "destroyed"}).status_code == 400


def test_rest_and_somebody_else_ask_no_reason(wim: Client) -> None:
    act(wim, "next")
    assert "Niemand vraagt waarom" in act(wim, "rest")
    act(wim, "next")
    assert "U ziet het niet terug" in act(wim, "other")
    assert "Er wacht niets op u" in words(wim.post("/staff/review/", {"act": "next"}))


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"acute": True}, "Spoedwerk gaat nu voor"),
        ({"from_hour": 20, "to_hour": 21}, "geen uren om te kijken"),
        ({"minutes_a_day": 0}, "samen genoeg bekeken"),
        ({"items_a_day": 0}, "U heeft vandaag genoeg bekeken"),
    ],
)
def test_a_limit_is_a_kind_stop(wim: Client, limits: dict[str, int], said: str) -> None:
    authority.set_limits(replace(authority.limits(), **limits))  # type: ignore[arg-type]
    page = words(wim.get("/staff/review/"))
    assert said in page
    assert "Neem de volgende" not in page
    act(wim, "next")
    assert Look.objects.count() == 0, "no way around the limit"


def test_after_long_enough_a_pause_is_due(wim: Client, clock: ManualClock) -> None:
    authority.set_limits(replace(authority.limits(), minutes_in_a_row=5, pause=10))
    reported(cluster("y", "b", 3), case="C-2")
    heard()
    act(wim, "next")
    clock.advance(timedelta(minutes=6))
    act(wim, "other", Look.objects.get(ended=None).cluster_id)
    page = words(wim.get("/staff/review/"))
    assert "Neem pauze" in page
    assert "Vanaf 13:17" in page


def test_what_was_before_somebody_too_long_is_given_out_again(wim: Client, clock: ManualClock) -> None:
    act(wim, "next")
    clock.advance(timedelta(minutes=21))
    page = words(wim.get("/staff/review/"))
    assert X not in page
    assert "niet meer voor u" in act(wim, "confirmed")


def test_undo_shows_first_what_falls(wim: Client) -> None:
    ria = worker("ria", Role.REVIEWER)
    for browser in (wim, ria):
        act(browser, "next")
        act(browser, "confirmed")
    page = words(wim.get("/staff/review/undo/", {"cluster": X}))
    for said in ("besloten: hetzelfde beeld", "hetzelfde beeld: 2", "C-1", "hulpverlener", "Labs horen"):
        assert said in page
    assert Cluster.objects.get(pk=X).outcome == "confirmed", "nothing has changed yet"
    refused = wim.post("/staff/review/undo/", {"cluster": X, "reason": " "})
    assert refused.status_code == 400
    assert Cluster.objects.get(pk=X).outcome == "confirmed"
    done = wim.post("/staff/review/undo/", {"cluster": X, "reason": "vergissing"}, follow=True)
    assert "Teruggenomen" in words(done)
    assert Cluster.objects.get(pk=X).outcome == ""
    assert set(Look.objects.values_list("undone_why", flat=True)) == {"vergissing"}
    assert wim.get("/staff/review/undo/", {"cluster": X}).status_code == 400


def test_names_that_look_alike_are_one_reviewer() -> None:
    from luwte.desk.casework import roles
    from luwte.desk.review.errors import ReviewerImpossible
    from tests.support.desk import NOON

    worker("wim", Role.REVIEWER)
    worker("w1m")
    with pytest.raises(ReviewerImpossible):
        roles.give("w1m", Role.REVIEWER, by="command", now=NOON)
    assert people.names() == ["wim"]
