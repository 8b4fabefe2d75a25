"""What reviewers decided, as counts of files. Plain values: no framework, no clock, no database.

A report says how many files a cluster has, never which. A file may stand in clusters of two entries, so files
of confirmed clusters are not simply added: as many as may be the same ones are taken off.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from luwte.desk.findings.rules import SeriesCount


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What one report says of one series: `files` that resemble it, how many of them each entry has, and how
    many of those are in its `confirmed` clusters."""

    files: int
    entries: Mapping[str, int]
    confirmed: Mapping[str, int]

    def shares(self, held: Collection[str] = ()) -> dict[str, int]:
        """Return the confirmed files by entry, each file once.

        Entries that are `held` get what the others leave, and take nothing from them.
        """
        counted = {entry: min(files, self.entries.get(entry, 0)) for entry, files in self.confirmed.items()}
        sound = {entry: files for entry, files in counted.items() if entry not in held}
        shares = SeriesCount(self._most(sound), sound).spread()
        rest = {entry: files for entry, files in counted.items() if entry in held}
        return shares | SeriesCount(self._most(counted) - sum(shares.values()), rest).spread()

    def _most(self, counted: Mapping[str, int]) -> int:
        """Return how many different files these are at least."""
        doubled = max(0, sum(self.entries.values()) - self.files)
        return max(max(counted.values(), default=0), sum(counted.values()) - doubled)


def not_rejected(found: SeriesCount, rejected: Mapping[str, int]) -> SeriesCount:
    """Return what is left of files that are the same picture without `rejected` clusters (files by entry)."""
    entries = {entry: max(0, files - rejected.get(entry, 0)) for entry, files in found.entries.items()}
    gone = sum(min(files, found.entries.get(entry, 0)) for entry, files in rejected.items())
    return SeriesCount(max(max(entries.values(), default=0), found.files - gone), entries)
