"""What a year of review leaves in the list: confirmed files, and rejected pairs as the project keeps them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bench.review_values import Question
from bench.review_world import File, World
from luwte.desk.review.rules import Outcome
from luwte.lab.recognition.verdicts import PDQ_RADIUS
from luwte.lab.reference.hamming import HASH_BYTES
from luwte.lab.reference.rejected import RejectedPairs

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday."""


class Columns:
    """Rejected pairs as columns of a list, for `RejectedPairs`."""

    def __init__(self, pairs: Iterable[tuple[int, bytes, bytes]], listed: Mapping[int, bytes]) -> None:
        rows = sorted(pairs)
        entries = sorted({entry for entry, _, _ in rows})
        self.rejected_entry = np.array([row[0] for row in rows], np.uint32)
        self.rejected_sha256 = _hashes(row[1] for row in rows)
        self.rejected_pdq = _hashes(row[2] for row in rows)
        self.pdq_entry = np.array(entries, np.uint32)
        self.pdq = _hashes(listed[entry] for entry in entries)


def _hashes(rows: Iterable[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(rows), np.uint8).reshape(-1, HASH_BYTES)


class Memory:
    """What was decided, and the list that is made of it every so many days."""

    def __init__(self, world: World) -> None:
        self._world, self._made = world, BEGIN
        self._confirmed: set[tuple[int, bytes]] = set()
        self._rejected: set[tuple[int, bytes, bytes]] = set()
        self._listed: frozenset[tuple[int, bytes]] = frozenset()
        self._pairs = RejectedPairs(Columns((), world.listed))
        self._shown: defaultdict[int, set[bytes]] = defaultdict(set)

    def note(self, question: Question, found: Outcome) -> None:
        """Keep what was decided of the files of a question, for the next list."""
        for file in question.members.values():
            if found is Outcome.CONFIRMED:
                self._confirmed.add((file.series, file.name))
                self._shown[file.entry].add(file.pdq)
            elif found is Outcome.REJECTED:
                self._rejected.add((file.entry, file.name, file.pdq))

    def renew(self, now: datetime) -> None:
        """Make the list anew when that is due."""
        if now - self._made >= timedelta(days=self._world.assumed.bundle_days):
            self._made, self._listed = now, frozenset(self._confirmed)
            self._pairs = RejectedPairs(Columns(self._rejected, self._world.listed))

    def knows_copy(self, file: File) -> bool:
        """Return whether a file of that entry within reach of `file` was confirmed before, on any carrier."""
        return any(
            (int.from_bytes(file.pdq) ^ int.from_bytes(one)).bit_count() <= PDQ_RADIUS
            for one in self._shown[file.entry]
        )

    def is_listed(self, file: File) -> bool:
        """Return whether the list has the digest of `file`, because it was confirmed."""
        return (file.series, file.name) in self._listed

    def rejects(self, file: File) -> bool:
        """Return whether the list says of `file`, or a copy of it, that it does not show the entry."""
        shown = file.pdq if file.whole else None
        return self._pairs.rejects(file.entry, file.name, shown, PDQ_RADIUS)
