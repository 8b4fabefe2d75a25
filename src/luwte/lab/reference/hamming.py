"""Exact radius search over 256-bit hashes. Never approximate: a missed match is a person not told."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from luwte.lab.reference import hamming_numpy

try:
    from luwte import _native
except ImportError:
    ENGINE = "numpy"
    _search = hamming_numpy.radius_search
else:
    ENGINE = "native"
    _search = _native.radius_search

HASH_BYTES = 32
HASH_BITS = 256


class Matches(NamedTuple):
    """Pairs within reach, as three arrays of one length, sorted by query row and then by reference row."""

    query: NDArray[np.intp]
    reference: NDArray[np.intp]
    distance: NDArray[np.uint16]


def radius_search(queries: NDArray[np.uint8], references: NDArray[np.uint8], radius: int) -> Matches:
    """Every pair of a query (Q, 32) and a reference (N, 32), both uint8, at most `radius` bits apart.

    Brute force over blocks, so skewed lists cost no more than even ones; memory grows with the matches alone.
    Raises ValueError for another shape or type, or a radius outside 0..256.
    """
    if not 0 <= radius <= HASH_BITS:
        raise ValueError(f"the radius must be 0..{HASH_BITS} bits, not {radius}")
    return Matches(*_search(as_hashes(queries, "queries"), as_hashes(references, "references"), radius))


def as_hashes(hashes: NDArray[np.uint8], name: str) -> NDArray[np.uint8]:
    """Return `hashes` as contiguous rows; raises ValueError, with their `name`, for another shape or type."""
    if not isinstance(hashes, np.ndarray) or hashes.dtype != np.uint8 or hashes.shape[1:] != (HASH_BYTES,):
        raise ValueError(f"{name} must be an array of uint8 with {HASH_BYTES} columns, one hash a row")
    return np.ascontiguousarray(hashes)
