"""Where a reference lies in a picture: the similarity that most of their keypoints agree on.

As RANSAC does, hypotheses are judged by how many pairs of keypoints follow them (M. Fischler and R. Bolles,
Random Sample Consensus, CACM 24 (1981)). But one pair is a whole hypothesis here, by its own scale and
angle, so every one is tried: nothing is random, and the work is bounded by `_MOST_PAIRS`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from luwte.lab.fingerprints.keypoints import Keypoints
from luwte.lab.fingerprints.local_codes import BITS_BYTES, LocalCodes
from luwte.lab.fingerprints.windows import Window

PAIR_RADIUS = 40
"""Bits of 128 that the codes of two keypoints may differ in and still be taken for the same point: far, as a
pair must also be the nearest of both."""
LEAST_INLIERS = 4
"""Inliers below which an alignment says nothing: two or three agree by chance all the time."""
_MOST_PAIRS = 192
_TRIED = 6  # hypotheses that are refined
_ROUNDS = 3
_LOOSE = 2.5  # steps of the reference that a place may be off
_LOOSE_SHARE = 0.08  # and share of the distance, as scale and angle of one keypoint are coarse
_TIGHT = 2.5  # steps, after refining
_OCTAVES = 0.5
_DEGREES = 25.0
_CELL = 16.0  # steps a side: eight cells along the longer side
_LEAST_SIZE = 2.0  # pixels across, below which SIFT finds no keypoint
_LARGEST = 1e4
_SAME = 2.0  # steps or pixels within which two keypoints are one place

Complex = NDArray[np.complex128]
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Alignment:
    """How a picture shows a reference: the similarity from steps (128 the longer side) to pixels (256).

    A place (x, y) of the reference is turned by `turn` degrees, clockwise, times `scale`, and moved by
    `shift`. `inliers` are the places that agree, each counted once. `coverage` (0..1) is how much of what
    both show they span: of the cells of the reference that lie in the picture and have a keypoint, the share
    with an inlier.
    """

    inliers: int
    coverage: float
    scale: float
    turn: float
    shift: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class _Points:
    """Places as complex numbers, and diameters and angles too: size * e^(i angle)."""

    place: Complex
    frame: Complex

    def take(self, rows: Rows) -> _Points:
        return _Points(self.place[rows], self.frame[rows])


def align(query: Keypoints, bits: NDArray[np.uint8], reference: LocalCodes) -> Alignment | None:
    """Return how the picture of `query`, of codes `bits` (N, 16), shows `reference`; None if it does not."""
    asked, known = _pairs(bits, reference.bits)
    sound = (np.abs(query.places[asked]) < _LARGEST).all(axis=1)  # a worker may say what are no numbers
    asked, known = asked[sound], known[sound]
    if len(asked) < LEAST_INLIERS:
        return None
    points, targets = _points(reference.places), _points(query.places)
    one, other = points.take(known), targets.take(asked)
    inliers, turn, shift = _best(one, other)
    if len(inliers) < LEAST_INLIERS:
        return None
    coverage = _coverage(points, one.place[inliers], turn, shift, query)
    degrees = float(np.degrees(np.angle(turn))) % 360
    return Alignment(len(inliers), coverage, abs(turn), degrees, (shift.real, shift.imag))


def _pairs(asked: NDArray[np.uint8], known: NDArray[np.uint8]) -> tuple[Rows, Rows]:
    """Return the pairs of codes that may be one point, the nearest first: each is the other's nearest."""
    none = np.zeros(0, np.intp)
    if not len(asked) or not len(known):
        return none, none
    distance = _distances(asked, known)
    nearest = (distance == distance.min(axis=1, keepdims=True)) & (
        distance == distance.min(axis=0, keepdims=True)
    )
    rows, columns = np.nonzero(nearest & (distance <= PAIR_RADIUS))
    order = np.argsort(distance[rows, columns], kind="stable")[:_MOST_PAIRS]
    return rows[order], columns[order]


def _distances(asked: NDArray[np.uint8], known: NDArray[np.uint8]) -> NDArray[np.uint8]:
    words = [np.ascontiguousarray(bits[:, :BITS_BYTES]).view("<u8") for bits in (asked, known)]
    different = words[0][:, None, :] ^ words[1][None, :, :]
    distances: NDArray[np.uint8] = np.bitwise_count(different).sum(axis=2, dtype=np.uint8)
    return distances


def _points(places: NDArray[np.float32]) -> _Points:
    x, y, size, angle = (column.astype(np.float64) for column in places.T)
    return _Points(x + 1j * y, np.maximum(size, 1e-3) * np.exp(1j * np.radians(angle)))


