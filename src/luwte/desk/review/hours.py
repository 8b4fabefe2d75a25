"""When a reviewer may look: after acute work, within the day's budget, no longer than is bearable. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the authority sets. Hours go by the clock of the authority: from `from_hour` until `to_hour`.

    `acute`: acute work is waiting. `minutes_a_day` is for all reviewers together, the others for each.
    """

    acute: bool = False
    from_hour: int = 9
    to_hour: int = 17
    minutes_a_day: int = 120
    items_a_day: int = 40
    minutes_in_a_row: int = 30
    pause: int = 15


@dataclass(frozen=True, slots=True)
class Span:
    """One look: whose, from when until when; of one that is not over, until now."""

    reviewer: str
    begins: datetime
    ends: datetime


class Why(StrEnum):
    """Why nothing is put before a reviewer now."""

    ACUTE = "acute"
    HOURS = "hours"
    BUDGET = "budget"
    ITEMS = "items"
    PAUSE = "pause"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class NotNow:
    """Why not now, and from when it may be otherwise; None when that does not follow from the clock."""

    why: Why
    until: datetime | None = None


def reach(limits: Limits) -> timedelta:
    """Return how long before now the last stretch without a pause may have begun, beside one look."""
    return (limits.minutes_in_a_row + 2 * limits.pause) * MINUTE


def not_now(limits: Limits, looks: Iterable[Span], reviewer: str, now: datetime) -> NotNow | None:
    """Return why `reviewer` gets nothing at `now`, or None. All moments are on the authority's clock.

    `looks` holds those of everyone that began on this day, and before it those within `reach`: a day's
    minutes and items begin anew at midnight, minutes in a row do not. Acute work comes before everything.
    """
    looks = sorted(looks, key=lambda one: (one.begins, one.ends))
    mine = [one for one in looks if one.reviewer == reviewer]
    today = [one for one in looks if one.begins.date() == now.date()]
    if limits.acute:
        return NotNow(Why.ACUTE)
    if not limits.from_hour <= now.hour < limits.to_hour:
        return NotNow(Why.HOURS)
    if sum((one.ends - one.begins for one in today), timedelta()) >= limits.minutes_a_day * MINUTE:
        return NotNow(Why.BUDGET)
    if sum(one.reviewer == reviewer for one in today) >= limits.items_a_day:
        return NotNow(Why.ITEMS)
    rest = _rest(limits, mine, now)
    return NotNow(Why.PAUSE, rest) if rest is not None else None


def _rest(limits: Limits, mine: list[Span], now: datetime) -> datetime | None:
    """Return until when a reviewer rests who looked too long without a pause; None when not."""
    begin = end = None
    for one in mine:
        if begin is None or end is None or one.begins - end >= limits.pause * MINUTE:
            begin, end = one.begins, one.ends
        end = max(end, one.ends)
    if begin is None or end is None or end - begin < limits.minutes_in_a_row * MINUTE:
        return None
    rested = end + limits.pause * MINUTE
    return rested if rested > now else None
