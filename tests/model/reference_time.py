"""The reference's clock and calendar: walks over days and quarters of an hour, and no shortcut."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from luwte.desk.wishes.rules import Choice, Quiet

MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
AHEAD = 1096
QUARTER = timedelta(minutes=15)


@lru_cache(maxsize=50_000)
def next_allowed(rhythm: str, last: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment that `rhythm` allows after `last`, found by walking over the calendar."""
    if rhythm == "each":
        return last
    if rhythm == "weekly":
        return later_by(last, timedelta(days=7), zone)
    day = last.astimezone(zone).replace(tzinfo=None, fold=0)
    changes, wanted = 0, day.day
    while changes < MONTHS[rhythm] or (changes == MONTHS[rhythm] and day.day != wanted):
        following = day + timedelta(days=1)
        changes += following.month != day.month
        day = following
    return _moment(day, zone)


def later_by(last: datetime, between: timedelta, zone: ZoneInfo) -> datetime:
    """Return when `between` is over on the wall and in elapsed time."""
    wall = last.astimezone(zone).replace(tzinfo=None, fold=0) + between
    return max(_moment(wall, zone), (last + between).astimezone(UTC))


def _moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """The last moment, in UTC, at which a clock on the wall shows `wall`; in a gap, the moment after it."""
    both = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return both[0] if both[0] > both[1] else both[1]


def first_open(start: datetime, choice: Choice, quiets: Sequence[Quiet], zone: ZoneInfo) -> datetime | None:
    """Return the first moment from `start` on that the wish and the quiet periods leave open."""
    local = start.astimezone(zone)
    if _day_open(local.date(), choice, quiets) and _hour_open(local.hour, choice):
        return start
    for ahead in range(AHEAD):
        day = local.date() + timedelta(days=ahead)
        if not _day_open(day, choice, quiets):
            continue
        for moment in _quarters(day, zone):
            if moment >= start and _hour_open(moment.astimezone(zone).hour, choice):
                return moment
    return None


def _day_open(day: date, choice: Choice, quiets: Sequence[Quiet]) -> bool:
    if choice.weekday is not None and day.weekday() != choice.weekday:
        return False
    return not any(is_quiet(quiet, day) for quiet in quiets)


def _hour_open(hour: int, choice: Choice) -> bool:
    return hour in range(choice.hours[0], choice.hours[1])


@lru_cache(maxsize=20_000)
def _quarters(day: date, zone: ZoneInfo) -> list[datetime]:
    """Every quarter of an hour (where each zone changes its clock) that falls on `day` in `zone`."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    moments = [noon + number * QUARTER for number in range(-36 * 4, 36 * 4)]
    return [moment for moment in moments if moment.astimezone(zone).date() == day]


def is_quiet(quiet: Quiet, day: date) -> bool:
    """Return whether `day` falls in the period, counted out day by day."""
    if not quiet.yearly:
        return quiet.first <= day and not day > quiet.last
    return (day.month, day.day) in _yearly_days(quiet.first, quiet.last, _leap(day.year))


@lru_cache(maxsize=5_000)
def _yearly_days(first: date, last: date, leap: bool) -> frozenset[tuple[int, int]]:
    begin, end = (first.month, first.day), (last.month, last.day)
    days = {(2, 28)} if begin == (2, 29) and not leap else set()
    if end == (2, 29) and not leap:
        days.add((3, 1))
    day = date(2024, *begin)
    for _ in range(366):
        days.add((day.month, day.day))
        if (day.month, day.day) == end:
            return frozenset(days)
        day = (day + timedelta(days=1)).replace(year=2024)
    raise AssertionError("a period that never ends")


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
