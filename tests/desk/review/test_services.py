from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from luwte.desk.findings import lists
from luwte.desk.findings import services as register
from luwte.desk.findings.errors import ReportContradicts
from luwte.desk.findings.models import Cluster, ClusterFiles, Finding
from luwte.desk.review import authority, people, services
from luwte.desk.review.errors import (
    LimitsImpossible,
    LookOver,
    NothingToUndo,
    ReviewerImpossible,
    ReviewerUnknown,
)
from luwte.desk.review.hours import Limits, NotNow, Why
from luwte.desk.review.models import Look
from luwte.desk.review.rules import Answer, Outcome
from luwte.desk.review.services import LEASE, Question
from luwte.desk.review.values import Stake
from tests.support.desk import NOON, cluster, cluster_id, entry_id, report
from tests.support.exchange import NOON as MADE
from tests.support.review import MINUTE, Given, agree, asked, ids, look, reported, reviewers

pytestmark = pytest.mark.django_db

C, R, U = Answer.CONFIRMED, Answer.REJECTED, Answer.CANNOT_TELL
NOOR = "aa" * 16
NOTHING = NotNow(Why.NOTHING)


def before(name: str, **given: object) -> str | None:
    """Return the cluster that is put before a reviewer."""
    found = asked(name, **given)  # type: ignore[arg-type]
    return found.cluster if isinstance(found, Question) else None


def confirmed() -> int:
    """Return how many confirmed files the one finding of Noor has."""
    return Finding.objects.get(subject=NOOR).confirmed


def test_two_who_agree_confirm_and_one_does_not() -> None:
    reviewers("Wim", "Ria")
    register.link_series(NOOR, "s-1", NOON)
    reported(cluster("x", "a", 3))
    assert look("Wim", C) is None
    assert confirmed() == 0
    assert asked("Wim") == NOTHING
    assert look("Ria", C) == Outcome.CONFIRMED
    assert confirmed() == 3
    assert asked("Ria") == asked("Wim") == NOTHING


def test_disagreement_goes_to_a_third_who_is_neither() -> None:
    reviewers("Wim", "Ria", "Bo")
    register.link_series(NOOR, "s-1", NOON)
    reported(cluster("x", "a", 3))
    assert (look("Wim", C), look("Ria", R)) == (None, None)
    assert asked("Wim") == asked("Ria") == NOTHING
    assert look("Bo", R) == Outcome.REJECTED
    assert confirmed() == 0
    assert Cluster.objects.get().outcome == "rejected"


def test_one_person_under_two_spellings_is_one_reviewer() -> None:
    reviewers("Wim de Vries", "  wim  DE vries ")
    assert people.names() == ["Wim de Vries"]
    reported(cluster("x", "a"))
    assert look("Wim de Vries", C) is None
    assert asked("WIM DE VRIES") == NOTHING


def test_the_same_reviewer_cannot_answer_twice_even_past_the_queue() -> None:
    reviewers("Wim", "Ria")
    reported(cluster("x", "a"))
    look("Wim", C)
    with pytest.raises(LookOver):
        services.answer("Wim", cluster_id("x"), C, NOON)
    with pytest.raises(LookOver):
        services.answer("Ria", cluster_id("x"), C, NOON)
    with pytest.raises(ReviewerUnknown, match="reviewer add"):
        services.answer("Zoë", cluster_id("x"), C, NOON)
    assert Cluster.objects.get().outcome == ""


def test_two_reviewers_never_hold_the_same_look_and_a_lost_one_comes_back() -> None:
    reviewers("Wim", "Ria")
    reported(cluster("x", "a", likelihood=900), cluster("y", "b", likelihood=100))
    assert before("Wim") == cluster_id("x")
    assert before("Ria") == cluster_id("y")
    assert before("Wim", now=NOON + 5 * MINUTE) == cluster_id("x")
    services.stop("Ria", NOON + MINUTE)
    late = NOON + LEASE + MINUTE
    assert before("Ria", now=late) == cluster_id("x")
    with pytest.raises(LookOver):
        services.answer("Wim", cluster_id("x"), C, late)
    assert list(Look.objects.order_by("given").values_list("answer", flat=True)) == ["lapsed", "stopped", ""]


