"""P12-review: minutes of review for 1,000 confirmed findings, in a drawn year of carriers.

What is decided, in which order and when, and what is asked again, are the project's own code: clusters of
files, rejected pairs, the queue, its limits, and what answers come to. Each of five reasons why review is
cheap can be switched off, so that it is seen what each is worth.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping

from bench.review_values import REASONS, Reasons, Result, Way
from bench.review_world import DAYS, World
from bench.review_year import Year, at


def shares(values: Mapping[Reasons, float]) -> dict[str, float]:
    """Return how many times fewer each reason makes it: factors, whose product is that of all together.

    `values` holds the minutes under every set of reasons. A factor is the mean over all orders in which the
    reasons can be added, as L. Shapley (A Value for n-Person Games, 1953) has it, of logarithms.
    """
    found = {}
    for reason in REASONS:
        others = [one for one in REASONS if one != reason]
        total = 0.0
        for size in range(len(others) + 1):
            weight = math.factorial(size) * math.factorial(len(others) - size) / math.factorial(len(REASONS))
            for some in itertools.combinations(others, size):
                before, after = values[frozenset(some)], values[frozenset((*some, reason))]
                total += weight * math.log(before / after)
        found[reason] = math.exp(total)
    return found


def every_set() -> Iterator[Reasons]:
    """Give every set of reasons, none first."""
    for size in range(len(REASONS) + 1):
        yield from map(frozenset, itertools.combinations(REASONS, size))


def review(world: World, way: Way) -> Result:
    """Return what a year of `world` comes to when it is reviewed in this `way`."""
    year = Year(world, way)
    waiting = iter(world.carriers)
    following = next(waiting, None)
    number = 0
    for day in range(DAYS):
        while following is not None and following[0] == day:
            year.take_in(number, at(day), following[1])
            following, number = next(waiting, None), number + 1
        year.look(day)
    return year.result()
