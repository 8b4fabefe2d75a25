"""Exact search in a list of digests, for many files at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from luwte.lab.reference import exact_numpy

try:
    from luwte import _native
except ImportError:
    ENGINE = "numpy"
else:
    ENGINE = "native"


class Equal(NamedTuple):
    """Pairs of an asked digest and an equal one of the list, as two arrays of rows of one length."""

    query: NDArray[np.intp]
    reference: NDArray[np.intp]


class ExactList:
    """Digests (N, W) of uint8, W at least 8, ascending, which are read in place: as a bundle holds them.

    Takes one to two bytes a digest beside them; eight where there is no compiled core.
    """

    def __init__(self, digests: NDArray[np.uint8]) -> None:
        index = exact_numpy.Digests if ENGINE == "numpy" else _native.Digests
        self._digests = index(np.ascontiguousarray(digests))

    def find(self, asked: NDArray[np.uint8]) -> Equal:
        """Return every pair of one of `asked` (Q, W) and a digest that equals it; by query, then by row."""
        return Equal(*self._digests.find(np.ascontiguousarray(asked)))
