"""The calendar of a rhythm, in the person's own time zone. No framework, no clock, no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from luwte.desk.wishes.rules import Rhythm

WEEK = timedelta(days=7)
_MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.YEARLY: 12}


def days_later(moment: datetime, step: timedelta, zone: ZoneInfo) -> datetime:
    """Return the first moment that lies `step` after `moment`, both on the wall and in elapsed time (UTC).

    A change to or from daylight saving makes a local day of 23 or 25 hours; the later of the two is taken,
    so that neither reading of "in any week" is ever exceeded.
    """
    wall = _resolve(moment.astimezone(zone).replace(tzinfo=None) + step, zone)
    return max(wall, moment.astimezone(UTC) + step)


def months_later(moment: datetime, months: int, zone: ZoneInfo) -> datetime:
    """Return the same wall time `months` calendar months after `moment` (UTC).

    A day that the month does not have (31 April, 29 February) becomes the first of the month after: later,
    never sooner.
    """
    local = moment.astimezone(zone).replace(tzinfo=None)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    try:
        day = date(year, month + 1, local.day)
    except ValueError:
        day = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return _resolve(datetime.combine(day, local.time()), zone)


def due_after(rhythm: Rhythm, last: datetime, zone: ZoneInfo) -> datetime:
    """Return from when `rhythm` allows a contact after one at `last` (UTC); `each` allows it at once."""
    if rhythm == Rhythm.WEEKLY:
        return days_later(last, WEEK, zone)
    if rhythm in _MONTHS:
        return months_later(last, _MONTHS[rhythm], zone)
    return last


def _resolve(wall: datetime, zone: ZoneInfo) -> datetime:
    """A wall time that comes twice is taken the second time; one that is skipped, after the gap."""
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    return max(first.astimezone(UTC), second.astimezone(UTC))
