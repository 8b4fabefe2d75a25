"""What counts only by what reviewers confirmed before stands and falls with their decisions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from luwte.desk.findings import services
from luwte.desk.findings.models import EntrySighting, Finding, Quarantine
from luwte.desk.findings.places import of_clusters
from luwte.desk.review.surroundings import found_at
from luwte.exchange.report import Report
from tests.support.desk import NOON, cluster, cluster_id, entry_id, remembering, report
from tests.support.exchange import NOON as MADE
from tests.support.review import reported

pytestmark = pytest.mark.django_db

NOOR = "aa" * 16
X, Y = cluster_id("x"), cluster_id("y")
DAY = timedelta(days=1)
LATER = MADE + 30 * DAY


def again(files: int = 2, *clusters: str, case: str = "C-2", **more: Any) -> Report:
    """Return the report of a scan that found so many files of clusters (of x alone, if none is named)."""
    return remembering(report({"s-1": {"a": (files, 0)}}, case, **more), "a", files, *clusters or ("x",))


def settle(outcome: str, name: str = X) -> None:
    services.settle_cluster(name, outcome, NOON)


def counts(case: str = "C-2") -> tuple[int, int, int, int]:
    """Return the files of Noor in a case: identical, the same picture, near, confirmed."""
    found = Finding.objects.get(subject=NOOR, case__number=case)
    return found.identical, found.same_picture, found.near, found.confirmed


@pytest.fixture(autouse=True)
def _confirmed() -> None:
    services.link_series(NOOR, "s-1", NOON)
    reported(cluster("x", "a", 3))
    settle("confirmed")


@pytest.mark.parametrize("outcome", ["", "rejected", "unclear"])
def test_what_rests_on_a_decision_falls_with_it_and_comes_back(outcome: str) -> None:
    services.register(again(), NOON)
    assert counts() == (2, 0, 0, 0)
    settle("")
    assert counts() == (0, 0, 2, 0)
    if outcome:
        settle(outcome)
    assert counts() == (0, 0, 2, 0)
    assert counts("C-1") == (0, 0, 3, 0)
    settle("confirmed")
    assert counts() == (2, 0, 0, 0)
    assert counts("C-1") == (0, 0, 3, 3)


def test_a_report_with_the_old_list_that_comes_after_the_undo_does_not_count() -> None:
    settle("")
    services.register(again(), NOON)
    assert counts() == (0, 0, 2, 0)
    settle("confirmed")
    assert counts() == (2, 0, 0, 0)


def test_what_is_identical_to_the_picture_itself_stays() -> None:
    services.register(remembering(report({"s-1": {"a": (5, 1), "b": (4, 0)}}, "C-2"), "a", 2, "x"), NOON)
    assert counts() == (9, 0, 1, 0)
    settle("")
    assert counts() == (7, 0, 3, 0)


def test_the_same_carrier_read_again_counts_each_file_once() -> None:
    services.register(again(3, case="C-1"), NOON)
    assert counts("C-1") == (3, 0, 0, 0)
    settle("")
    assert counts("C-1") == (0, 0, 3, 0)


def test_of_several_decisions_one_that_stands_is_enough() -> None:
    reported(cluster("y", "a", 2), case="C-3")
    settle("confirmed", Y)
    services.register(again(2, "x", "y"), NOON)
    settle("")
    assert counts() == (2, 0, 0, 0)
    settle("rejected", Y)
    assert counts() == (0, 0, 2, 0)


def test_a_decision_that_was_made_elsewhere_is_not_judged_here_until_its_cluster_is_known() -> None:
    services.register(again(2, "z"), NOON)
    assert counts() == (2, 0, 0, 0)
    settle("")
    assert counts() == (2, 0, 0, 0)
    reported(cluster("z", "a", 1), case="C-3")
    assert counts() == (0, 0, 2, 0)


def test_one_that_goes_with_a_larger_cluster_falls_and_comes_back_with_it() -> None:
    reported(cluster("y", "a", 3), case="C-3")
    reported(cluster("z", "a", 5, holds=("y",)), case="C-3", now=NOON)
    services.register(again(2, "y"), NOON)
    assert counts() == (0, 0, 2, 0)
    settle("confirmed", cluster_id("z"))
    assert counts() == (2, 0, 0, 0)
    settle("", cluster_id("z"))
    assert counts() == (0, 0, 2, 0)


def test_a_cluster_that_is_the_same_picture_throughout_leaves_that_unless_it_was_rejected() -> None:
    reported(cluster("y", "a", 2, same=True), case="C-3")
    settle("confirmed", Y)
    services.register(again(2, "y"), NOON)
    settle("", Y)
    assert counts() == (0, 2, 0, 0)
    settle("rejected", Y)
    assert counts() == (0, 0, 2, 0)


def test_a_link_that_is_made_later_counts_what_stands() -> None:
    services.register(again(), NOON)
    settle("")
    services.link_series("bb" * 16, "s-1", NOON)
    assert Finding.objects.get(subject="bb" * 16, case__number="C-2").identical == 0


def test_a_case_that_shows_files_of_a_cluster_is_one_of_its_cases() -> None:
    services.register(again(2), NOON)
    assert sorted(of_clusters([X])[X].values()) == [2, 3]


@pytest.mark.parametrize(("own", "known"), [(0, False), (1, True)])
def test_what_reviewers_confirmed_makes_nothing_known_by_itself(own: int, known: bool) -> None:
    one = remembering(report({"s-1": {"a": (4 + own, 0)}}, "C-2"), "a", 1, "x", "y")
    services.register(remembering(one, "a", 3, "y"), NOON)
    place = "s-1", Finding.objects.get(subject=NOOR, case__number="C-2").case_id
    assert found_at([place])[place].entries == {entry_id("a"): known}


def test_a_burst_that_a_wrong_copy_made_is_over_when_the_decision_is_undone() -> None:
    for number in range(2, 8):
        one = again(2, case=f"C-{number}", made=MADE)
        services.register(one, LATER)
    services.register(report({"s-1": {"a": (1, 0)}}, "C-8", made=MADE + DAY), LATER)
    assert Quarantine.objects.get().entry == entry_id("a")
    assert counts("C-8") == (0, 0, 0, 0)
    settle("")
    assert not Quarantine.objects.exists()
    assert counts("C-8") == (1, 0, 0, 0)
    assert EntrySighting.objects.filter(stands=True).count() == 1
    settle("confirmed")
    assert Quarantine.objects.get().entry == entry_id("a")
    assert EntrySighting.objects.filter(stands=True).count() == 7


def test_a_case_shows_an_entry_since_the_first_report_that_stands() -> None:
    services.register(again(2, made=MADE), LATER)
    services.register(report({"s-1": {"a": (1, 0)}}, "C-2", made=MADE + DAY), LATER)
    sighting = EntrySighting.objects.get(case__number="C-2")
    assert sighting.seen == MADE
    settle("")
    sighting.refresh_from_db()
    assert (sighting.seen, sighting.stands) == (MADE + DAY, True)
