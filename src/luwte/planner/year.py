"""Four policies in one world, and how they fare when a number is other than was thought."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from luwte.planner import others, ours
from luwte.planner.measures import Figures, measure
from luwte.planner.parameters import Parameters, varied
from luwte.planner.world import make_world

OURS = "Luwte"
POLICIES = (*others.OTHERS, OURS)


class Row(NamedTuple):
    """One world of the sweep: the number that differs, its value, and the figures of each policy."""

    name: str
    value: float
    figures: dict[str, Figures]


def compare(parameters: Parameters) -> dict[str, Figures]:
    """Return the figures of each policy in the world of `parameters`."""
    world = make_world(parameters)
    found = {name: measure(world, others.run(policy, world)) for name, policy in others.OTHERS.items()}
    return found | {OURS: measure(world, ours.run(world))}


def sweep(parameters: Parameters) -> Iterator[Row]:
    """Give the figures with each uncertain number at its low and at its high value, one at a time."""
    for name, value, other in varied(parameters):
        yield Row(name, value, compare(other))