def _best(one: _Points, other: _Points) -> tuple[Rows, complex, complex]:
    """Return the pairs that agree most, each place once, and the similarity that fits them.

    Hypotheses are tried by how many pairs follow them, but none that already follows one that was tried.
    """
    ratio = other.frame / one.frame
    best = np.zeros(0, np.intp), 1 + 0j, 0j
    left = np.ones(len(ratio), np.bool_)
    votes = _votes(one, other, ratio)
    for _ in range(_TRIED):
        number = int(np.argmax(np.where(left, votes, 0)))
        if not left[number] or votes[number] <= len(best[0]):
            break
        good, turn, shift = _refined(one, other, ratio, number)
        left[good] = left[number] = False
        inliers = _each_once(good, np.abs(other.place - turn * one.place - shift), one.place, other.place)
        if len(inliers) > len(best[0]):
            best = inliers, turn, shift
    return best


def _votes(one: _Points, other: _Points, ratio: Complex) -> Rows:
    """Return for each pair how many of all pairs roughly follow its own scale and angle."""
    off = other.place[None, :] - other.place[:, None]
    apart = one.place[None, :] - one.place[:, None]
    error = np.abs(off - ratio[:, None] * apart)
    allowed = np.abs(ratio)[:, None] * (_LOOSE + _LOOSE_SHARE * np.abs(apart))
    votes: Rows = ((error <= allowed) & _alike(ratio[None, :] / ratio[:, None])).sum(axis=1)
    return votes


def _alike(ratio: Complex) -> NDArray[np.bool_]:
    """Whether each of `ratio` is nearly 1: about the same scale and the same angle."""
    octaves = np.abs(np.log2(np.maximum(np.abs(ratio), 1e-9)))
    near: NDArray[np.bool_] = (octaves <= _OCTAVES) & (np.abs(np.angle(ratio)) <= np.radians(_DEGREES))
    return near


def _refined(one: _Points, other: _Points, ratio: Complex, number: int) -> tuple[Rows, complex, complex]:
    """Return the pairs that follow hypothesis `number`, and the similarity that fits them best."""
    turn = complex(ratio[number])
    shift = complex(other.place[number]) - turn * complex(one.place[number])
    allowed = _LOOSE + _LOOSE_SHARE * np.abs(one.place - one.place[number])
    for _ in range(_ROUNDS):
        error = np.abs(other.place - turn * one.place - shift)
        good = np.flatnonzero((error <= allowed * abs(turn)) & _alike(ratio / turn))
        fitted = _fitted(one.place[good], other.place[good]) if len(good) >= LEAST_INLIERS else None
        if fitted is None:
            return good[:0], turn, shift
        turn, shift = fitted
        allowed = np.full(len(ratio), _TIGHT)
    return good, turn, shift


def _each_once(rows: Rows, error: NDArray[np.float64], *sides: Complex) -> Rows:
    """Return `rows` so that each place of either side comes once, at its smallest error."""
    rows = rows[np.argsort(error[rows], kind="stable")]
    for side in sides:
        cells = np.round(side[rows] / _SAME)
        _, first = np.unique(cells, return_index=True)
        rows = rows[np.sort(first)]
    return rows


def _fitted(source: Complex, target: Complex) -> tuple[complex, complex] | None:
    """Return the similarity that takes `source` to `target` with the least squares; None if it is none."""
    middle, aim = source.mean(), target.mean()
    spread = float((np.abs(source - middle) ** 2).sum())
    if spread < len(source):  # all within a step of one place: nothing to turn by
        return None
    turn = complex(((target - aim) * np.conj(source - middle)).sum() / spread)
    return (turn, complex(aim - turn * middle)) if abs(turn) > 1e-3 else None


def _coverage(points: _Points, inliers: Complex, turn: complex, shift: complex, query: Keypoints) -> float:
    """The share of the cells of the reference, those that the picture shows, in which there is an inlier."""
    there = points.place * turn + shift
    inside = (there.real >= 0) & (there.real < query.width) & (there.imag >= 0) & (there.imag < query.height)
    visible = inside & (np.abs(points.frame * turn) >= _LEAST_SIZE)
    met = _cells(inliers)
    return len(met) / len(met | _cells(points.place[visible]))


def _cells(places: Complex) -> set[complex]:
    return set((np.floor(places.real / _CELL) + 1j * np.floor(places.imag / _CELL)).tolist())


def window_of(alignment: Alignment, width: int, height: int, *, mirrored: bool) -> Window:
    """Return the window in which a picture shows a whole reference of `width` x `height` steps.

    `mirrored` says whether the alignment is that of the picture mirrored left-right.
    """
    return Window(alignment.scale, alignment.turn, *alignment.shift, width, height, mirrored)
