"""Exact look-up of digests in NumPy: the readable twin of the compiled core, serving where no compiler is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_PREFIX = 8


class Digests:
    """Digests (N, W) of uint8, of at least eight bytes, ascending, which are kept as they are.

    Takes eight bytes a digest beside them: whole numbers are compared many times faster than strings.
    """

    def __init__(self, rows: NDArray[np.uint8]) -> None:
        self._rows = rows
        self._prefixes = _prefixes(rows)

    def find(self, asked: NDArray[np.uint8]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the rows of `asked` and of the list, of all pairs that are equal: by query, then by row.

        What is asked is sorted first, so that the list is passed once, from its start to its end.
        """
        wanted = _prefixes(asked)
        order = np.argsort(wanted)
        ranked = wanted[order]
        starts = np.searchsorted(self._prefixes, ranked)
        counts = np.searchsorted(self._prefixes, ranked, "right") - starts
        query, reference = np.repeat(order, counts), _stretches(starts, counts)
        same = np.flatnonzero((self._rows[reference] == asked[query]).all(axis=1))
        same = same[np.lexsort((reference[same], query[same]))]
        return query[same], reference[same]


def _prefixes(digests: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the first eight bytes of each digest as a number that sorts as they do."""
    heads = np.ascontiguousarray(digests[:, :_PREFIX]).view(">u8").reshape(-1)
    return heads.astype(np.uint64)


def _stretches(starts: NDArray[np.intp], counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the numbers start, start + 1, ... of each stretch, one stretch after another."""
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(int(counts.sum()), dtype=np.intp)
