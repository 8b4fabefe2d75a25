"""When an entry matches far above its baseline. Plain values: no framework, no clock, no database.

A picture that anyone may have (a logo, a stock photo, an empty frame) that got into a list by mistake shows
up in many cases at once. So for every window of seven days that ends with a sighting, the distinct cases in
it are held against the mean of the 52 weeks before it: more than `FLOOR` cases and more than `FACTOR` times
that mean is sudden. The answer follows from the set of sightings alone, never from the order of reports.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

FLOOR = 5
FACTOR = 10
WINDOW = timedelta(weeks=1)
YEAR = 52


@dataclass(frozen=True, slots=True)
class Burst:
    """A window of seven days, up to `until`, with `cases` in it; `baseline`: the mean of the weeks before."""

    until: datetime
    cases: int
    baseline: float


def burst(sightings: Iterable[datetime]) -> Burst | None:
    """Return the first sudden window of an entry, given when each case first showed it; None without one.

    The 52 weeks before the window are always divided by 52: a young register knows no baseline, and then the
    stricter side asks a human once.
    """
    seen = sorted(sightings)
    week = year = end = 0
    while end < len(seen):
        until = seen[end]
        while end < len(seen) and seen[end] == until:
            end += 1
        while seen[week] <= until - WINDOW:
            week += 1
        while seen[year] <= until - WINDOW * (YEAR + 1):
            year += 1
        cases, baseline = end - week, (week - year) / YEAR
        if cases > max(FLOOR, FACTOR * baseline):
            return Burst(until, cases, baseline)
    return None
