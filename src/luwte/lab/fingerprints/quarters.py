"""A closer look at pictures into which a small one may have been put: keypoints of the four quarters, too.

What is pasted at less than half the size, stands on a screenshot or in a collage keeps few keypoints where
the whole is looked at small, and text has stronger ones. Each quarter is looked at as large as the whole is.
That takes four times as long, so it is done only where there is a photo box, or straight lines both ways.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from luwte.lab.fingerprints.boxes import Box, photo_boxes
from luwte.lab.fingerprints.keypoints import LEAST_SIDE, MOST_IN_PART, SIDE, Keypoints, find_keypoints

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGER = 1.25
"""How much larger than it was looked at a picture must be, for a closer look to show more."""
_RASTER = 192
"""The longer side, in pixels, of the raster in which lines are looked for."""
_STEP = 8
"""The step of brightness (of 255), over two rows, from which it is a line."""
_SHARPER = 1.5
"""How many times that of the steps before and behind it: a shadow or a fold is softer."""
_LONG = 0.4
"""The share of the picture that a line must reach over."""
_NEARLY_ALL = 0.85

_Raster = NDArray[np.float32]


def find_closely(grey: NDArray[np.uint8]) -> Keypoints:
    """Return the keypoints of `grey` (H, W), and as `parts` of its quarters, where they may show more."""
    whole = find_keypoints(grey)
    if max(grey.shape, default=0) < _LARGER * SIDE or min(grey.shape) < 2 * LEAST_SIDE or not put_into(grey):
        return whole
    return replace(whole, parts=tuple(_found_in(grey, quarter, whole) for quarter in _quarters(grey.shape)))


def put_into(grey: NDArray[np.uint8]) -> bool:
    """Return whether something may have been put into `grey`: it holds a photo box, or lines both ways."""
    return bool(photo_boxes(grey)) or _lined(_small(grey))


def _small(grey: NDArray[np.uint8]) -> _Raster:
    import cv2

    share = min(1.0, _RASTER / max(grey.shape))
    height, width = (max(1, round(side * share)) for side in grey.shape)
    return np.asarray(cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA), np.float32)


def _lined(raster: _Raster) -> bool:
    return _has_line(raster) and _has_line(np.ascontiguousarray(raster.T))


def _has_line(raster: _Raster) -> bool:
    """Return whether a sharp line stands along the rows of `raster`."""
    if len(raster) < 5:
        return False
    step = np.abs(raster[3:-1] - raster[1:-3])
    beside = np.maximum(np.abs(raster[1:-3] - raster[:-4]), np.abs(raster[4:] - raster[3:-1]))
    line = (step >= _STEP) & (step >= _SHARPER * beside)
    long = max(1, math.floor(raster.shape[1] * _LONG))
    sums = np.zeros((len(line), raster.shape[1] + 1), np.int32)
    np.cumsum(line, axis=1, out=sums[:, 1:])
    return bool((sums[:, long:] - sums[:, :-long]).max() >= _NEARLY_ALL * long)


def _quarters(shape: tuple[int, ...]) -> Iterator[Box]:
    height, width = shape
    down, across = height // 2, width // 2
    for top in (0, height - down):
        for left in (0, width - across):
            yield Box(left, top, left + across, top + down)


def _found_in(grey: NDArray[np.uint8], part: Box, whole: Keypoints) -> Keypoints:
    """Return the keypoints of `part` of `grey`, at their places in the `whole`, as it was looked at."""
    found = find_keypoints(part.of(grey), MOST_IN_PART)
    height, width = grey.shape
    places = found.places.copy()
    across = (part.right - part.left) / found.width * whole.width / width
    down = (part.bottom - part.top) / found.height * whole.height / height
    places[:, 0] = (places[:, 0] + 0.5) * across + part.left * whole.width / width - 0.5
    places[:, 1] = (places[:, 1] + 0.5) * down + part.top * whole.height / height - 0.5
    places[:, 2] *= math.sqrt(across * down)
    return Keypoints(whole.width, whole.height, found.descriptors, places)