def test_an_answer_after_the_time_is_over_does_not_count() -> None:
    reviewers("Wim")
    reported(cluster("x", "a"))
    asked("Wim")
    with pytest.raises(LookOver, match="review next"):
        services.answer("Wim", cluster_id("x"), C, NOON + LEASE)
    assert services.answer("Wim", cluster_id("x"), C, NOON + LEASE - MINUTE) is None


def test_who_refuses_is_asked_no_reason_and_does_not_get_it_again() -> None:
    reviewers("Wim", "Ria")
    reported(cluster("x", "a", likelihood=900), cluster("y", "b", likelihood=100))
    assert before("Wim") == cluster_id("x")
    services.refuse("Wim", cluster_id("x"), NOON)
    assert before("Wim") == cluster_id("y")
    assert before("Ria") == cluster_id("x")
    assert services.stop("Wim", NOON)
    assert not services.stop("Wim", NOON)
    assert before("Wim") == cluster_id("y")


def test_consent_first_and_what_nobody_may_hear_stays_registered() -> None:
    reviewers("Wim")
    reported(cluster("x", "a", likelihood=1000), cluster("y", "b", series="s-2", likelihood=200))
    given = Given(by_series={"s-1": Stake()})
    assert before("Wim", given=given) == cluster_id("y")
    services.stop("Wim", NOON)
    assert asked("Wim", given=Given(rest=Stake())) == NOTHING
    assert Cluster.objects.count() == 2


def test_the_port_is_asked_for_series_and_cases_alone() -> None:
    reviewers("Wim")
    reported(cluster("x", "a", 2))
    reported(cluster("x", "a", 5), case="C-2")
    given = Given()
    found = asked("Wim", given=given)
    assert isinstance(found, Question)
    assert {series for series, _ in given.asked} == {"s-1"}
    assert len(set(given.asked)) == 2
    assert (found.files, found.cases, found.series_files) == (5, ("C-1", "C-2"), 7)


def test_a_reviewer_sees_nothing_of_a_person() -> None:
    reviewers("Wim")
    register.link_series(NOOR, "s-1", NOON)
    reported(cluster("x", "a", 2))
    found = asked("Wim")
    assert NOOR not in repr(found)
    names = {"cluster", "entry", "series_files", "files", "likelihood", "verdict", "cases", "until"}
    assert {one.name for one in fields(Question)} == names


def test_a_later_report_says_a_cluster_anew_and_never_doubles_it() -> None:
    reviewers("Wim", "Ria")
    register.link_series(NOOR, "s-1", NOON)
    reported(cluster("x", "a", 3, likelihood=400))
    deep = cluster("x", "a", 4, likelihood=950, same=True)
    register.register(
        report({"s-1": {"a": (0, 0, 4)}}, clusters=(deep,), made=MADE + timedelta(hours=1)), NOON
    )
    old = cluster("x", "a", 1, likelihood=100)
    reported(old, made=MADE - timedelta(days=3))
    row = Cluster.objects.get()
    assert (row.verdict, row.likelihood, ClusterFiles.objects.count()) == ("same_picture", 950, 3)
    agree(C, "Wim", "Ria")
    assert confirmed() == 4
    reported(cluster("x", "a", 6), made=MADE + timedelta(hours=2))
    assert confirmed() == 6
    assert asked("Wim") == NOTHING


def test_what_was_decided_counts_in_another_case_and_is_not_asked_again() -> None:
    reviewers("Wim", "Ria")
    register.link_series(NOOR, "s-1", NOON)
    reported(cluster("x", "a", 3))
    agree(C, "Wim", "Ria")
    reported(cluster("x", "a", 2), case="C-2")
    assert sorted(Finding.objects.values_list("confirmed", flat=True)) == [2, 3]
    assert asked("Wim") == NOTHING


