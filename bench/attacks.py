"""Attacks on descriptors: linear maps that rebuild a small grey picture from what a list keeps of it.

A ridge regression is the plainest decoder there is; one that is not linear does better. So what is measured
here is a lower bound of what gets out. Local codes are first laid out as a picture: by place alone, by place
and bits in a grid, or by painting what each code alone says of its patch where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from luwte.lab.fingerprints.keypoints import Keypoints
from luwte.lab.fingerprints.local_codes import PLACES, LocalCodes

PICTURE = 32
"""Sides of the picture that is rebuilt."""
PATCH = 8
WINDOW = 6
"""How many diameters of its keypoint a SIFT descriptor looks at (Lowe 2004, section 6)."""
_GRID, _MAP = 4, 16
_STRENGTHS = (1e-3, 1e-2, 1e-1, 1.0, 10.0)

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """What an attacker sees of one picture's local codes: `values` (N, F) of each code, and where it was.

    `places` (N, 4): x and y as shares of the picture, the side of the patch as a share of the longer side,
    and the angle in degrees. `shape` is width and height as shares of the longer side.
    """

    values: Numbers
    places: Numbers
    shape: tuple[float, float]


def coded(codes: LocalCodes) -> Coded:
    """Return `codes` as an attacker sees them, each bit as -1 or 1."""
    places = codes.places.astype(np.float64)
    places[:, 0] /= codes.width
    places[:, 1] /= codes.height
    places[:, 2] *= WINDOW / PLACES
    return Coded(signs(codes.bits), places, (codes.width / PLACES, codes.height / PLACES))


def signs(packed: NDArray[np.uint8]) -> Numbers:
    """Return the bits of each row as -1 and 1."""
    return np.unpackbits(packed, axis=-1).astype(np.float64) * 2 - 1


def correlation(rebuilt: Numbers, true: Numbers) -> float:
    """Return the mean over pictures (rows) of Pearson's correlation of what was `rebuilt` with the `true`."""
    one, other = (rows - rows.mean(axis=1, keepdims=True) for rows in (rebuilt, true))
    norms = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return float(np.mean((one * other).sum(axis=1) / np.maximum(norms, 1e-12)))


class Ridge:
    """A linear map from features (N, F) to values (N, T), its strength chosen on a fifth left out."""

    def __init__(self, features: Numbers, values: Numbers) -> None:
        cut = len(features) * 4 // 5
        trials = [
            (correlation(fitted(features[cut:]), values[cut:]), strength)
            for strength in _STRENGTHS
            for fitted in [_fit(features[:cut], values[:cut], strength)]
        ]
        self._fitted = _fit(features, values, max(trials)[1])

    def __call__(self, features: Numbers) -> Numbers:
        """Return what the map makes of `features`."""
        return self._fitted(features)


def _fit(features: Numbers, values: Numbers, strength: float) -> Callable[[Numbers], Numbers]:
    mean, middle = features.mean(axis=0), values.mean(axis=0)
    centred = features - mean
    count, width = centred.shape
    if width <= count:
        square = centred.T @ centred
        weight = strength * max(np.trace(square) / width, 1e-12)
        solved = np.linalg.solve(square + weight * np.eye(width), centred.T @ (values - middle))
    else:
        square = centred @ centred.T
        weight = strength * max(np.trace(square) / count, 1e-12)
        solved = centred.T @ np.linalg.solve(square + weight * np.eye(count), values - middle)
    return lambda asked: (asked - mean) @ solved + middle


def by_place(pictures: Sequence[Coded]) -> Numbers:
    """Return where the codes of each picture are, and how large, as a coarse map."""
    found = np.zeros((len(pictures), _MAP, _MAP, 2))
    for row, picture in zip(found, pictures, strict=True):
        cells = np.clip(picture.places[:, :2] * _MAP, 0, _MAP - 1).astype(np.intp)
        np.add.at(row[:, :, 0], (cells[:, 1], cells[:, 0]), 1)
        np.add.at(row[:, :, 1], (cells[:, 1], cells[:, 0]), picture.places[:, 2])
    return _scaled(found)


def by_grid(pictures: Sequence[Coded]) -> Numbers:
    """Return the sums of what the codes say in each cell of a grid, with their directions apart."""
    width = pictures[0].values.shape[1]
    found = np.zeros((len(pictures), _GRID, _GRID, 3 * width))
    for row, picture in zip(found, pictures, strict=True):
        cells = np.clip(picture.places[:, :2] * _GRID, 0, _GRID - 1).astype(np.intp)
        turn = np.deg2rad(picture.places[:, 3:])
        told = np.concatenate(
            [picture.values, picture.values * np.cos(turn), picture.values * np.sin(turn)], axis=1
        )
        np.add.at(row, (cells[:, 1], cells[:, 0]), told)
    return _scaled(found)


