"""Interest on what is owed, and what a payment goes to. Pure; rates are data with their source.

A year's interest bears interest after that year (art. 6:119(2) BW). A payment goes to interest first, and
then to what was awarded (art. 6:44(1) BW). A day is a 365th of a year, and the day of payment bears none;
both are choices that a jurist must confirm. Reckoned in fractions and rounded to a cent, halves upwards,
where somebody asks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from importlib import resources

YEAR = 365
NONE = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """From which day so many hundredths of a percent a year are due."""

    since: date
    points: int


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid on a day: so many cents of interest, and of what was awarded."""

    day: date
    interest: int
    principal: int


@dataclass(frozen=True, slots=True)
class Due:
    """What is still to be paid, in cents: of what was awarded, and of interest."""

    principal: int
    interest: int


@dataclass(frozen=True, slots=True)
class Split:
    """Where the cents of a payment go; `surplus` is owed to whoever paid too much."""

    interest: int
    principal: int
    surplus: int


@cache
def rates(regime: str) -> tuple[Rate, ...]:
    """Return the rates of a regime, oldest first; () for "", which bears no interest.

    Raises `LookupError` for a regime that rates.toml does not have.
    """
    if regime == NONE:
        return ()
    table = tomllib.loads(resources.files(__package__).joinpath("rates.toml").read_text("utf-8"))
    return tuple(Rate(one["since"], one["points"]) for one in table[regime]["rates"])


def regimes() -> frozenset[str]:
    """Return the names of the regimes that there are rates of."""
    return frozenset(tomllib.loads(resources.files(__package__).joinpath("rates.toml").read_text("utf-8")))


def due(awarded: int, since: date | None, regime: str, paid: Iterable[Paid], day: date) -> Due:
    """Return what is due on `day` of `awarded` cents that bear interest from `since` (None: none)."""
    before = sorted((one for one in paid if one.day <= day), key=lambda one: one.day)
    owed = awarded - sum(one.principal for one in before)
    if since is None or day <= since:
        return Due(owed, -sum(one.interest for one in before))
    steps = rates(regime)
    open_, bearing, fresh, at = Fraction(awarded), Fraction(0), Fraction(0), since
    for until, payment in _moments(since, day, before):
        fresh += (open_ + bearing) * _share(steps, at, until)
        at = until
        if payment is None:
            bearing, fresh = bearing + fresh, Fraction(0)
            continue
        open_ -= payment.principal
        bearing, fresh = _less(bearing, fresh, payment.interest)
    return Due(int(open_), _rounded(bearing + fresh))


def split(cents: int, owed: Due) -> Split:
    """Return where a payment of `cents` goes: to interest, to what was awarded, and what is too much."""
    interest = min(cents, max(owed.interest, 0))
    principal = min(cents - interest, max(owed.principal, 0))
    return Split(interest, principal, cents - interest - principal)


def _moments(since: date, day: date, paid: Sequence[Paid]) -> list[tuple[date, Paid | None]]:
    """Return the days on which something changes, in order: payments, anniversaries (None), the last day.

    On an anniversary the year's interest is added before a payment of that day is taken off.
    """
    found: list[tuple[date, int, Paid | None]] = [(max(one.day, since), 1, one) for one in paid]
    found += [(year, 0, None) for year in _anniversaries(since, day)]
    found.append((day, 2, Paid(day, 0, 0)))
    return [(at, one) for at, _, one in sorted(found, key=lambda each: each[:2])]


def _anniversaries(since: date, day: date) -> Iterable[date]:
    for year in range(since.year + 1, day.year + 1):
        leap = (since.month, since.day) == (2, 29) and not (year % 4 == 0 and (year % 100 or year % 400 == 0))
        here = date(year, 3, 1) if leap else since.replace(year=year)
        if here <= day:
            yield here


def _share(steps: Sequence[Rate], start: date, stop: date) -> Fraction:
    """Return the part of a sum that the interest over these days is; nothing is due before the first rate."""
    part = Fraction(0)
    for number, rate in enumerate(steps):
        ends = steps[number + 1].since if number + 1 < len(steps) else date.max
        days = (min(stop, ends) - max(start, rate.since)) // timedelta(days=1)
        part += Fraction(max(days, 0) * rate.points, 10_000 * YEAR)
    return part


def _less(bearing: Fraction, fresh: Fraction, paid: int) -> tuple[Fraction, Fraction]:
    older = min(bearing, Fraction(paid))
    return bearing - older, fresh - (paid - older)


def _rounded(amount: Fraction) -> int:
    return int((2 * amount + 1) // 2)
