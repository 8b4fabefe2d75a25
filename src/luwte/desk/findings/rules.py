"""How counts are made from reports. Plain values: no framework, no clock, no database.

A report cannot say whether it reads a carrier for the second time or another carrier of the same case. So
counts are put together entry by entry (an entry is one known image): of each entry the highest count that any
one report gives holds. Reading the same carrier again, or taking reports in another order, never changes a
count; another carrier adds the images that were not seen before. A count reads "at least so many files".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeriesCount:
    """What one report says of one series: `files` that match it, and how many match each of its `entries`.

    A file that matches two entries is one file, so `files` may be less than the sum over `entries`.
    """

    files: int
    entries: Mapping[str, int]

    def spread(self) -> dict[str, int]:
        """Return the files shared out over the entries, so that each counts for one entry only."""
        left, shares = self.files, {}
        for entry in sorted(self.entries):
            shares[entry] = min(self.entries[entry], left)
            left -= shares[entry]
        return shares


def at_least(reports: Iterable[SeriesCount]) -> int:
    """Return how many files of one series there are at least, by all reports on one case together."""
    highest: dict[str, int] = {}
    for report in reports:
        for entry, count in report.spread().items():
            highest[entry] = max(highest.get(entry, 0), count)
    return sum(highest.values())


def total(series: Iterable[Iterable[SeriesCount]]) -> int:
    """Return the files of one person in one case: the sum over the series that show the person."""
    return sum(at_least(reports) for reports in series)
