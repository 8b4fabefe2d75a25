"""The PDQ of an aligned window: the part of a picture that a whole reference covers, set upright.

Two photos of one room share keypoints, but not this: only a copy looks the same all over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import cos, isfinite, radians, sin
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from luwte.lab.fingerprints.keypoints import SIDE
from luwte.lab.fingerprints.local_codes import PLACES
from luwte.lab.fingerprints.pdq import pdq_hash

LEAST_INSIDE = 0.8
"""The share of the window that must lie in the picture; the rest is filled with what lies next to it."""
LARGEST_SIDE = 512
"""The longer side, in pixels, at which a window is cut out at most: PDQ looks no closer."""
MOST_WINDOWS = 8
"""How many windows of one picture are asked for at most."""
MOST_FRAME_WINDOWS = 2
"""How many windows of one frame of a video are asked for at most."""
_LEAST_SIDE = 16
_MARKS = 24  # places a side at which it is looked whether the window lies in the picture


@dataclass(frozen=True, slots=True)
class Window:
    """Where a reference of `width` x `height` steps (the longer 128) lies in a picture of 256 pixels.

    A place of the reference is turned by `turn` degrees, clockwise, times `scale`, and moved by (`x`, `y`);
    in the picture mirrored left-right where `mirrored`.
    """

    scale: float
    turn: float
    x: float
    y: float
    width: int
    height: int
    mirrored: bool


class PartHash(NamedTuple):
    """The PDQ (32 bytes) of a part of a picture and its quality, 0 to 100."""

    pdq: bytes
    quality: int


Ask = Callable[[Window], PartHash | None]
"""Gives the hash of a window of the picture, or None where there is none."""
AskOf = Callable[[int, Window], PartHash | None]
"""Gives that of a window of a frame of a video, by the number of the frame."""


def window_hash(grey: NDArray[np.uint8], window: Window) -> PartHash | None:
    """Return the PDQ (32 bytes) of `window` of `grey` (H, W) and its quality.

    None when less than `LEAST_INSIDE` of it lies in the picture, or when there is no such window. It takes no
    more memory than a raster as large as `grey`.
    """
    numbers = (window.scale, window.turn, window.x, window.y)
    if not all(map(isfinite, numbers)) or window.scale <= 0 or not _is_size(window):
        return None
    height, width = grey.shape
    pixels = max(height, width) / SIDE if max(height, width) > SIDE else 1.0
    steps = window.scale * pixels  # pixels of `grey` a step
    matrix = _matrix(window, steps, pixels)
    if _inside(matrix, window, width, height) < LEAST_INSIDE:
        return None
    longer = min(LARGEST_SIDE, max(height, width), round(PLACES * steps))
    across, down = (round(longer * side / PLACES) for side in (window.width, window.height))
    if min(across, down) < _LEAST_SIDE or across * down > grey.size:
        return None
    step = PLACES / longer
    # A place of a keypoint is the middle of a pixel: at 256 pixels here, of half a step in the reference.
    matrix[:, 2] += matrix[:, :2].sum(axis=1) * (step / 2 - 0.25) + (pixels - 1) / 2
    matrix[:, :2] *= step
    shown = np.ascontiguousarray(grey[:, ::-1]) if window.mirrored else grey
    _one_thread()
    cut = cv2.warpAffine(
        shown,
        matrix,
        (across, down),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return PartHash(*pdq_hash(np.asarray(cut, np.uint8)))


@cache
def _one_thread() -> None:
    cv2.setNumThreads(1)


def _is_size(window: Window) -> bool:
    return min(window.width, window.height) >= 1 and max(window.width, window.height) == PLACES


def _matrix(window: Window, steps: float, pixels: float) -> NDArray[np.float64]:
    """The map (2, 3) from steps of the reference to pixels of the picture."""
    across, down = steps * cos(radians(window.turn)), steps * sin(radians(window.turn))
    return np.array([[across, -down, window.x * pixels], [down, across, window.y * pixels]])


def _inside(matrix: NDArray[np.float64], window: Window, width: int, height: int) -> float:
    """The share of the window, by marks spread evenly over it, that lies in the picture."""
    marks = (np.arange(_MARKS) + 0.5) / _MARKS
    across, down = np.meshgrid(marks * window.width, marks * window.height)
    x, y = np.tensordot(matrix[:, :2], np.stack([across, down]), 1) + matrix[:, 2, None, None]
    return float(np.mean((x >= 0) & (x < width) & (y >= 0) & (y < height)))