def test_a_cluster_of_another_entry_than_before_is_refused_whole() -> None:
    reported(cluster("x", "a"))
    with pytest.raises(ReportContradicts, match="another entry"):
        reported(cluster("x", "b"), case="C-2")
    assert ClusterFiles.objects.count() == 1


def test_undo_takes_back_what_was_confirmed_and_asks_anew() -> None:
    reviewers("Wim", "Ria")
    register.link_series(NOOR, "s-1", NOON)
    reported(cluster("x", "a", 3))
    agree(C, "Wim", "Ria")
    assert confirmed() == 3
    services.undo(cluster_id("x"), "Bo", "the wrong folder", NOON)
    assert (confirmed(), Finding.objects.get().fell) == (0, "undone")
    assert set(Look.objects.values_list("answer", "undone_by", "undone_why")) == {
        ("confirmed", "Bo", "the wrong folder")
    }
    with pytest.raises(NothingToUndo):
        services.undo(cluster_id("x"), "Bo", "again", NOON)
    agree(R, "Ria", "Wim", now=NOON + 10 * MINUTE)
    assert (confirmed(), Cluster.objects.get().outcome) == (0, "rejected")


def test_one_answer_can_be_undone_before_there_are_two() -> None:
    reviewers("Wim", "Ria")
    reported(cluster("x", "a"))
    look("Wim", C)
    services.undo(cluster_id("x"), "Wim", "a slip", NOON)
    assert look("Ria", C, NOON + 5 * MINUTE) is None


def test_rejected_files_count_nowhere_even_where_the_same_picture_is_accepted(
    settings: Any,
) -> None:
    reviewers("Wim", "Ria")
    register.link_series(NOOR, "s-1", NOON)
    both = (cluster("x", "a", 3, same=True), cluster("y", "a", 2, same=True))
    register.register(report({"s-1": {"a": (0, 0, 5)}}, clusters=both), NOON)
    register.settle_cluster(cluster_id("x"), "rejected", NOON)
    rejected = Cluster.objects.get(outcome="rejected")
    left = 5 - {cluster_id("x"): 3, cluster_id("y"): 2}[rejected.id]
    finding = Finding.objects.get()
    assert (finding.same_picture, finding.confirmed) == (left, 0)
    settings.ACCEPT_SAME_PICTURE = True
    assert finding.counted.identical + finding.counted.confirmed == left
    assert asked("Wim", NOON + 20 * MINUTE) == NOTHING


def test_three_who_all_differ_leave_it_unclear_and_untold() -> None:
    reviewers("Wim", "Ria", "Bo")
    register.link_series(NOOR, "s-1", NOON)
    reported(cluster("x", "a"))
    look("Wim", C)
    look("Ria", R)
    assert look("Bo", U) == Outcome.UNCLEAR
    assert confirmed() == 0


def test_acute_work_waiting_stops_giving_out() -> None:
    reviewers("Wim")
    reported(cluster("x", "a"))
    authority.set_limits(replace(authority.limits(), acute=True))
    assert asked("Wim") == NotNow(Why.ACUTE)
    authority.set_limits(replace(authority.limits(), acute=False))
    assert isinstance(asked("Wim"), Question)


def test_the_budget_of_the_day_is_kept_by_the_clock_of_the_authority() -> None:
    reviewers("Wim", "Ria")
    authority.set_limits(Limits(minutes_a_day=1, from_hour=0, to_hour=24))
    reported(cluster("x", "a"), cluster("y", "b"))
    look("Wim", C)
    assert asked("Ria", NOON + 2 * MINUTE) == NotNow(Why.BUDGET)
    midnight = NOON.replace(hour=23)
    assert isinstance(asked("Ria", midnight), Question)


