"""Finding the photo inside a picture: in a border, between bars, before a pad, on a screenshot, on a scanner.

A photo that was put into something larger ends in straight lines. Right outside such a line it is calm, flat
or blurred; at the line the brightness steps. The picture is looked at small, for such lines from four sides;
four that belong together make a box. A photo that reaches to the picture's own edge has no line there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MOST_BOXES = 2
_SIDE = 192
"""The longer side, in pixels, of the small raster that is looked at."""
_SHORTEST = 16
"""The shortest side of a box there, and half of that of a picture in which one is looked for."""
_CALM = 7
"""The largest step of brightness between neighbours (of 255) where it is calm."""
_STEP = 12
"""The step of brightness from which it is a line."""
_LINES = 5
"""How many lines are tried on each side, of the `_BUSIEST` rows."""
_BUSIEST = 32
_RUN = 12
"""The pixels of a line that must lie beside each other, nearly all."""
_NEARLY_ALL = 0.8

_LEAST_SIDE, _LEAST_MEAN, _LEAST_ALONE = 0.45, 0.65, 0.7
"""The share of each side that must be line, of all four on average, and of one where it is the only one."""
_AT_EDGE = 0.7
"""What the edge of the picture counts for as a side of a box: nothing speaks against it, little for it."""
_AT_EVEN_EDGE = 0.1
"""What it counts for where the edge is of one brightness, as that of a border is."""
_AT_END = 0.3
"""What is added to a side where all that is flat ends."""
_FLAT_ROW, _FLAT_EDGE, _FLAT_VALUE = 0.04, 0.15, 5
"""The share of a row that may be restless, or of an edge that may be as far from its usual brightness."""
_SMALLEST, _LARGEST = 0.05, 0.97
"""The share of the picture that a box may cover."""
_LIVELY = 0.08
"""The share of pixels in a box that are not calm."""
_SAME = 0.93
"""The overlap from which two boxes are one."""
_TRIED = 24

_Raster = NDArray[np.uint8]
_Counts = NDArray[np.int32]
_Shares = NDArray[np.float64]
_Places = NDArray[np.intp]


class Box(NamedTuple):
    """A rectangle of a raster, in its pixels; `right` and `bottom` are the first beyond it."""

    left: int
    top: int
    right: int
    bottom: int

    def of(self, grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the part of `grey` (H, W) in the box, as a view."""
        return grey[self.top : self.bottom, self.left : self.right]


class _Side(NamedTuple):
    """What was found coming in from one side of the small raster, `lines` by their distance from it.

    `sums` counts, for each of `lines`, the pixels that are line up to a place along it; `uneven` those at the
    edge that are not of its usual brightness. Up to `end` all is flat.
    """

    lines: NDArray[np.intp]
    sums: _Counts
    uneven: _Counts
    end: int

    def support(self, starts: NDArray[np.intp], stops: NDArray[np.intp]) -> _Shares:
        """Return for each line, from each of `starts` to each of `stops`, how far it is a side of a box."""
        length = np.maximum(stops - starts[:, None], 1)
        found: _Shares = (self.sums[:, None, stops] - self.sums[:, starts][:, :, None]) / length
        found[self.lines == self.end] += _AT_END
        uneven = self.uneven[stops] - self.uneven[starts][:, None] > _FLAT_EDGE * length
        found[0] = np.where(uneven, _AT_EDGE, _AT_EVEN_EDGE)
        return found


_Sides = tuple[_Side, _Side, _Side, _Side]
"""From above, from below, from the left, from the right."""


