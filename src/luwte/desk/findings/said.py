"""What one report says of one series, shared out over its entries. Plain values, no database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from luwte.desk.findings.confirmed import Reviewed, not_rejected
from luwte.desk.findings.rules import SeriesCount, Tally


class Fallen(NamedTuple):
    """Files of an entry that are not identical to it any more, and what they are instead."""

    same_picture: int = 0
    near: int = 0

    def plus(self, other: Fallen) -> Fallen:
        """Return both together."""
        return Fallen(self.same_picture + other.same_picture, self.near + other.near)


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

    def without(self, fallen: Mapping[str, Fallen]) -> Said:
        """Return what stands where the files of `fallen`, by entry, are identical to nothing any more."""
        if not fallen:
            return self
        entries = {
            entry: _less(counts, fallen.get(entry, Fallen())) for entry, counts in self.entries.items()
        }
        same, near = (sum(one[kind] for one in fallen.values()) for kind in range(2))
        most = max((counts[0] for counts in entries.values()), default=0)
        return replace(
            self,
            identical=max(most, self.identical - same - near),
            near=self.near + near,
            same_picture=self.same_picture + same,
            entries=entries,
        )

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


def _less(counts: Sequence[int], fallen: Fallen) -> tuple[int, int, int]:
    identical, near, same_picture = counts
    left = max(0, identical - fallen.same_picture - fallen.near)
    return left, near + fallen.near, same_picture + fallen.same_picture
