"""Counting days, months and years as the law does. No framework, no clock, no database.

The day that sets a term going does not count. A term of months or years ends on the day of the same number,
or on the last day of a month that has no such day. Hours are whole days here, rounded down to be strict.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
"""No day outside these is computed with."""
HOURS_A_DAY = 24


class Unit(StrEnum):
    """What a term is counted in."""

    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


def later(day: date, count: int, unit: Unit) -> date:
    """Return the last day of a term of `count` units after `day`; a negative count goes back.

    Days beyond `FIRST` or `LAST` become these.
    """
    if unit == Unit.MONTHS:
        return _months(day, count)
    if unit == Unit.YEARS:
        return _months(day, 12 * count)
    days = count if unit == Unit.DAYS else count // HOURS_A_DAY
    return date.fromordinal(min(max(day.toordinal() + days, FIRST.toordinal()), LAST.toordinal()))


def rolled(day: date) -> date:
    """Return `day`, or the Monday after when it is a Saturday or a Sunday."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= 5 else day


def birthday(born: date, age: int, *, leap_early: bool) -> date:
    """Return the day on which someone reaches `age`.

    Who was born on 29 February does so in a common year on the 28th when `leap_early`, else on 1 March.
    """
    year = min(born.year + age, LAST.year)
    if (born.month, born.day) == (2, 29) and monthrange(year, 2)[1] == 28:
        return date(year, 2, 28) if leap_early else date(year, 3, 1)
    return born.replace(year=year)


def _months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not FIRST.year <= year <= LAST.year:
        return FIRST if year < FIRST.year else LAST
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
