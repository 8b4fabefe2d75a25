"""A list of hashes that is searched again and again: brute force first, an index once that pays."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from luwte.lab.reference.hamming import HASH_BYTES, Matches, as_hashes, radius_search

try:
    from luwte._native import Bands
except ImportError:
    Bands = None  # type: ignore[assignment, misc]

WORTHWHILE = 1_000_000
MOST = 1 << 32
QUERIES_BEFORE = 8_192


class NearList:
    """Hashes (N, 32) of uint8 that can be searched, added to and taken from; a hash keeps its row for good.

    An index takes at most half a gigabyte, and 44 bytes a hash. It is made when a list of at least
    WORTHWHILE hashes has been asked QUERIES_BEFORE times: by then comparing all pairs has cost about what
    making it costs, so a short scan never waits for it and a long one soon has it. Without memory for it, or
    without the compiled core, all pairs are compared. So is what is added later.
    """

    def __init__(self, hashes: NDArray[np.uint8]) -> None:
        self._indexed = as_hashes(hashes, "hashes")
        self._added = np.zeros((0, HASH_BYTES), np.uint8)
        self._removed = np.zeros(len(hashes), bool)
        self._asked = 0
        self._indexable = Bands is not None and WORTHWHILE <= len(hashes) < MOST
        self._bands: Bands | None = None

    def __len__(self) -> int:
        """The number of rows, those taken out among them."""
        return len(self._removed)

    def add(self, hashes: NDArray[np.uint8]) -> range:
        """Add `hashes` and return their rows."""
        first = len(self)
        self._added = np.concatenate([self._added, as_hashes(hashes, "hashes")])
        self._removed = np.concatenate([self._removed, np.zeros(len(hashes), bool)])
        return range(first, len(self))

    def remove(self, rows: NDArray[np.intp]) -> None:
        """Let nothing match the hashes in `rows` any more; raises IndexError for a row that is not there."""
        self._removed[rows] = True

    def search(self, queries: NDArray[np.uint8], radius: int) -> Matches:
        """Return what `radius_search` returns for the hashes that are in the list, and raise as it does."""
        asked = as_hashes(queries, "queries")
        parts = [self._in_indexed(asked, radius)]
        if len(self._added):
            found = radius_search(asked, self._added, radius)
            parts.append(found._replace(reference=found.reference + len(self._indexed)))
        return self._without_removed(_joined(parts))

    def _in_indexed(self, queries: NDArray[np.uint8], radius: int) -> Matches:
        bands = self._ready(len(queries))
        if bands is None or not 0 <= radius <= bands.widest_radius:
            return radius_search(queries, self._indexed, radius)
        found, left = bands.search(queries, radius)
        if not len(left):
            return Matches(*found)
        rest = radius_search(queries[left], self._indexed, radius)
        return _joined([Matches(*found), rest._replace(query=left[rest.query])])

    def _ready(self, queries: int) -> Bands | None:
        """The index, made when it is due; None before, and where it cannot be made."""
        self._asked += queries
        if self._bands is None and self._indexable and self._asked >= QUERIES_BEFORE:
            try:
                self._bands = Bands(self._indexed, len(os.sched_getaffinity(0)))
            except MemoryError:
                self._indexable = False
        return self._bands

    def _without_removed(self, found: Matches) -> Matches:
        if not self._removed.any():
            return found
        kept = ~self._removed[found.reference]
        return Matches(found.query[kept], found.reference[kept], found.distance[kept])


def _joined(parts: list[Matches]) -> Matches:
    """Parts whose rows ascend for any one query, as one."""
    if len(parts) == 1:
        return parts[0]
    query = np.concatenate([part.query for part in parts])
    order = np.argsort(query, kind="stable")
    return Matches(
        query[order],
        np.concatenate([part.reference for part in parts])[order],
        np.concatenate([part.distance for part in parts])[order],
    )
