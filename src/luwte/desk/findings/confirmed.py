"""What reviewers decided, as counts of files. Plain values: no framework, no clock, no database.

A report says how many files a cluster has, never which. A file may stand in clusters of two entries, so files
of confirmed clusters are not simply added: as many as may be the same ones are taken off. Like every count of
a finding this reads "at least so many files", and a report that is taken in twice or in another order changes
nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from luwte.desk.findings.rules import Files, SeriesCount


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What one report says of one series: `files` that resemble it, how many of them each entry has, and how
    many of those are in its `confirmed` clusters."""

    files: int
    entries: Mapping[str, int]
    confirmed: Mapping[str, int]

    def shares(self, without: Collection[str] = ()) -> dict[str, int]:
        """Return the confirmed files by entry, each file once, entries in `without` left out."""
        counted = {
            entry: min(files, self.entries.get(entry, 0))
            for entry, files in self.confirmed.items()
            if entry not in without
        }
        doubled = max(0, sum(self.entries.values()) - self.files)
        left = max(max(counted.values(), default=0), sum(counted.values()) - doubled)
        shares = {}
        for entry in sorted(counted):
            shares[entry] = min(counted[entry], left)
            left -= shares[entry]
        return shares


def confirmed_files(series: Iterable[Iterable[Reviewed]], held: Collection[str] = ()) -> Files:
    """Return the confirmed files of one person in one case; those of entries that are `held` stand apart."""
    reports = [list(one) for one in series]
    sound = sum(_highest(one, held) for one in reports)
    return Files(sound, max(0, sum(_highest(one, ()) for one in reports) - sound))


def not_rejected(found: SeriesCount, rejected: Mapping[str, int]) -> SeriesCount:
    """Return what is left of files that are the same picture without `rejected` clusters (files by entry)."""
    entries = {entry: max(0, files - rejected.get(entry, 0)) for entry, files in found.entries.items()}
    gone = sum(min(files, found.entries.get(entry, 0)) for entry, files in rejected.items())
    return SeriesCount(max(max(entries.values(), default=0), found.files - gone), entries)


def _highest(reports: Iterable[Reviewed], without: Collection[str]) -> int:
    highest: dict[str, int] = {}
    for report in reports:
        for entry, files in report.shares(without).items():
            highest[entry] = max(highest.get(entry, 0), files)
    return sum(highest.values())
