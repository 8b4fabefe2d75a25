"""A cluster that a later report names anew: one question, and no decision is lost."""

from __future__ import annotations

from itertools import permutations

import pytest

from luwte.desk.findings import joined, services
from luwte.desk.findings.clusters import decided
from luwte.desk.findings.models import Cluster, Finding
from luwte.desk.review import services as review
from luwte.desk.review.decided import decisions
from luwte.desk.review.rules import Answer
from luwte.desk.review.services import Question
from luwte.desk.review.values import Stake
from tests.support.desk import NOON, cluster, cluster_id
from tests.support.review import MINUTE, Given, agree, asked, ids, reported, reviewers

pytestmark = pytest.mark.django_db

NOOR = "aa" * 16
X, Y, Z = ids("x", "y", "z")
SMALL, LARGE = cluster("x", "a", 2), cluster("y", "a", 3, holds=("x",))
LARGEST = cluster("z", "a", 5, holds=("y", "x"))


def outcomes() -> dict[str, str]:
    return dict(Cluster.objects.values_list("id", "outcome"))


def waits() -> set[str]:
    """Return what the queue has, by cluster."""
    reviewers("Eva")
    found: set[str] = set()
    for _ in range(9):
        one = asked("Eva")
        if not isinstance(one, Question):
            return found
        found.add(one.cluster)
        review.refuse("Eva", one.cluster, NOON)
    raise AssertionError


def confirmed() -> list[int]:
    return list(Finding.objects.order_by("case__number").values_list("confirmed", flat=True))


@pytest.mark.parametrize("order", list(permutations((SMALL, LARGE, LARGEST))))
def test_what_is_open_is_asked_once_under_its_largest_name(order: tuple[object, ...]) -> None:
    services.link_series(NOOR, "s-1", NOON)
    for one in order:
        reported(one)  # type: ignore[arg-type]
    assert waits() == {Z}
    services.settle_cluster(Z, "confirmed", NOON)
    assert outcomes() == dict.fromkeys((X, Y, Z), "confirmed")
    assert confirmed() == [5]
    assert {one.cluster for one in decisions()} == {X, Y, Z}
    services.settle_cluster(Z, "", NOON)
    assert set(outcomes().values()) == {""}
    assert {one.verdict for one in decisions()} == {"open"}
    assert confirmed() == [0]


def test_a_report_that_comes_late_finds_its_cluster_decided() -> None:
    services.link_series(NOOR, "s-1", NOON)
    reported(LARGE)
    services.settle_cluster(Y, "confirmed", NOON)
    reported(SMALL, case="C-2")
    assert confirmed() == [3, 2]
    assert waits() == set()


def test_other_cases_hear_when_a_cluster_turns_out_to_be_decided() -> None:
    services.link_series(NOOR, "s-1", NOON)
    reported(SMALL, case="C-2")
    reported(cluster("y", "a", 3))
    services.settle_cluster(Y, "confirmed", NOON)
    assert confirmed() == [3, 0]
    reported(LARGE)
    assert confirmed() == [3, 2]


def test_what_was_decided_under_the_old_name_stands() -> None:
    services.link_series(NOOR, "s-1", NOON)
    reported(SMALL)
    services.settle_cluster(X, "confirmed", NOON)
    reported(LARGE)
    assert waits() == {Y}
    assert confirmed() == [2]
    services.settle_cluster(Y, "rejected", NOON)
    assert outcomes() == {X: "confirmed", Y: "rejected"}
    services.settle_cluster(Y, "", NOON)
    assert outcomes() == {X: "confirmed", Y: ""}
    assert confirmed() == [2]


def test_a_confirmed_cluster_that_grows_holds_for_all_its_files() -> None:
    services.link_series(NOOR, "s-1", NOON)
    reported(SMALL)
    services.settle_cluster(X, "confirmed", NOON)
    reported(cluster("x", "a", 6))
    assert confirmed() == [6]
    assert waits() == set()


def test_the_cases_of_both_count_for_consent_and_are_shown() -> None:
    reviewers("Wim")
    reported(SMALL, case="C-2")
    reported(LARGE)
    found = asked("Wim")
    assert isinstance(found, Question)
    assert (found.cluster, found.files, found.cases) == (Y, 3, ("C-1", "C-2"))


def test_somebody_who_may_hear_of_the_case_of_a_part_alone_is_enough() -> None:
    reviewers("Wim")
    reported(SMALL, case="C-2")
    reported(LARGE)
    (first,) = {case for case in places_of(X) if case not in places_of(Y)}

    class OfOne(Given):
        def __call__(self, places, now):  # type: ignore[no-untyped-def]
            return {place: Stake(place[1] == first) for place in places}

    assert isinstance(asked("Wim", given=OfOne()), Question)


def places_of(name: str) -> set[str]:
    return set(Cluster.objects.get(pk=name).found.values_list("receipt__case", flat=True))


def test_who_has_the_old_one_before_them_answers_it_and_the_new_one_is_asked() -> None:
    reviewers("Wim", "Ria")
    reported(SMALL)
    assert isinstance(asked("Wim"), Question)
    reported(LARGE)
    review.answer("Wim", X, Answer.CONFIRMED, NOON + MINUTE)
    agree(Answer.CONFIRMED, "Wim", "Ria", now=NOON + 5 * MINUTE)
    assert outcomes() == {X: "confirmed", Y: "confirmed"}


def test_decided_together_is_one_decision_on_the_entry() -> None:
    for number in range(4):
        reported(cluster(f"r{number}", "a"), case=f"C-{number}")
        services.settle_cluster(cluster_id(f"r{number}"), "rejected", NOON)
    reported(SMALL, LARGE, LARGEST, case="C-9")
    services.settle_cluster(Z, "confirmed", NOON)
    services.settle_cluster(Z, "rejected", NOON)
    assert outcomes()[X] == "rejected"
    assert (joined.parts(Z), joined.parts(X)) == ({X, Y}, set())
    assert list(decided([SMALL.entry]).values()) == [(0, 5)]


def test_ids_that_lead_round_in_a_circle_or_to_another_entry_hold_nothing() -> None:
    reported(cluster("x", "a", 2, holds=("y",)), cluster("y", "a", 2, holds=("x",)))
    reported(cluster("v", "b", 2, holds=("w",)), cluster("w", "c", 2))
    assert waits() == {X, Y, *ids("v", "w")}
    services.settle_cluster(X, "confirmed", NOON)
    assert outcomes()[Y] == ""
