"""How counts are made from reports. Plain values: no framework, no clock, no database.

A report cannot say whether it reads a carrier for the second time or another carrier of the same case. So
counts are put together entry by entry (an entry is one known image): of each entry the highest count that any
one report gives holds. Reading the same carrier again, or taking reports in another order, never changes a
count; another carrier adds the images that were not seen before. A count reads "at least so many files".

A file does not stay what it was. One that was near and that reviewers confirmed is remembered in the list,
and is identical when it is scanned again. So it is what one report says of an entry that is added up first,
identical and confirmed together, and the highest of these sums that holds: each is of different files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


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


class Tally(NamedTuple):
    """Files of one entry, each once: identical, the same picture, or near.

    Of the latter two so many were `confirmed` by reviewers.
    """

    identical: int = 0
    same_picture: int = 0
    near: int = 0
    confirmed: int = 0


class Total(NamedTuple):
    """At least so many files, as in `Tally`, and those that are certain by held entries alone."""

    identical: int = 0
    same_picture: int = 0
    near: int = 0
    confirmed: int = 0
    quarantined: int = 0


def highest(tallies: Collection[Tally]) -> Tally:
    """Return the files of one entry by all reports together, given what each of them counts.

    Certain are at most as many as one report gives. What is the same picture, near or confirmed is said
    beyond those that are identical, so that no sum of them holds a file twice.
    """
    identical = max(one.identical for one in tallies)
    alike = max(one.identical + one.same_picture for one in tallies)
    certain = max(one.identical + one.confirmed for one in tallies)
    seen = max(one.identical + max(one.same_picture + one.near, one.confirmed) for one in tallies)
    return Tally(identical, alike - identical, seen - alike, certain - identical)


def at_least(reports: Iterable[Mapping[str, Tally]], held: Collection[str] = ()) -> Total:
    """Return how many files of one series there are at least, given the tally of each entry in each report.

    Of entries that are `held` no file is certain; those that would be stand in `quarantined`.
    """
    found: defaultdict[str, list[Tally]] = defaultdict(list)
    for report in reports:
        for entry, tally in report.items():
            found[entry].append(tally)
    counted = {entry: highest(tallies) for entry, tallies in found.items()}
    sound = [tally for entry, tally in counted.items() if entry not in held]
    unsure = [tally for entry, tally in counted.items() if entry in held]
    return Total(
        sum(one.identical for one in sound),
        sum(one.same_picture for one in sound),
        sum(one.near for one in counted.values()),
        sum(one.confirmed for one in sound),
        sum(most_certain(one.identical, one.same_picture, one.confirmed) for one in unsure),
    )


def total(series: Iterable[Iterable[Mapping[str, Tally]]], held: Collection[str] = ()) -> Total:
    """Return the files of one person in one case: the sum over the series that show the person."""
    counts = [at_least(reports, held) for reports in series]
    return Total(*map(sum, zip(*counts, strict=True))) if counts else Total()


def most_certain(identical: int, same_picture: int, confirmed: int) -> int:
    """Return the files that can be certain at all: those confirmed may be among the same pictures."""
    return identical + max(same_picture, confirmed)


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
