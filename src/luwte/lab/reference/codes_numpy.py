"""Votes of local codes in NumPy: the readable twin of the compiled core, serving where no compiler is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BITS_BYTES = 16
CODES_AT_ONCE = 1 << 16


class Codes:
    """Local codes (N, 20) of uint8 of R references; `counts` (R,) says how many each has, 1 to 64."""

    widest_radius = 15

    def __init__(self, codes: NDArray[np.uint8], counts: NDArray[np.uint8]) -> None:
        self._codes = codes
        self._references = len(counts)
        self._owners = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)

    def index(self, threads: int) -> None:
        """Do nothing: here all pairs are compared."""

    def best(
        self, asked: NDArray[np.uint8], radius: int, most: int
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint64]]:
        """Return the `most` best references for the codes `asked` (Q, 16), their votes and their weights.

        A code votes for each reference that has a code within `radius` bits of it. The vote weighs as much as
        the number of all references can be halved until it is below that of those it votes for. A reference
        has as many votes as codes vote for it, but no more than it has codes that are voted for; its weight
        is reduced alike.
        """
        asked_by, rows = self._near(asked, radius)
        pairs = np.unique(asked_by * self._references + self._owners[rows])  # a code votes once for each
        voters, references = np.divmod(pairs, max(self._references, 1))
        met = np.bincount(voters, minlength=len(asked))
        weights = np.array([(self._references // max(count, 1)).bit_length() for count in met.tolist()], int)
        size = self._references
        votes = np.bincount(references, minlength=size)
        weight = np.bincount(references, weights[voters], minlength=size).astype(np.int64)
        own = np.bincount(self._owners[np.unique(rows)], minlength=size)
        counted = np.minimum(votes, own)
        weight = weight * counted // np.maximum(votes, 1)
        order = np.lexsort((np.arange(size), -counted, -weight))[: min(most, np.count_nonzero(votes))]
        return order.astype(np.uint32), counted[order].astype(np.uint32), weight[order].astype(np.uint64)

    def _near(self, asked: NDArray[np.uint8], radius: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return which of `asked` is near which row, for all pairs within reach."""
        queries, rows = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
        words = np.ascontiguousarray(asked).view(np.uint64)
        for start in range(0, len(self._codes), CODES_AT_ONCE):
            block = np.ascontiguousarray(self._codes[start : start + CODES_AT_ONCE, :BITS_BYTES]).view(
                np.uint64
            )
            for number, code in enumerate(words):
                distances = np.bitwise_count(block ^ code).sum(axis=1, dtype=np.uint8)
                near = np.flatnonzero(distances <= radius)
                queries.append(np.full(len(near), number))
                rows.append(near + start)
        return np.concatenate(queries), np.concatenate(rows)
