"""Which references share local codes with a picture. Never approximate: a miss is a person not told."""

from __future__ import annotations

import os
from threading import Lock
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from luwte.base.errors import BadInput
from luwte.lab.fingerprints.keypoints import Keypoints, best
from luwte.lab.fingerprints.local_codes import CODE_BYTES, MOST_CODES, SEED_BYTES, LocalCodes, Rotation
from luwte.lab.reference import codes_numpy

try:
    from luwte import _native
except ImportError:
    ENGINE = "numpy"
else:
    ENGINE = "native"

CODE_RADIUS = 12
"""Bits in which a code of a picture may differ from that of a reference it votes for."""
ASKED = 128
"""Codes of a picture that are looked up, the best; more find hardly anything more."""
MOST_CANDIDATES = 8
"""References that are given at most for a picture as it is, and as many for it mirrored."""
LEAST_VOTES = 2
"""One code that is alike says nothing of a place."""
WORTHWHILE = 3 << 14
"""Codes of a list from which on tables cost less than comparing all pairs."""
MOST = (1 << 32) - 2


class CodeColumns(Protocol):
    """What a bundle holds of the local codes of R references, C codes in all."""

    @property
    def codes(self) -> NDArray[np.uint8]:
        """The codes (C, 20), reference by reference."""

    @property
    def coded_entry(self) -> NDArray[np.uint32]:
        """The entry of each reference (R,), ascending; frames of a video are references of one entry."""

    @property
    def coded_count(self) -> NDArray[np.uint8]:
        """How many codes each reference has (R,), 1 to 64."""

    @property
    def coded_frame(self) -> NDArray[np.uint8]:
        """Width and height of each reference in steps (R, 2)."""

    @property
    def rotation(self) -> NDArray[np.uint8]:
        """The seed (32,), or nothing (0,) when there are no codes."""


class Candidate(NamedTuple):
    """An entry that may show what a picture shows, `mirrored` or not, and how many of its codes were met.

    `reference` is the number of the picture or frame, among all that have codes in the list.
    """

    entry: int
    mirrored: bool
    votes: int
    reference: int


class CodeList:
    """The local codes of a list, read in place, ready to be searched; any thread may ask.

    Tables of 18 to 20 bytes a code are made at the first question to a list of at least WORTHWHILE codes, on
    all cores. Without memory for them, or without the compiled core, all pairs are compared: slower, the same
    answers. Raises `BadInput` when the columns contradict each other.
    """

    def __init__(self, columns: CodeColumns) -> None:
        _check(columns)
        self._columns = columns
        self._ends = np.cumsum(columns.coded_count, dtype=np.int64)
        self._rotation = Rotation(columns.rotation.tobytes()) if len(columns.rotation) else None
        make = codes_numpy.Codes if ENGINE == "numpy" else _native.Codes
        self._codes = make(np.ascontiguousarray(columns.codes), np.ascontiguousarray(columns.coded_count))
        self._indexable = len(columns.codes) >= WORTHWHILE
        self._indexing = Lock()

    def __len__(self) -> int:
        """The number of references that have local codes."""
        return len(self._columns.coded_entry)

    @property
    def rotation(self) -> Rotation:
        """The rotation under which the codes were made; raises `BadInput` for a list that has none."""
        if self._rotation is None:
            raise BadInput("This list holds no local codes, so there is nothing to compare local codes with.")
        return self._rotation

    def of(self, entry: int) -> LocalCodes:
        """Return the local codes of `entry`, a video's first ones; raises `KeyError` when it has none."""
        row = int(np.searchsorted(self._columns.coded_entry, entry))
        if row == len(self) or int(self._columns.coded_entry[row]) != entry:
            raise KeyError(entry)
        return self.at(row)

    def at(self, reference: int) -> LocalCodes:
        """Return the local codes of reference number `reference`; raises `IndexError` for one beyond all."""
        row = range(len(self))[reference]
        width, height = self._columns.coded_frame[row].tolist()
        end, count = int(self._ends[row]), int(self._columns.coded_count[row])
        return LocalCodes(width, height, self._columns.codes[end - count : end])

    def references(self, entry: int) -> range:
        """Return the numbers of the references that are `entry`: of a picture one, of a video its frames."""
        first, end = np.searchsorted(self._columns.coded_entry, (entry, entry + 1)).tolist()
        return range(first, end)

    def find(self, keypoints: Keypoints) -> list[Candidate]:
        """Return the entries that share most with a picture, the best first: at most 8 upright, 8 mirrored.

        A code of the picture votes for an entry when one of its codes is within CODE_RADIUS bits; a vote
        weighs more, the fewer entries it is for. A list of no codes has no candidates.
        """
        if not len(self) or not len(keypoints):
            return []
        self._ready()
        asked = best(keypoints, ASKED)
        found = [(*one, False) for one in self._best(asked)]
        found += [(*one, True) for one in self._best(asked.mirrored())]
        found.sort(key=lambda one: one[:2], reverse=True)
        entries = self._columns.coded_entry
        return [Candidate(int(entries[row]), mirrored, votes, row) for _, votes, row, mirrored in found]

    def _best(self, keypoints: Keypoints) -> list[tuple[int, int, int]]:
        """Return weight, votes and number of the references that are worth a closer look, the best first."""
        bits = self.rotation.bits(keypoints.descriptors)
        rows, votes, weights = self._codes.best(bits, CODE_RADIUS, MOST_CANDIDATES)
        found = zip(weights.tolist(), votes.tolist(), rows.tolist(), strict=True)
        return [one for one in found if one[1] >= LEAST_VOTES]

    def _ready(self) -> None:
        with self._indexing:
            if self._indexable:
                self._indexable = False
                try:
                    self._codes.index(len(os.sched_getaffinity(0)))
                except MemoryError:
                    return


def _check(columns: CodeColumns) -> None:
    """Raise `BadInput` for columns that are not those of one list."""
    counts = columns.coded_count
    fits = (
        columns.codes.shape[1:] == (CODE_BYTES,)
        and len(columns.codes) == int(counts.sum(dtype=np.int64)) <= MOST
        and len(counts) == len(columns.coded_entry) == len(columns.coded_frame)
        and (not len(counts) or 1 <= int(counts.min()) <= int(counts.max()) <= MOST_CODES)
        and len(columns.rotation) in ((SEED_BYTES,) if len(counts) else (0, SEED_BYTES))
    )
    if not fits:
        raise BadInput("The local codes of this list contradict each other; ask for the list anew.")
