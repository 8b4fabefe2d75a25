"""How often something took how long: bars that touch, each for a stretch of values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from luwte.desk.pages.figures.bars import bars
from luwte.desk.pages.figures.values import Figure, FigureRefused, Named, Point


def distribution(named: Named, counts: Sequence[Point]) -> Figure:
    """Return a bar for each stretch of `counts`, without room between them. Raises `FigureRefused`."""
    return bars(named, counts, gap=0.04)


def counted(values: Iterable[float], edges: Sequence[float]) -> list[int]:
    """Return how many of `values` lie from each edge up to the next, and from the last one on.

    `edges` rise; what lies before the first counts with it. Raises `FigureRefused`.
    """
    if not edges or any(one >= other for one, other in pairwise(edges)):
        raise FigureRefused("The edges of a distribution do not rise. Give each greater than the one before.")
    found = [0] * len(edges)
    for value in values:
        found[max(0, sum(edge <= value for edge in edges) - 1)] += 1
    return found
