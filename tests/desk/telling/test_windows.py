"""T7 by example: quiet periods, weekday and hours, over the changes of the clock and leap days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from luwte.desk.telling.windows import DAYS_AHEAD, first_open, start_of
from luwte.desk.wishes.rules import Choice, Quiet

AMSTERDAM, TROLL, LORD_HOWE = (
    ZoneInfo("Europe/Amsterdam"),
    ZoneInfo("Antarctica/Troll"),
    ZoneInfo("Australia/Lord_Howe"),
)
SUNDAY = 6


def at(*parts: int) -> datetime:
    """Return a moment in UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def opens(
    start: datetime,
    *quiets: Quiet,
    hours: tuple[int, int] = (0, 24),
    weekday: int | None = None,
    zone: ZoneInfo = AMSTERDAM,
) -> datetime | None:
    """Return the first open moment."""
    return first_open(start, Choice(True, hours=hours, weekday=weekday), quiets, zone)


def quiet(first: date, last: date, yearly: bool = False) -> Quiet:
    """Return a quiet period."""
    return Quiet("s", first, last, yearly)


def test_without_a_bound_every_moment_is_open() -> None:
    assert opens(at(2026, 3, 2, 3, 7)) == at(2026, 3, 2, 3, 7)


@pytest.mark.parametrize(
    ("start", "opening"),
    [
        (at(2026, 3, 2, 7, 59, 59), at(2026, 3, 2, 8)),
        (at(2026, 3, 2, 8), at(2026, 3, 2, 8)),
        (at(2026, 3, 2, 16, 59, 59), at(2026, 3, 2, 16, 59, 59)),
        (at(2026, 3, 2, 17), at(2026, 3, 3, 8)),
    ],
)
def test_hours_run_from_the_first_up_to_the_last_not_included(start: datetime, opening: datetime) -> None:
    assert opens(start, hours=(9, 18)) == opening


def test_the_weekday_is_the_one_on_the_recipients_calendar() -> None:
    assert opens(at(2026, 3, 7, 22, 30), weekday=SUNDAY) == at(2026, 3, 7, 23)


def test_the_hour_that_the_clock_skips_is_never_open() -> None:
    assert opens(at(2026, 3, 29, 0), hours=(2, 3)) == at(2026, 3, 30, 0)
    assert opens(at(2026, 3, 23), hours=(2, 3), weekday=SUNDAY) == at(2026, 4, 5, 0)
    assert opens(at(2026, 3, 29, 0), hours=(2, 4)) == at(2026, 3, 29, 1)


def test_the_hour_that_the_clock_shows_twice_is_open_twice() -> None:
    assert opens(at(2026, 10, 24, 23, 59), hours=(2, 3)) == at(2026, 10, 25, 0)
    assert opens(at(2026, 10, 25, 1, 30), hours=(2, 3)) == at(2026, 10, 25, 1, 30)
    assert opens(at(2026, 10, 25, 2), hours=(2, 3)) == at(2026, 10, 26, 1)


def test_hours_that_end_before_the_clock_goes_back_come_again() -> None:
    """At Troll the clock goes back two hours, from three to one: the hour from one to two is open twice."""
    assert opens(at(2026, 10, 25, 0, 30), hours=(1, 2), zone=TROLL) == at(2026, 10, 25, 1)


@pytest.mark.parametrize(
    ("zone", "hours", "start", "opening"),
    [
        (TROLL, (2, 5), at(2026, 3, 29, 0), at(2026, 3, 29, 1)),
        (LORD_HOWE, (2, 3), at(2026, 10, 3, 15), at(2026, 10, 3, 15, 30)),
    ],
)
def test_a_first_hour_that_is_partly_skipped_opens_after_it(
    zone: ZoneInfo, hours: tuple[int, int], start: datetime, opening: datetime
) -> None:
    assert opens(start, hours=hours, zone=zone) == opening


def test_quiet_periods_that_touch_are_one_silence() -> None:
    first, second = quiet(date(2026, 5, 1), date(2026, 5, 3)), quiet(date(2026, 5, 4), date(2026, 5, 6))
    assert opens(at(2026, 5, 1, 9), first, second) == at(2026, 5, 6, 22)
    assert opens(at(2026, 5, 1, 9), first, second, hours=(9, 12)) == at(2026, 5, 7, 7)


def test_both_days_of_a_quiet_period_are_quiet_and_no_other() -> None:
    exams = quiet(date(2026, 5, 4), date(2026, 5, 5))
    assert opens(at(2026, 5, 3, 21, 59), exams) == at(2026, 5, 3, 21, 59)
    assert opens(at(2026, 5, 3, 22), exams) == at(2026, 5, 5, 22)


def test_a_yearly_quiet_period_goes_over_new_year() -> None:
    holidays = quiet(date(2020, 12, 20), date(2020, 1, 5), yearly=True)
    assert opens(at(2026, 12, 25, 12), holidays) == at(2027, 1, 5, 23)
    assert opens(at(2027, 1, 5, 12), holidays) == at(2027, 1, 5, 23)
    assert opens(at(2026, 12, 19, 12), holidays) == at(2026, 12, 19, 12)


def test_a_yearly_29_february_is_kept_at_the_stricter_side_in_other_years() -> None:
    day = quiet(date(2024, 2, 29), date(2024, 2, 29), yearly=True)
    assert opens(at(2027, 2, 28, 12), day) == at(2027, 3, 1, 23)
    assert opens(at(2028, 2, 28, 12), day) == at(2028, 2, 28, 12)
    assert opens(at(2028, 2, 29, 12), day) == at(2028, 2, 29, 23)


def test_what_is_never_open_has_no_moment() -> None:
    assert opens(at(2026, 3, 2), quiet(date(2000, 1, 1), date(2000, 12, 31), yearly=True)) is None


def test_it_looks_three_years_ahead() -> None:
    assert DAYS_AHEAD == 3 * 365 + 1
    start, last = at(2026, 3, 2, 12), date.fromordinal(date(2026, 3, 2).toordinal() + DAYS_AHEAD - 1)
    before = date.fromordinal(last.toordinal() - 1)
    assert opens(start, quiet(date(2026, 1, 1), before)) == start_of(last, AMSTERDAM)
    assert opens(start, quiet(date(2026, 1, 1), last)) is None


def test_a_day_begins_when_the_clock_shows_it() -> None:
    assert start_of(date(2026, 7, 1), AMSTERDAM) == at(2026, 6, 30, 22)
    assert start_of(date(2026, 4, 24), ZoneInfo("Africa/Cairo")) == at(2026, 4, 23, 22)
    assert start_of(date(2011, 12, 30), ZoneInfo("Pacific/Apia")) == at(2011, 12, 30, 10)
