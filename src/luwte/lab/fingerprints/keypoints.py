"""Keypoints of a picture: SIFT on the picture at 256 pixels, the strongest and the best spread.

The compiled core finds them; where there is none, OpenCV does. Both give the same codes, so that a list
made on one machine serves on every other (docs/decisions/0035).

Source: D. Lowe, Distinctive Image Features from Scale-Invariant Keypoints, IJCV 60 (2004); RootSIFT:
R. Arandjelović and A. Zisserman, Three things everyone should know to improve object retrieval, CVPR 2012.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

try:
    from luwte import _native
except ImportError:
    ENGINE = "opencv"
else:
    ENGINE = "native"

if TYPE_CHECKING:
    import cv2

SIDE = 256
"""The longer side, in pixels, at which keypoints are looked for, of what is enrolled and of what is asked."""
LEAST_SIDE = 32
"""The shorter side, in pixels, below which there is nothing to look for."""
DESCRIPTOR = 128
MOST = 250
"""How many keypoints of a picture are found at most: the strongest."""
_CONTRAST = 0.02
_GRID = 4
_OPENCV_OFF = np.float32(0.25)  # it halves places in the doubled picture, whose pixels are that far off

Descriptors = NDArray[np.uint8]
Places = NDArray[np.float32]
Find = Callable[[NDArray[np.uint8], int], tuple[Places, Descriptors]]
"""What finds keypoints in a grey picture (H, W), at most so many."""


@dataclass(frozen=True, slots=True, eq=False)
class Keypoints:
    """N keypoints of a picture that is `width` x `height` pixels at the size they were found at.

    `descriptors` (N, 128) uint8 are SIFT, each of length 512. `places` (N, 4) float32: x, y and diameter in
    pixels, 0 the middle of the first, angle in degrees, clockwise from the x-axis. The strongest come first.
    """

    width: int
    height: int
    descriptors: Descriptors
    places: Places

    def __len__(self) -> int:
        return len(self.descriptors)

    def take(self, rows: NDArray[np.intp]) -> Keypoints:
        """Return those in `rows`."""
        return Keypoints(self.width, self.height, self.descriptors[rows], self.places[rows])

    def mirrored(self) -> Keypoints:
        """Return the keypoints of the picture mirrored left-right, without looking at it again."""
        places = self.places.copy()
        places[:, 0] = self.width - 1 - places[:, 0]
        places[:, 3] = (180 - places[:, 3]) % 360
        return Keypoints(self.width, self.height, self.descriptors[:, _MIRROR], places)


def find_keypoints(grey: NDArray[np.uint8], most: int = MOST) -> Keypoints:
    """Return at most `most` keypoints of `grey` (H, W), the strongest; none of a picture without detail."""
    height, width = grey.shape
    if not grey.size:
        return _none(width, height)
    scale = SIDE / max(height, width)
    small = grey
    if scale < 1:
        import cv2

        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    height, width = small.shape
    if min(height, width) < LEAST_SIDE:
        return _none(width, height)
    places, descriptors = _found(np.ascontiguousarray(small), most)
    return Keypoints(width, height, descriptors, places)


def best(keypoints: Keypoints, most: int) -> Keypoints:
    """Return at most `most` of `keypoints`: half the strongest, half spread over a grid of four by four."""
    if len(keypoints) <= most:
        return keypoints
    strong, rest = np.split(np.arange(len(keypoints)), [most // 2])
    size = np.array([keypoints.width, keypoints.height], np.float32)
    cells = np.minimum(keypoints.places[rest, :2] * _GRID / size, _GRID - 1).astype(np.intp)
    cell = cells[:, 0] * _GRID + cells[:, 1]
    turn = np.zeros(len(rest), np.intp)  # how many stronger ones its cell has
    for number in range(_GRID * _GRID):
        here = np.flatnonzero(cell == number)
        turn[here] = np.arange(len(here))
    spread = rest[np.argsort(turn, kind="stable")][: most - len(strong)]
    return keypoints.take(np.sort(np.concatenate([strong, spread])))


def _none(width: int, height: int) -> Keypoints:
    return Keypoints(width, height, np.zeros((0, DESCRIPTOR), np.uint8), np.zeros((0, 4), np.float32))


def _by_native(grey: NDArray[np.uint8], most: int) -> tuple[Places, Descriptors]:
    return _native.sift_keypoints(grey, _CONTRAST, most)


def _by_opencv(grey: NDArray[np.uint8], most: int) -> tuple[Places, Descriptors]:
    found, descriptors = _sift().detectAndCompute(grey, None)
    if not found:
        return np.zeros((0, 4), np.float32), np.zeros((0, DESCRIPTOR), np.uint8)
    order = np.argsort([-point.response for point in found], kind="stable")[:most]
    places = np.array([(*point.pt, point.size, point.angle) for point in found], np.float32)
    places[:, :2] -= _OPENCV_OFF
    return places[order], descriptors.astype(np.uint8)[order]


_found: Find = _by_native if ENGINE == "native" else _by_opencv


@cache
def _sift() -> cv2.SIFT:
    import cv2

    cv2.setNumThreads(1)
    return cv2.SIFT.create(contrastThreshold=_CONTRAST)


def _mirror() -> NDArray[np.intp]:
    """Which number of a descriptor a mirrored patch has in each place: rows swap, turns turn back."""
    places = np.arange(DESCRIPTOR).reshape(4, 4, 8)
    return places[::-1][:, :, -np.arange(8) % 8].reshape(-1)


_MIRROR = _mirror()
