"""What one report says of one series, shared out over its entries. Plain values, no database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from luwte.desk.findings.confirmed import Reviewed, not_rejected
from luwte.desk.findings.rules import SeriesCount, Tally


@dataclass(frozen=True, slots=True)
class Said:
    """Files of a series in one report: `identical`, `near` and the `same_picture`, and those of its entries.

    `entries`: id -> (identical, near, same picture). `confirmed` and `rejected` are files of clusters that
    reviewers decided on, by entry; of the rejected ones, those that were said to be the same picture.
    """

    identical: int
    near: int
    same_picture: int
    entries: Mapping[str, Sequence[int]]
    confirmed: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)

    def tallies(self, held: Collection[str] = ()) -> dict[str, Tally]:
        """Return the files of each entry, each file with one entry, one that is not `held` where it can."""
        identical = SeriesCount(self.identical, self._of(0)).spread(held)
        near = SeriesCount(self.near, self._of(1)).spread(held)
        same = not_rejected(SeriesCount(self.same_picture, self._of(2)), self.rejected).spread(held)
        alike = {entry: counts[1] + counts[2] for entry, counts in self.entries.items()}
        confirmed = Reviewed(self.near + self.same_picture, alike, self.confirmed).shares(held)
        return {
            entry: Tally(identical[entry], same[entry], near[entry], confirmed.get(entry, 0))
            for entry in self.entries
        }

    def _of(self, kind: int) -> dict[str, int]:
        return {entry: counts[kind] for entry, counts in self.entries.items()}
