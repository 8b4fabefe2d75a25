from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from luwte.desk.telling.calendar import WEEK, days_later, due_after, months_later
from luwte.desk.wishes.rules import Rhythm

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(*parts: int) -> datetime:
    """Return a moment in UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("last", "months", "due"),
    [
        (at(2026, 1, 15, 9), 1, at(2026, 2, 15, 9)),
        (at(2026, 1, 31, 9), 1, at(2026, 3, 1, 9)),
        (at(2024, 1, 29, 9), 1, at(2024, 2, 29, 9)),
        (at(2024, 2, 29, 9), 12, at(2025, 3, 1, 9)),
        (at(2026, 11, 30, 9), 3, at(2027, 3, 1, 9)),
        (at(2026, 12, 31, 9), 3, at(2027, 3, 31, 8)),
        (at(2026, 12, 31, 23, 30), 1, at(2027, 1, 31, 23, 30)),
        (at(2026, 10, 31, 9), 1, at(2026, 12, 1, 9)),
        (at(2026, 12, 15, 9), 12, at(2027, 12, 15, 9)),
    ],
)
def test_months_keep_the_wall_time_and_never_come_early(last: datetime, months: int, due: datetime) -> None:
    assert months_later(last, months, AMSTERDAM) == due


def test_weeks_over_the_changes_of_the_clock() -> None:
    to_summer, to_winter = at(2026, 3, 24, 9), at(2026, 10, 20, 9)
    assert days_later(to_summer, WEEK, AMSTERDAM) == to_summer + WEEK
    assert days_later(to_winter, WEEK, AMSTERDAM) == to_winter + WEEK + timedelta(hours=1)


def test_times_that_the_clock_skips_or_shows_twice() -> None:
    skipped = months_later(datetime(2026, 1, 29, 2, 30, tzinfo=AMSTERDAM), 2, AMSTERDAM)
    assert skipped == at(2026, 3, 29, 1, 30)
    twice = months_later(datetime(2026, 9, 25, 2, 30, tzinfo=AMSTERDAM), 1, AMSTERDAM)
    assert twice == at(2026, 10, 25, 1, 30)


def test_each_is_due_at_once_and_the_others_later() -> None:
    last = at(2026, 5, 5, 9)
    dues = [due_after(rhythm, last, AMSTERDAM) for rhythm in list(Rhythm)[:5]]
    assert dues[0] == last
    assert dues == sorted(dues)
    assert dues[1:] == [at(2026, 5, 12, 9), at(2026, 6, 5, 9), at(2026, 8, 5, 9), at(2027, 5, 5, 9)]
