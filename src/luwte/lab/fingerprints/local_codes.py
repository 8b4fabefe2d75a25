"""Local codes: what is kept of a picture's keypoints, so that a crop or a paste of it is found again.

Each of at most 64 keypoints becomes 20 bytes: 128 bits (the signs of RootSIFT, less its mean, its directions
evened out, under a secret rotation) and its place, scale and angle, coarsely. Distances between the bits
survive the rotation. It keeps a decoder that was made for SIFT out, but not whoever has a whole list: that,
and how much the codes give away, is measured in docs/decoder.md. What protects them is encryption.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import shake_256
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from luwte.lab.fingerprints.keypoints import DESCRIPTOR, SIDE, Keypoints, best

MOST_CODES = 64
MOST_CODED_FRAMES = 8
"""Of how many frames of a video codes are kept."""
CODE_BYTES = 20
BITS_BYTES = 16
SEED_BYTES = 32
PLACES = 128
"""Steps of a place along the longer side of the picture."""
ANGLES = 64
_OCTAVE = 8  # steps of scale
_FEW = 16
"""Rows of descriptors, the product of which with the rotation one thread makes."""

STATISTICS_FILE = Path(__file__).with_name("local_codes.npy")
"""(129, 128): the mean of RootSIFT, and what evens out its directions; `bench.descriptors` makes it."""

Codes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class LocalCodes:
    """N local codes (N, 20) uint8 of a picture of `width` x `height` steps, the longer side being 128.

    Of each code the first 16 bytes are its bits; then x and y in steps, the scale in eighths of an octave of
    pixels at a longer side of 256, and the angle in 64ths of a turn, clockwise.
    """

    width: int
    height: int
    codes: Codes

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def bits(self) -> Codes:
        """The bits alone, (N, 16)."""
        return self.codes[:, :BITS_BYTES]

    @property
    def places(self) -> NDArray[np.float32]:
        """(N, 4) float32: x, y and diameter in steps, angle in degrees; the middle of what was rounded."""
        found = self.codes[:, BITS_BYTES:].astype(np.float32)
        found[:, :2] += 0.5
        found[:, 2] = 2 ** (found[:, 2] / _OCTAVE) * PLACES / SIDE
        found[:, 3] *= 360 / ANGLES
        return found

    def to_bytes(self) -> bytes:
        """Return width and height, a byte each, and the codes."""
        return bytes((self.width, self.height)) + self.codes.tobytes()

    @classmethod
    def from_bytes(cls, content: bytes) -> LocalCodes:
        """Return the codes that `content` holds; raises `ValueError` when it is not such."""
        count, rest = divmod(len(content) - 2, CODE_BYTES)
        if rest or not 0 <= count <= MOST_CODES or min(content[:2]) < 1 or max(content[:2]) > PLACES:
            raise ValueError("not local codes")
        return cls(content[0], content[1], np.frombuffer(content[2:], np.uint8).reshape(-1, CODE_BYTES))


class Rotation:
    """The secret rotation of one authority, from a seed of 32 bytes; the same seed gives the same codes."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise ValueError(f"a seed of a rotation is {SEED_BYTES} bytes")
        mean, *even = np.load(STATISTICS_FILE).astype(np.float64)
        self._mean, self._matrix = mean, np.stack(even) @ _orthonormal(seed)

    def bits(self, descriptors: NDArray[np.uint8]) -> Codes:
        """Return the bits (N, 16) of SIFT `descriptors` (N, 128)."""
        return np.packbits(self.values(descriptors) > 0, axis=1)

    def values(self, descriptors: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return the values (N, 128) whose signs are the bits of `descriptors`.

        A few rows at a time: a larger product would wake the threads of BLAS, at ten times the cost.
        """
        rows = root(descriptors) - self._mean
        even = np.zeros((-(-len(rows) // _FEW), _FEW, DESCRIPTOR))
        even.reshape(-1, DESCRIPTOR)[: len(rows)] = rows
        found: NDArray[np.float64] = (even @ self._matrix).reshape(-1, DESCRIPTOR)[: len(rows)]
        return found

    def encode(self, keypoints: Keypoints, most: int = MOST_CODES) -> LocalCodes:
        """Return the codes of the `best` of `keypoints`, at most `most`."""
        chosen = best(keypoints, most)
        longer = max(chosen.width, chosen.height)
        steps = PLACES / longer
        x, y, size, angle = (column.astype(np.float64) for column in chosen.places.T)
        scale = np.log2(np.maximum(size * SIDE / longer, 1)) * _OCTAVE
        columns = (x * steps, y * steps, np.round(scale), np.round(angle / 360 * ANGLES) % ANGLES)
        places = np.stack([np.clip(column, 0, 255) for column in columns], axis=1).astype(np.uint8)
        width, height = (max(1, round(side * steps)) for side in (chosen.width, chosen.height))
        return LocalCodes(width, height, np.concatenate([self.bits(chosen.descriptors), places], axis=1))


def telling(frames: Sequence[Keypoints]) -> list[Keypoints]:
    """Return those of the frames of a video that get codes, in order, at most `MOST_CODED_FRAMES`.

    Of each stretch of neighbours the one with most keypoints; one without a keypoint is none.
    """
    cuts = np.linspace(0, len(frames), min(MOST_CODED_FRAMES, len(frames)) + 1).round().astype(int)
    best_of_each = (max(frames[first:last], key=len) for first, last in pairwise(cuts))
    return [frame for frame in best_of_each if frame]


def root(descriptors: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return RootSIFT (N, 128) of SIFT `descriptors` (N, 128): square roots of the shares of their sum."""
    values = descriptors.astype(np.float64)
    return np.asarray(np.sqrt(values / np.maximum(values.sum(axis=1, keepdims=True), 1)), np.float64)


def _orthonormal(seed: bytes) -> NDArray[np.float64]:
    """Return a rotation (128, 128), evenly drawn: normal values out of SHAKE-256, made orthonormal.

    Nothing here depends on a version of NumPy's generators.
    """
    count = DESCRIPTOR * DESCRIPTOR
    stream = np.frombuffer(shake_256(b"luwte local codes" + seed).digest(16 * count), "<u8")
    even = (stream.astype(np.float64) + 1) / 2.0**64
    radius, turn = np.sqrt(-2 * np.log(even[:count])), 2 * np.pi * even[count:]
    matrix, triangle = np.linalg.qr((radius * np.cos(turn)).reshape(DESCRIPTOR, DESCRIPTOR))
    rotation: NDArray[np.float64] = matrix * np.sign(np.diag(triangle))
    return rotation