def _scaled(features: Numbers) -> Numbers:
    flat = features.reshape(len(features), -1)
    return flat / max(float(flat.std()), 1e-12)


def patches(grey: NDArray[np.uint8], keypoints: Keypoints) -> Numbers:
    """Return what `grey`, the picture in which `keypoints` were found, shows at each, upright (N, 64)."""
    found = np.zeros((len(keypoints), PATCH * PATCH))
    for row, (x, y, size, angle) in zip(found, keypoints.places, strict=True):
        whole = _towards(x, y, WINDOW * size / PATCH, angle)
        seen = cv2.warpAffine(
            grey, whole, (PATCH, PATCH), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        level = seen.astype(np.float64) - seen.mean()
        row[:] = (level / max(float(level.std()), 1.0)).reshape(-1)
    return found


def painted(pictures: Sequence[Coded], said: Callable[[Numbers], Numbers]) -> Numbers:
    """Return each picture (1024) with what each code is `said` to show painted where it was."""
    found = np.zeros((len(pictures), 2, PICTURE, PICTURE))
    window = np.outer(*(2 * [np.hanning(PATCH + 2)[1:-1]]))
    for row, picture in zip(found, pictures, strict=True):
        if not len(picture.values):
            continue
        shown = said(picture.values).reshape(-1, PATCH, PATCH)
        for patch, (x, y, side, angle) in zip(shown, picture.places, strict=True):
            width, height = picture.shape
            to_canvas = _towards(x * width, y * height, side / PATCH, angle)
            to_canvas *= np.array([[PICTURE / width], [PICTURE / height]])
            for layer, drawn in zip(row, (patch * window, window), strict=True):
                layer += cv2.warpAffine(drawn, to_canvas, (PICTURE, PICTURE), flags=cv2.INTER_LINEAR)
    canvas = found[:, 0] / np.maximum(found[:, 1], 0.2)
    return np.concatenate([_scaled(canvas), _scaled(by_place(pictures))], axis=1)


def _towards(x: float, y: float, step: float, angle: float) -> Numbers:
    """Return the map (2, 3) from a patch's pixels, `step` apart and turned by `angle`, to around x and y."""
    turn = np.deg2rad(angle)
    cos, sin = step * np.cos(turn), step * np.sin(turn)
    middle = (PATCH - 1) / 2
    return np.array(
        [
            [cos, -sin, x - middle * (cos - sin)],
            [sin, cos, y - middle * (sin + cos)],
        ]
    )


def aligned(known: Sequence[Coded], asked: Sequence[Coded], kept: int) -> tuple[list[Coded], list[Coded]]:
    """Return two lists of codes, under rotations of their own, along their `kept` main directions.

    A rotation keeps how much codes vary along each main direction, so those of two lists can be laid beside
    each other by size. Which end is up follows from what goes with place, scale and angle.
    """
    parts = [_Directions(list(part), kept) for part in (known, asked)]
    ends = np.sign((parts[0].moments * parts[1].moments).sum(axis=0))
    return parts[0].seen(np.ones(kept)), parts[1].seen(np.where(ends == 0, 1, ends))


class _Directions:
    """The main directions of the codes of a list, and how each goes with what is in the open."""

    def __init__(self, pictures: Sequence[Coded], kept: int) -> None:
        self._pictures = pictures
        values = np.concatenate([seen.values for seen in pictures])
        self._mean = values.mean(axis=0)
        _, vectors = np.linalg.eigh(np.cov(values.T))
        self._vectors = vectors[:, ::-1][:, :kept]
        along = (values - self._mean) @ self._vectors
        along /= along.std(axis=0)
        x, y, side, angle = np.concatenate([seen.places for seen in pictures]).T
        turn = np.deg2rad(angle)
        told = (
            x - 0.5,
            y - 0.5,
            np.log(side),
            np.cos(turn),
            np.sin(turn),
            np.cos(2 * turn),
            np.sin(2 * turn),
        )
        told += tuple((one - 0.5) * way for one in (x, y) for way in (np.cos(turn), np.sin(turn)))
        marks = np.stack([(mark - mark.mean()) / mark.std() for mark in told])
        self.moments = np.concatenate([marks @ along / len(along), (along**3).mean(axis=0)[None]])

    def seen(self, ends: Numbers) -> list[Coded]:
        """Return the pictures with their codes along the directions, turned to these `ends`."""
        return [
            Coded((one.values - self._mean) @ self._vectors * ends, one.places, one.shape)
            for one in self._pictures
        ]