def photo_boxes(grey: NDArray[np.uint8]) -> list[Box]:
    """Return where in `grey` (H, W) photos stand that were put into it, at most `MOST_BOXES`, the best first.

    Most pictures have none. Takes about a millisecond, whatever is in the raster.
    """
    step = -(-max(grey.shape) // _SIDE)
    small = np.ascontiguousarray(grey[step // 2 :: step, step // 2 :: step])
    if min(small.shape) < 2 * _SHORTEST:
        return []
    turned = np.ascontiguousarray(small.T)
    sides = (_side(small), _side(small[::-1]), _side(turned), _side(turned[::-1]))
    found: list[Box] = []
    for box in _framed(sides, small.shape):
        if all(overlap(box, other) < _SAME for other in found) and _lively(box.of(small)):
            found.append(box)
        if len(found) == MOST_BOXES:
            break
    return [_sharpened(grey, box, step, small.shape) for box in found]


def _side(raster: _Raster) -> _Side:
    """Look for lines along the rows of `raster`, calm above."""
    height, width = raster.shape
    restless = np.zeros((height, width), bool)
    restless[:, 1:] = _apart(raster[:, 1:], raster[:, :-1]) > _CALM
    down = _apart(raster[1:], raster[:-1])
    line = (down >= _STEP) & ~restless[:-1]
    end = _first(_in_rows(restless) > _FLAT_ROW * width)
    lines = np.unique([0, end, *_longest(line)])
    sums = np.zeros((len(lines), width + 1), np.int32)
    np.cumsum(line[lines[1:] - 1], axis=1, out=sums[1:, 1:])
    return _Side(lines, sums, _uneven(raster[1]), end)


def _longest(line: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the distances of the lines with the most pixels in runs, at most `_LINES` that have any."""
    counts = _in_rows(line)
    busiest = np.argsort(counts, kind="stable")[::-1][:_BUSIEST]
    busiest = busiest[counts[busiest] >= _NEARLY_ALL * _RUN]
    sums = np.cumsum(line[busiest], axis=1, dtype=np.int32)
    runs = np.count_nonzero(sums[:, _RUN:] - sums[:, :-_RUN] >= _NEARLY_ALL * _RUN, axis=1)
    best = np.argsort(-runs, kind="stable")[:_LINES]
    found: NDArray[np.intp] = busiest[best[runs[best] > 0]] + 1
    return found


def _uneven(edge: _Raster) -> _Counts:
    usual = np.bincount(edge).argmax()
    sums = np.zeros(len(edge) + 1, np.int32)
    np.cumsum(np.abs(edge.astype(np.int16) - usual) > _FLAT_VALUE, out=sums[1:])
    return sums


def _framed(sides: _Sides, shape: tuple[int, ...]) -> Iterator[Box]:
    """Give the boxes that lines and edges of the four sides make together, the best first."""
    if all(len(side.lines) == 1 for side in sides):
        return
    above, below, before, behind = (side.lines for side in sides)
    top, bottom, left, right = above, shape[0] - below, before, shape[1] - behind
    score = _scores(sides, top, bottom, left, right)
    for place in np.argsort(-score, axis=None, kind="stable")[:_TRIED]:
        one, two, three, four = np.unravel_index(place, score.shape)
        if score[one, two, three, four] <= 0:
            return
        yield Box(int(left[three]), int(top[one]), int(right[four]), int(bottom[two]))


def _scores(sides: _Sides, top: _Places, bottom: _Places, left: _Places, right: _Places) -> _Shares:
    """Return how good each combination of places is as a box, or 0: (top, bottom, left, right)."""
    above, below, before, behind = sides
    supports = (
        above.support(left, right)[:, None],
        below.support(left, right)[None],
        np.moveaxis(before.support(top, bottom), 0, 2)[..., None],
        np.moveaxis(behind.support(top, bottom), 0, 2)[:, :, None],
    )
    edges = [_along(side.lines == 0, axis) for axis, side in enumerate(sides)]
    certain = [support + edge for support, edge in zip(supports, edges, strict=True)]
    least = np.minimum(np.minimum(certain[0], certain[1]), np.minimum(certain[2], certain[3]))
    total = sum(supports)
    lines = 4 - sum(edge.astype(np.intp) for edge in edges)
    good = (
        (least >= np.where(lines == 1, _LEAST_ALONE, _LEAST_SIDE)) & (total >= 4 * _LEAST_MEAN) & (lines > 0)
    )
    share, large_enough = _sizes(top, bottom, left, right)
    score: _Shares = np.where(good & large_enough, 0.5 * least + 0.25 * total + 0.2 * np.sqrt(share), 0)
    return score


def _sizes(top: _Places, bottom: _Places, left: _Places, right: _Places) -> tuple[_Shares, NDArray[np.bool_]]:
    """Return of each combination its share of the picture, and whether it may be a box for its size."""
    down, across = (bottom - top[:, None])[:, :, None, None], right - left[:, None]
    share = np.maximum(down, 0) * np.maximum(across, 0) / (bottom.max() * right.max())
    long_enough = (down >= _SHORTEST) & (across >= _SHORTEST)
    return share, long_enough & (share >= _SMALLEST) & (share <= _LARGEST)


def _sharpened(grey: _Raster, box: Box, step: int, shape: tuple[int, ...]) -> Box:
    """Return `box` of the small raster in the pixels of `grey`, where the brightness steps most nearby."""
    height, width = grey.shape
    rows = slice(box.top * step, box.bottom * step, 2)
    upright = grey[rows].T
    left = _nearby(upright, box.left, step) if box.left else 0
    right = _nearby(upright, box.right, step) if box.right < shape[1] else width
    level = grey[:, left:right:2]
    top = _nearby(level, box.top, step) if box.top else 0
    bottom = _nearby(level, box.bottom, step) if box.bottom < shape[0] else height
    return Box(left, top, right, bottom)


def _nearby(rows: _Raster, place: int, step: int) -> int:
    first, last = max(1, (place - 1) * step), min(len(rows) - 1, (place + 1) * step + 1)
    strip = rows[first - 1 : last + 1]
    return first + int(_apart(strip[1:], strip[:-1]).sum(axis=1, dtype=np.int64).argmax())


def _apart(one: _Raster, other: _Raster) -> _Raster:
    return np.maximum(one, other) - np.minimum(one, other)


def _in_rows(wanted: NDArray[np.bool_]) -> NDArray[np.uint32]:
    """How many of each row; several times as fast as `np.count_nonzero`."""
    found: NDArray[np.uint32] = wanted.view(np.uint8).sum(axis=1, dtype=np.uint32)
    return found


def _first(wanted: NDArray[np.bool_]) -> int:
    return int(wanted.argmax())


def _along(values: NDArray[np.bool_], axis: int) -> NDArray[np.bool_]:
    shape = [1, 1, 1, 1]
    shape[axis] = len(values)
    return values.reshape(shape)


def _lively(part: _Raster) -> bool:
    return bool(np.count_nonzero(_apart(part[:, 1:], part[:, :-1]) > _CALM) >= _LIVELY * part.size)


def overlap(one: Box, other: Box) -> float:
    """Return the area that both boxes have, as a share of what either has."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    common = max(across, 0) * max(down, 0)
    areas = ((box.right - box.left) * (box.bottom - box.top) for box in (one, other))
    return common / (sum(areas) - common)
