"""How counts are made from reports. Plain values: no framework, no clock, no database.

A report cannot say whether it reads a carrier for the second time or another carrier of the same case. So
counts are put together entry by entry (an entry is one known image): of each entry the highest count that any
one report gives holds. Reading the same carrier again, or taking reports in another order, never changes a
count; another carrier adds the images that were not seen before. A count reads "at least so many files".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeriesCount:
    """What one report says of one series: `files` that match it, and how many match each of its `entries`.

    A file that matches two entries is one file, so `files` may be less than the sum over `entries`.
    """

    files: int
    entries: Mapping[str, int]

    def spread(self, last: Collection[str] = ()) -> dict[str, int]:
        """Return the files shared out over the entries, so that each counts for one entry only.

        Entries in `last` get what the others leave: a file that also matches a sound entry counts for that.
        """
        left, shares = self.files, {}
        for entry in sorted(self.entries, key=lambda entry: (entry in last, entry)):
            shares[entry] = min(self.entries[entry], left)
            left -= shares[entry]
        return shares


@dataclass(frozen=True, slots=True)
class Files:
    """At least so many files: those that count, and those known by quarantined entries alone."""

    sound: int
    quarantined: int


def at_least(reports: Iterable[SeriesCount], quarantined: Collection[str] = ()) -> Files:
    """Return how many files of one series there are at least, by all reports on one case together."""
    highest: dict[str, int] = {}
    for report in reports:
        for entry, count in report.spread(quarantined).items():
            highest[entry] = max(highest.get(entry, 0), count)
    held = sum(count for entry, count in highest.items() if entry in quarantined)
    return Files(sum(highest.values()) - held, held)


def total(series: Iterable[Iterable[SeriesCount]], quarantined: Collection[str] = ()) -> Files:
    """Return the files of one person in one case: the sum over the series that show the person."""
    counts = [at_least(reports, quarantined) for reports in series]
    return Files(sum(count.sound for count in counts), sum(count.quarantined for count in counts))


@dataclass(frozen=True, slots=True)
class Counted:
    """The files of a finding as the rules of telling see them (T12): identical, near, confirmed of those."""

    identical: int
    near: int
    confirmed: int


def for_telling(identical: int, same_picture: int, near: int, confirmed: int, *, accepted: bool) -> Counted:
    """Return what counts for telling. A file that is the same picture is near until a human confirms it.

    Where the authority `accepted` them they count as identical. Some of them may have been confirmed before:
    only what is confirmed beyond their number counts besides, so that no file ever counts twice.
    """
    if not accepted:
        return Counted(identical, near + same_picture, confirmed)
    return Counted(identical + same_picture, near, max(0, confirmed - same_picture))
