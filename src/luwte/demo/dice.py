"""Randomness that gives the same numbers on every machine and with every NumPy version."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]


class Dice:
    """A stream of numbers from a seed.

    It uses the raw stream of PCG64, which NumPy promises never to change, and none of NumPy's
    distributions, which may change.
    """

    def __init__(self, *seed: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence(seed))

    def raw(self, count: int) -> NDArray[np.uint64]:
        """Return `count` random 64-bit words."""
        return self._bits.random_raw(count)

    def uniforms(self, count: int, low: float = 0.0, high: float = 1.0) -> NDArray[np.float64]:
        """Return `count` numbers in [low, high)."""
        unit = (self.raw(count) >> np.uint64(11)).astype(np.float64) * 2.0**-53
        return low + unit * (high - low)

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """Return one number in [low, high)."""
        return float(self.uniforms(1, low, high)[0])

    def whole(self, low: int, high: int) -> int:
        """Return one whole number from `low` to `high`, both included."""
        return low + int(self.raw(1)[0] % np.uint64(high - low + 1))

    def shuffled(self, count: int) -> list[int]:
        """Return 0..count-1 in a random order."""
        return [int(place) for place in np.argsort(self.raw(count), kind="stable")]

    def colour(self, low: int = 20, high: int = 235) -> Colour:
        """Return a colour with each channel from `low` to `high`."""
        return (self.whole(low, high), self.whole(low, high), self.whole(low, high))
