"""The default executor: one post in this process, with reader and workers as processes of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from luwte.lab.scan.executors import Lost, News
from luwte.lab.scan.units import Batch, Unit


class Worker(Protocol):
    """Works on units: a post of either pass."""

    def look_over(self, unit: Unit) -> Iterator[Batch]:
        """Give what comes of `unit`, the last batch with its end."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class Local:
    """Has `post` do one unit after another, each whole. Closing it closes the post."""

    slice: int | None = None

    def __init__(self, post: Worker) -> None:
        self._post = post
        self._running: tuple[Unit, Iterator[Batch]] | None = None

    @property
    def room(self) -> int:
        """One, while nothing is being done."""
        return 0 if self._running else 1

    def begin(self, unit: Unit) -> str:
        """Begin with `unit`."""
        self._running = unit, self._post.look_over(unit)
        return "here"

    def next(self, seconds: float) -> News | Lost | None:
        """Return what came next of the unit that is being done, or None when there is none."""
        if self._running is None:
            return None
        unit, batches = self._running
        batch = next(batches)
        if batch.end is not None:
            self._running = None
        return News(unit, batch)

    def close(self) -> None:
        """Dismiss the post."""
        self._post.close()
