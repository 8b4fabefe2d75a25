"""Finding the film inside a film: between bars, or played in a part of a picture that stands still.

Frames that follow one another are looked at together. What changes between them is a picture of its own, in
which all that stands still is black: a film on a still ground, however busy that is, is a photo on a flat
one there. And a box that several frames have in the same place is one of the film, not of what it shows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from luwte.lab.fingerprints.boxes import MOST_BOXES, Box, overlap, photo_boxes

MOST_TOGETHER = 16
"""Frames that are looked at together."""
MOST_BYTES = 32 << 20
"""Bytes of frames that are kept for that, but for one that has more."""
_SHORTER_SIDE = 512
_LEAST_TOGETHER = 3
_STILL = 20
"""Steps of brightness (of 255) that compression may move a pixel whose picture stands still."""
_SAME = 0.93
"""The overlap from which two boxes are one."""
_STAYS = 2
"""The frames that must have a box before it is one of the film."""

_Raster = NDArray[np.uint8]


class Stretch:
    """Frames of a film that follow one another, of one size, each made smaller where it is large."""

    def __init__(self) -> None:
        self._rasters: list[_Raster] = []
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._rasters)

    def takes(self, grey: _Raster) -> bool:
        """Return whether a frame `grey` (H, W) can be added: there is room, and the others are as large."""
        if not self._rasters:
            return True
        full = len(self) == MOST_TOGETHER or self._bytes + self._rasters[0].nbytes > MOST_BYTES
        return not full and _step(grey) == self._step and grey.shape == self._shape

    def add(self, grey: _Raster) -> None:
        """Add the next frame."""
        self._shape, self._step = grey.shape, _step(grey)
        self._rasters.append(smaller(grey))
        self._bytes += self._rasters[-1].nbytes

    def parts(self) -> list[list[_Raster]]:
        """Return for each frame the parts of it that are photos or films of their own, at most `MOST_BOXES`.

        First what moves on a still ground, then boxes that stay, then those of the frame alone.
        """
        own = [photo_boxes(raster) for raster in self._rasters]
        of_all = _stays(own)
        if len(self) >= _LEAST_TOGETHER:
            of_all = [*photo_boxes(self._changes()), *of_all]
        return [
            [box.of(raster) for box in _apart([*of_all, *boxes])]
            for raster, boxes in zip(self._rasters, own, strict=True)
        ]

    def _changes(self) -> _Raster:
        """Return how far each pixel changes (H, W), 0 where no further than compression moves it."""
        highest, lowest = self._rasters[0].copy(), self._rasters[0].copy()
        for raster in self._rasters[1:]:
            np.maximum(highest, raster, out=highest)
            np.minimum(lowest, raster, out=lowest)
        changes = highest - lowest
        changes[changes < _STILL] = 0
        return changes


def _stays(own: Sequence[Sequence[Box]]) -> list[Box]:
    """Return the boxes that several frames have, those of most frames first."""
    found: list[tuple[int, Box]] = []
    for box in (box for boxes in own for box in boxes):
        for number, (count, other) in enumerate(found):
            if overlap(box, other) >= _SAME:
                found[number] = count + 1, other
                break
        else:
            found.append((1, box))
    found.sort(key=lambda one: -one[0])
    return [box for count, box in found if count >= _STAYS]


def _apart(boxes: Sequence[Box]) -> list[Box]:
    found: list[Box] = []
    for box in boxes:
        if len(found) < MOST_BOXES and all(overlap(box, other) < _SAME for other in found):
            found.append(box)
    return found


def _step(grey: _Raster) -> int:
    shorter: int = min(grey.shape)
    return max(1, shorter // _SHORTER_SIDE)


def smaller(grey: _Raster) -> _Raster:
    """Return `grey` (H, W) with whole squares of its pixels as one, their mean, where it is large."""
    step = _step(grey)
    if step == 1:
        return grey
    height, width = (side // step for side in grey.shape)
    total = np.zeros((height, width), np.uint32)
    for row in range(step):
        for column in range(step):
            total += grey[row : height * step : step, column : width * step : step]
    return (total // (step * step)).astype(np.uint8)
