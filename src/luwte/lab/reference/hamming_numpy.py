"""Exact radius search in NumPy: the readable twin of the compiled core, serving where no compiler is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

REFERENCES_AT_ONCE = 1 << 16


def radius_search(
    queries: NDArray[np.uint8], references: NDArray[np.uint8], radius: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.uint16]]:
    """All pairs within `radius` bits: query rows, reference rows, distances, as in `hamming.Matches`."""
    query_words, reference_words = queries.view(np.uint64), references.view(np.uint64)
    found = [
        (np.full(rows.size, query, np.intp), rows, distances)
        for query, words in enumerate(query_words)
        for rows, distances in _near(words, reference_words, radius)
    ]
    if not found:
        return np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0, np.uint16)
    query_rows, reference_rows, distances = zip(*found, strict=True)
    return np.concatenate(query_rows), np.concatenate(reference_rows), np.concatenate(distances)


def _near(
    query: NDArray[np.uint64], references: NDArray[np.uint64], radius: int
) -> list[tuple[NDArray[np.intp], NDArray[np.uint16]]]:
    """Rows and distances within reach of one query. Half of the bits already rule nearly every row out."""
    found = []
    for start in range(0, len(references), REFERENCES_AT_ONCE):
        block = references[start : start + REFERENCES_AT_ONCE]
        half = np.bitwise_count(block[:, :2] ^ query[:2]).sum(axis=1, dtype=np.uint16)
        candidates = np.flatnonzero(half <= radius)
        distances = np.bitwise_count(block[candidates] ^ query).sum(axis=1, dtype=np.uint16)
        near = distances <= radius
        if near.any():
            found.append((candidates[near] + start, distances[near]))
    return found
