"""What waits for administrators and auditors: one line each, most pressing first, with the reason why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

MOST = 20
"""So many lines are shown; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do: what, why now, since when if known, the address of its page. The lowest rank first."""

    rank: int
    what: str
    why: str
    since: datetime | None
    link: str


@dataclass(frozen=True, slots=True)
class Duties:
    """The most pressing of what waits, and how many more there are."""

    shown: tuple[Duty, ...]
    more: int


def in_order(found: Iterable[Duty], now: datetime) -> Duties:
    """Return what presses most first; within one rank the oldest."""
    ordered = sorted(found, key=lambda one: (one.rank, one.since or now, one.what))
    return Duties(tuple(ordered[:MOST]), max(0, len(ordered) - MOST))