def test_midnight_is_no_pause() -> None:
    reviewers("Wim")
    authority.set_limits(Limits(from_hour=0, to_hour=24, minutes_in_a_row=10, pause=10))
    reported(*[cluster(str(number), f"e{number}") for number in range(3)])
    before_midnight = NOON.replace(hour=22, minute=51)  # 23:51 in Amsterdam
    found = asked("Wim", before_midnight)
    assert isinstance(found, Question)
    services.answer("Wim", found.cluster, C, before_midnight + 8 * MINUTE)
    assert look("Wim", C, before_midnight + 9 * MINUTE) is None
    assert asked("Wim", before_midnight + 11 * MINUTE) == NotNow(Why.PAUSE, before_midnight + 20 * MINUTE)


def test_hours_are_those_of_the_authority() -> None:
    reviewers("Wim")
    authority.set_limits(Limits(from_hour=13, to_hour=14))
    reported(cluster("x", "a"))
    assert asked("Wim", NOON + 60 * MINUTE) == NotNow(Why.HOURS)
    assert isinstance(asked("Wim", NOON), Question)


def test_items_and_minutes_in_a_row_are_kept() -> None:
    reviewers("Wim")
    reported(*[cluster(str(number), f"e{number}") for number in range(4)])
    authority.set_limits(Limits(items_a_day=2))
    look("Wim", C)
    look("Wim", C, NOON + 2 * MINUTE)
    assert asked("Wim", NOON + 4 * MINUTE) == NotNow(Why.ITEMS)
    authority.set_limits(Limits(minutes_in_a_row=3, pause=5))
    assert asked("Wim", NOON + 4 * MINUTE) == NotNow(Why.PAUSE, NOON + 8 * MINUTE)
    assert isinstance(asked("Wim", NOON + 8 * MINUTE), Question)


@pytest.mark.parametrize(
    "wrong", [{"from_hour": 9, "to_hour": 9}, {"to_hour": 25}, {"pause": 0}, {"items_a_day": 1441}]
)
def test_limits_that_cannot_be_kept_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(LimitsImpossible):
        authority.set_limits(replace(Limits(), **wrong))  # type: ignore[arg-type]
    assert authority.limits() == Limits()


def test_what_is_held_is_not_asked() -> None:
    reviewers("Wim")
    reported(cluster("x", "a"), cluster("y", "b"))
    lists.withdraw(entry_id("a"), "Bo", "not of a person", NOON)
    assert before("Wim") == cluster_id("y")
    services.stop("Wim", NOON)
    lists.dispute(entry_id("b"), "Bo", "another person", NOON)
    assert asked("Wim") == NOTHING


def test_who_leaves_reviews_no_more_and_the_answers_stand() -> None:
    reviewers("Wim", "Ria")
    reported(cluster("x", "a"))
    look("Wim", C)
    people.leave("Wim", NOON)
    with pytest.raises(ReviewerUnknown):
        asked("Wim")
    assert look("Ria", C) == Outcome.CONFIRMED
    with pytest.raises(ReviewerImpossible):
        people.add(" ", NOON)
    assert ids("x") == [cluster_id("x")]


def test_what_changed_while_the_queue_was_worked_out_is_seen() -> None:
    """A wish is withdrawn, and a cluster decided, before the gate is taken: the third one is given."""
    reviewers("Wim", "Ria")
    clusters = [
        cluster(name, f"e{name}", series=f"s-{name}", likelihood=900 - place)
        for place, name in enumerate("xyz")
    ]
    reported(*clusters)

    class Changing(Given):
        def __call__(self, places, now):  # type: ignore[no-untyped-def]
            if len(places) == 3:
                register.settle_cluster(cluster_id("y"), "rejected", NOON)
            rest = Stake() if len(places) == 1 and next(iter(places))[0] == "s-x" else Stake(True)
            return dict.fromkeys(places, rest)

    assert before("Wim", given=Changing()) == cluster_id("z")
