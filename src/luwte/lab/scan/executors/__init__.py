"""Executors: who does the units of a scan. The leading process lends units out and writes down what comes."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from luwte.lab.scan.units import Batch, Unit


class News(NamedTuple):
    """Something came of a unit."""

    unit: Unit
    batch: Batch


class Lost(NamedTuple):
    """Who worked on the unit is gone, for a reason in plain words; what came of it so far holds."""

    unit: Unit
    reason: str


class Executor(Protocol):
    """Works on units and knows nothing of what is done already: it may be thrown away at any time."""

    @property
    def slice(self) -> int | None:
        """How many roots of a carrier a unit should have; None for all of them."""
        ...

    @property
    def room(self) -> int:
        """How many more units can be begun now; it may grow as machines join."""
        ...

    def begin(self, unit: Unit) -> str:
        """Begin with `unit`, for which there is room, and return the name of who works on it."""
        ...

    def next(self, seconds: float) -> News | Lost | None:
        """Return what came next, of any unit, or None when nothing came within `seconds`.

        The last news of a unit holds its end. Raises `Failure` when nobody can work at all.
        """
        ...

    def close(self) -> None:
        """Stop all work and let go of everything."""
        ...
