"""PDQ in NumPy: the readable twin of the compiled core, and what serves where no compiler is.

Written from "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (Facebook, 2019).
The arithmetic is laid out so that this twin and native/src/pdq.cpp give the same bits: box sums are whole
numbers in float64, sums run in a fixed order, and the cosines are rounded to 40 binary digits, where the
mathematical libraries agree.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SAMPLES = 64
FREQUENCIES = 16
SMALLEST_SIDE = 5
HASH_BYTES = 32


class Taps(NamedTuple):
    """For each of the 64 samples along one side: which pixels it sums, how heavily, over which divisor."""

    starts: NDArray[np.intp]
    weights: NDArray[np.float64]
    divisors: NDArray[np.float64]


def hashes(grey: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int]:
    """The 8 dihedral PDQ hashes (8, 32) in the order of `luwte.lab.fingerprints.pdq`, and the quality 0..100.

    Both are zero when a side is under 5 pixels, as in the reference implementation.
    """
    if min(grey.shape) < SMALLEST_SIDE:
        return np.zeros((8, HASH_BYTES), np.uint8), 0
    samples = _samples_of_mirrorings(grey)
    waves = [_cosine_transform(each) for each in samples]
    rows = [_bits_above_median(each) for each in (*waves, *(each.T for each in waves))]
    return np.stack(rows), _quality(samples[0])


@lru_cache(maxsize=64)
def jarosz_taps(length: int) -> Taps:
    """Two box passes along a side of `length` pixels, taken only where one of the 64 samples lies.

    The box spans ceil(length / 128) pixels, the longer half after its centre, and at the border averages what
    lies inside. Two passes are one weighted sum; its weights are whole numbers over a common divisor.
    """
    window = -(-length // (2 * SAMPLES))
    starts = np.zeros(SAMPLES, np.intp)
    weights = np.zeros((SAMPLES, 2 * window - 1))
    divisors = np.zeros(SAMPLES)
    for sample in range(SAMPLES):
        outer = _box((2 * sample + 1) * length // (2 * SAMPLES), window, length)
        inner = [_box(position, window, length) for position in outer]
        scale = math.lcm(*{len(box) for box in inner})
        starts[sample] = inner[0].start
        divisors[sample] = len(outer) * scale
        weights[sample] = _overlap(inner, scale, 2 * window)[:-1]
    return Taps(starts, weights, divisors)


def _overlap(boxes: list[range], scale: int, length: int) -> NDArray[np.int64]:
    """The weight of each pixel from the first box's start on: a box of n pixels adds scale / n to each."""
    steps = np.zeros(length, np.int64)
    for box in boxes:
        steps[box.start - boxes[0].start] += scale // len(box)
        steps[box.stop - boxes[0].start] -= scale // len(box)
    return np.cumsum(steps)


def _box(centre: int, window: int, length: int) -> range:
    after = window // 2
    before = window - 1 - after
    return range(max(0, centre - before), min(length, centre + after + 1))


def _samples_of_mirrorings(grey: NDArray[np.uint8]) -> list[NDArray[np.float64]]:
    """The samples (64, 64) of the raster as is, mirrored left-right, upside down, and both.

    Each is sampled anew, for mirroring the samples is not the same: the filter leans to one side, and
    that costs 10 to 30 of the 31 bits in which a copy may differ.
    """
    upright, upended = _sampled_rows(grey), _sampled_rows(grey[::-1])
    sides = (upright, upright[:, ::-1], upended, upended[:, ::-1])
    divisors = jarosz_taps(grey.shape[0]).divisors[:, None] * jarosz_taps(grey.shape[1]).divisors
    return [_sampled_columns(rows) / divisors for rows in sides]


def _sampled_rows(grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    height, width = grey.shape
    taps = jarosz_taps(height)
    sums = np.zeros((SAMPLES, width))
    for tap, weights in enumerate(taps.weights.T):
        sums += weights[:, None] * grey[np.minimum(taps.starts + tap, height - 1)]
    return sums


def _sampled_columns(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    width = rows.shape[1]
    taps = jarosz_taps(width)
    sums = np.zeros((SAMPLES, SAMPLES))
    for tap, weights in enumerate(taps.weights.T):
        sums += weights * rows[:, np.minimum(taps.starts + tap, width - 1)]
    return sums


@lru_cache(maxsize=1)
def _cosines() -> NDArray[np.float64]:
    """The rows 1..16 of the 64-point DCT-II, (16, 64)."""
    step = math.pi / (2 * SAMPLES)
    exact = [[math.cos(step * (k + 1) * (2 * n + 1)) for n in range(SAMPLES)] for k in range(FREQUENCIES)]
    return np.rint(np.array(exact) * 2.0**40) / 2.0**40


def _cosine_transform(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    cosines = _cosines()
    columns = np.zeros((FREQUENCIES, SAMPLES))
    for n in range(SAMPLES):
        columns += cosines[:, n, None] * samples[n]
    waves = np.zeros((FREQUENCIES, FREQUENCIES))
    for n in range(SAMPLES):
        waves += columns[:, n, None] * cosines[:, n]
    return waves


def _bits_above_median(waves: NDArray[np.float64]) -> NDArray[np.uint8]:
    values = waves.ravel()
    median = np.partition(values, values.size // 2 - 1)[values.size // 2 - 1]
    return np.packbits((values > median)[::-1])


def _quality(samples: NDArray[np.float64]) -> int:
    """Sum of the steps between neighbouring samples, in whole percents of the grey range, over 90."""
    steps = [np.trunc(np.abs(np.diff(samples, axis=axis) * 100 / 255)).sum() for axis in (0, 1)]
    return min(100, int(steps[0] + steps[1]) // 90)
