"""Whether frames of a file and of a video of the list follow one another in one order.

A copy shows what the video shows in its order, or backward, however fast and whatever was cut out or put
between. Strangers that share a title, a logo and a last picture have them far apart, and little between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from luwte.lab.recognition.verdicts import PDQ_RADIUS

MOST_PASSED: Final = 3
"""Frames that may be passed over on both sides between two of a run; on one side any number may."""


class Step(NamedTuple):
    """A frame of a file, by its number, and the frame of the video that it is like."""

    asked: int
    known: int


def longest_run(like: NDArray[np.bool_]) -> list[Step]:
    """Return the most pairs in which both numbers ascend, of those that are alike in `like` (Q, R).

    Each frame is in one pair at most. This is the longest common subsequence (D. Hirschberg, A linear space
    algorithm for computing maximal common subsequences, CACM 18 (1975)); it takes Q x R steps.
    """
    asked, known = np.flatnonzero(like.any(axis=1)), np.flatnonzero(like.any(axis=0))
    lengths = _lengths(like[np.ix_(asked, known)])
    row, column = len(asked), len(known)
    found = []
    while lengths[row, column]:
        if lengths[row, column] == lengths[row - 1, column]:
            row -= 1
        elif lengths[row, column] == lengths[row, column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            found.append(Step(int(asked[row]), int(known[column])))
    return found[::-1]


def looks_in_order(like: NDArray[np.bool_], hashes: NDArray[np.uint8]) -> int:
    """Return how many different frames of a video a file shows in order, or backward, without a wide gap.

    `like` (Q, R) says which frame of the file is like which of the video; `hashes` (R, 32) are the latter's.
    Frames of the video that are like one another count once: a face that talks for a minute is one.
    """
    last = like.shape[1] - 1
    forward = longest_run(like)
    backward = [Step(asked, last - known) for asked, known in longest_run(like[:, ::-1])]
    return max(
        (
            _different(hashes[[step.known for step in part]])
            for run in (forward, backward)
            for part in _unbroken(run)
        ),
        default=0,
    )


def _lengths(like: NDArray[np.bool_]) -> NDArray[np.int16]:
    """Return (Q + 1, R + 1): how long the longest run is in the first rows and columns of `like`."""
    lengths = np.zeros((like.shape[0] + 1, like.shape[1] + 1), np.int16)
    for number, row in enumerate(like):
        before = lengths[number]
        longer = np.where(row, before[:-1] + 1, before[1:])
        np.maximum.accumulate(np.maximum(longer, before[1:]), out=lengths[number + 1, 1:])
    return lengths


def _unbroken(run: Sequence[Step]) -> Iterator[Sequence[Step]]:
    """Cut `run` where much was passed over on both sides."""
    cuts = [
        number
        for number, (one, other) in enumerate(pairwise(run), 1)
        if min(other.asked - one.asked, abs(other.known - one.known)) > MOST_PASSED + 1
    ]
    for first, last in pairwise([0, *cuts, len(run)]):
        if first < last:
            yield run[first:last]


def _different(hashes: NDArray[np.uint8]) -> int:
    """Return how many of `hashes` (N, 32) are unlike all that were counted before them."""
    counted = np.zeros_like(hashes)
    count = 0
    for one in hashes:
        distances = np.bitwise_count(counted[:count] ^ one).sum(axis=1, dtype=np.intp)
        if not (distances <= PDQ_RADIUS).any():
            counted[count] = one
            count += 1
    return count
