"""A list of digests that many files are looked up in at once: by the first eight bytes, then by the whole."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_PREFIX = 8


class Equal(NamedTuple):
    """Pairs of an asked digest and an equal one of the list, as two arrays of rows of one length."""

    query: NDArray[np.intp]
    reference: NDArray[np.intp]


class ExactList:
    """Digests (N, W) of uint8, of at least eight bytes, ascending, which are kept as they are.

    Takes eight bytes a digest beside them: whole numbers are compared many times faster than strings.
    """

    def __init__(self, digests: NDArray[np.uint8]) -> None:
        self._digests = digests
        self._prefixes = _prefixes(digests)

    def find(self, asked: NDArray[np.uint8]) -> Equal:
        """Return every pair of one of `asked` (Q, W) and a digest that equals it, in no order.

        What is asked is sorted first, so that the list is passed once, from its start to its end.
        """
        wanted = _prefixes(asked)
        order = np.argsort(wanted)
        ranked = wanted[order]
        starts = np.searchsorted(self._prefixes, ranked)
        alike = np.flatnonzero(starts < len(self._prefixes))
        alike = alike[self._prefixes[starts[alike]] == ranked[alike]]
        starts, counts = starts[alike], self._run_lengths(ranked[alike], starts[alike])
        query, reference = np.repeat(order[alike], counts), _stretches(starts, counts)
        same = (self._digests[reference] == asked[query]).all(axis=1)
        return Equal(query[same], reference[same])

    def _run_lengths(self, ranked: NDArray[np.uint64], starts: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return how many rows share each prefix of `ranked`, which begins at `starts`."""
        counts: NDArray[np.intp] = np.searchsorted(self._prefixes, ranked, "right") - starts
        return counts


def _prefixes(digests: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the first eight bytes of each digest as a number that sorts as they do."""
    heads = np.ascontiguousarray(digests[:, :_PREFIX]).view(">u8").reshape(-1)
    return heads.astype(np.uint64)


def _stretches(starts: NDArray[np.intp], counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the numbers start, start + 1, ... of each stretch, one stretch after another."""
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(int(counts.sum()), dtype=np.intp)
