"""Minutes of review: of everyone together, by the day on which a look began, and never below nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from luwte.desk.findings.models import Cluster
from luwte.desk.review.models import Look, Reviewer
from luwte.desk.review.spent import WEEKS, Week, weeks
from tests.support.desk import NOON, cluster
from tests.support.review import reported, reviewers

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
MONDAY = date(2026, 3, 2)
"""The day of NOON."""


@pytest.fixture(autouse=True)
def place() -> None:
    """There is a cluster, and two who look."""
    reported(cluster("x", "a", 3))
    reviewers("wim", "bo")


def looked(
    begun: datetime, minutes: float | None, *, by: str = "wim", answer: str = "refused", lease: float = 20
) -> None:
    """Let somebody look for so many minutes, or still."""
    Look.objects.create(
        cluster=Cluster.objects.get(),
        reviewer=Reviewer.objects.get(name=by),
        given=begun,
        until=begun + lease * MINUTE,
        ended=None if minutes is None else begun + minutes * MINUTE,
        answer=answer if minutes is not None else "",
    )


def test_nobody_looked() -> None:
    found = weeks(NOON)
    assert [one.monday for one in found] == [MONDAY - timedelta(weeks=back) for back in range(11, -1, -1)]
    assert {(one.minutes, one.longest) for one in found} == {(0.0, 0.0)}
    assert len(found) == WEEKS


def test_minutes_are_of_everyone_and_the_longest_day_is_one_day() -> None:
    looked(NOON - 60 * MINUTE, 7.5)
    looked(NOON - 40 * MINUTE, 10, by="bo", answer="stopped")
    looked(NOON - timedelta(days=3), 12)
    looked(NOON - timedelta(days=4), 5)
    assert weeks(NOON)[-2:] == [
        Week(MONDAY - timedelta(weeks=1), 17.0, 12.0),
        Week(MONDAY, 17.5, 17.5),
    ]


def test_a_look_counts_for_the_day_on_which_it_began_by_the_clock_of_the_authority() -> None:
    sunday = datetime(2026, 3, 1, 22, 55, tzinfo=UTC)  # five to midnight in Amsterdam
    looked(sunday, 10)
    looked(sunday + 10 * MINUTE, 10, by="bo")
    assert [one.minutes for one in weeks(NOON)[-2:]] == [10.0, 10.0]


def test_a_look_that_is_not_over_counts_until_now_and_no_longer_than_it_may() -> None:
    looked(NOON - 3 * MINUTE, None)
    assert weeks(NOON)[-1].minutes == 3.0
    assert weeks(NOON + 60 * MINUTE)[-1].minutes == 20.0


def test_what_is_older_or_still_to_come_is_not_in_it() -> None:
    looked(NOON - timedelta(weeks=12), 10)
    looked(NOON + MINUTE, 10, by="bo")
    assert sum(one.minutes for one in weeks(NOON)) == 0


def test_a_clock_that_was_set_back_takes_nothing_from_other_looks() -> None:
    looked(NOON - 60 * MINUTE, -30)
    looked(NOON - 40 * MINUTE, 10, by="bo")
    assert weeks(NOON)[-1].minutes == 10.0
