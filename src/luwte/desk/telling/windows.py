"""T7: when a contact may come: the first moment in no quiet period, on the weekday and in the hours chosen.

Moments are in UTC; days and hours are those that a clock in the zone shows. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from luwte.desk.wishes.rules import Choice, Quiet

DAYS_AHEAD = 1096
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_STEP = timedelta(minutes=15)
"""Every time zone of today differs from UTC, and changes its clock, by whole quarters of an hour."""


def is_quiet(quiets: Sequence[Quiet], day: date) -> bool:
    """Return whether `day` is in a quiet period."""
    return any(quiet.covers(day) for quiet in quiets)


def first_open(start: datetime, choice: Choice, quiets: Sequence[Quiet], zone: ZoneInfo) -> datetime | None:
    """Return the first open moment at or after `start` (UTC), or None when `DAYS_AHEAD` days have none."""
    if choice.weekday is None and choice.hours == (0, 24) and not quiets:
        return start
    local = start.astimezone(zone)
    if _day_open(local.date(), choice, quiets) and _in_hours(local, choice):
        return start
    for day in _open_days(local.date(), choice, quiets):
        opening = _opening(day, start, choice, zone)
        if opening is not None:
            return opening
    return None


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment (UTC) when a clock in `zone` shows `day`, or a later day if it skips that."""
    moment = min(_shown(day, 0, zone))
    while moment.astimezone(zone).date() < day:
        moment += _STEP
    return moment


def _open_days(first: date, choice: Choice, quiets: Sequence[Quiet]) -> Iterator[date]:
    days = (first + count * _DAY for count in range(DAYS_AHEAD))
    return (day for day in days if _day_open(day, choice, quiets))


def _day_open(day: date, choice: Choice, quiets: Sequence[Quiet]) -> bool:
    return (choice.weekday is None or day.weekday() == choice.weekday) and not is_quiet(quiets, day)


def _in_hours(local: datetime, choice: Choice) -> bool:
    return choice.hours[0] <= local.hour < choice.hours[1]


def _opening(day: date, start: datetime, choice: Choice, zone: ZoneInfo) -> datetime | None:
    """Return the first moment of `day` within the hours, at or after `start`, which itself is not open.

    Where the clock is changed within the hours, each quarter is looked at: the first hour may be skipped or
    come twice.
    """
    first, last = choice.hours
    begins, ends = min(_shown(day, first, zone)), max(_shown(day, last, zone))
    if _shows(begins, day, choice, zone):
        if begins >= start:
            return begins
        if ends - begins == (last - first) * _HOUR:
            return None
    moment = max(begins, _quarter(start))
    while moment < ends:
        if _shows(moment, day, choice, zone):
            return moment
        moment += _STEP
    return None


def _shows(moment: datetime, day: date, choice: Choice, zone: ZoneInfo) -> bool:
    local = moment.astimezone(zone)
    return local.date() == day and _in_hours(local, choice)


def _shown(day: date, hour: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return both moments (UTC) that may be meant by `hour` (24: the end of the day) of `day`."""
    wall = datetime.combine(day, time(), zone) + hour * _HOUR
    return wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)


def _quarter(moment: datetime) -> datetime:
    """Return the first whole quarter of an hour at or after `moment`."""
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment + (_STEP - past if past else past)
