"""Intervals of rates.

Source: C. Clopper and E. Pearson, The Use of Confidence or Fiducial Limits, Biometrika 26 (1934).
"""

from __future__ import annotations

import math
from collections.abc import Callable


def interval(false: int, pairs: int, sure: float = 0.95) -> tuple[float, float]:
    """Return the Clopper-Pearson interval of the rate of `false` in `pairs`; of none, the rule of three.

    Pairs of one source are not independent of each other: the true interval is wider.
    """
    if false == 0:
        return 0.0, 3 / pairs if pairs else 1.0
    tail = (1 - sure) / 2
    low = _solved(lambda rate: 1 - _at_most(false - 1, pairs, rate) - tail, pairs, false)
    high = _solved(lambda rate: tail - _at_most(false, pairs, rate), pairs, false)
    return low, high


def _solved(rising: Callable[[float], float], pairs: int, false: int) -> float:
    low, high = 0.0, min(1.0, (5 * false + 50) / pairs)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return high


def _at_most(count: int, pairs: int, rate: float) -> float:
    """The chance of at most `count` in `pairs` independent tries at `rate`."""
    if not 0 < rate < 1:
        return float(rate <= 0)
    log_rate, log_rest = math.log(rate), math.log1p(-rate)
    whole = math.lgamma(pairs + 1)
    terms = (
        whole - math.lgamma(k + 1) - math.lgamma(pairs - k + 1) + k * log_rate + (pairs - k) * log_rest
        for k in range(count + 1)
    )
    return min(1.0, math.fsum(map(math.exp, terms)))
