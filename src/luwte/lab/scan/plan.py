"""Which unit is next: what is done of each carrier, what is being done, and what is left.

A carrier's roots come first, then the space outside of them, then its stored hash. How many roots there are
is known when a unit came to their end. Where several machines work, each takes a slice; a slice that is lost
comes back, and after `MOST_LOSSES` is given up, and the carrier counts as incomplete.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from luwte.lab.scan.units import End, Unit

MOST_LOSSES: Final = 3
MOST_CHANGES: Final = 3
MOST_BREAKS: Final = 8
"""Times that reading one carrier may break off and go on behind the place."""


@dataclass
class Stand:
    """How far the work on one carrier is: stretches of roots that are `done`, with the mark at each end.

    `roots` is how many roots there are, None while unknown; when that stems from an earlier scan, `certain`
    is False until it was seen that they are the same still, and no more. `broke` counts how often reading
    broke off; a carrier that was `left` gets no more units.
    """

    verify: bool
    roots: int | None = None
    space: bool = False
    verified: bool = False
    broke: int = 0
    left: bool = False
    certain: bool = True
    done: dict[int, tuple[int, str | None]] = field(default_factory=dict)
    running: list[Unit] = field(default_factory=list)

    @property
    def finished(self) -> bool:
        """Return whether nothing is left to do, or to wait for."""
        return not self.running and self.next(0, None) is None

    def next(self, carrier: int, slice_: int | None) -> Unit | None:
        """Return what of the carrier called `carrier` may be begun now, at most `slice_` roots of it."""
        if self.left or self.broke >= MOST_BREAKS:
            return None
        if (unit := self._next_files(carrier, slice_)) is not None:
            return unit
        if not self.certain and self.roots is not None:
            waits = self._runs("files")
            return None if waits else Unit(carrier, "files", self.roots, None, self._mark_before(self.roots))
        if not (self.space or self._runs("space") or self._runs("files") or self.roots is None):
            return Unit(carrier, "space", self.roots, mark=self._mark_before(self.roots))
        if self.verify and not (self.verified or self._runs("verify")):
            return Unit(carrier, "verify")
        return None

    def _next_files(self, carrier: int, slice_: int | None) -> Unit | None:
        taken = {first: last for first, (last, _) in self.done.items()}
        taken |= {unit.first: _last(unit) for unit in self.running if unit.part == "files"}
        first = _first_gap(taken)
        if self.roots is not None and first >= self.roots:
            return None
        ends = [start for start in taken if start > first]
        ends += [first + slice_] if slice_ is not None else []
        ends += [self.roots] if self.roots is not None else []
        return Unit(carrier, "files", first, min(ends, default=None), self._mark_before(first))

    def _mark_before(self, first: int) -> str | None:
        return next((mark for last, mark in self.done.values() if last == first), None)

    def _runs(self, part: str) -> bool:
        return any(unit.part == part for unit in self.running)


class Plan:
    """The work on `stands`, one a carrier; `slice_` is how many roots a unit may have, None for all."""

    def __init__(self, stands: Sequence[Stand], slice_: int | None) -> None:
        self._stands = list(stands)
        self._slice = slice_
        self._losses: Counter[tuple[int, str, int]] = Counter()
        self._changes: Counter[int] = Counter()

    @property
    def finished(self) -> bool:
        """Return whether all work is done."""
        return all(stand.finished for stand in self._stands)

    def is_finished(self, carrier: int) -> bool:
        """Return whether all work on the carrier called `carrier` is done."""
        return self._stands[carrier].finished

    def next(self) -> Unit | None:
        """Return the next unit, which counts as begun, or None when there is none now."""
        for carrier, stand in enumerate(self._stands):
            unit = stand.next(carrier, self._slice)
            if unit is not None:
                stand.running.append(unit)
                return unit
        return None

    def reached(self, unit: Unit, upto: int, mark: str | None) -> None:
        """Note that all roots of `unit` before number `upto` are done."""
        if unit.part == "files" and upto > unit.first:
            self._stands[unit.carrier].done[unit.first] = (upto, mark)

    def ended(self, unit: Unit, end: End) -> None:
        """Note how `unit` ended."""
        stand = self._stands[unit.carrier]
        stand.running.remove(unit)
        if end.broke is not None:
            self._broken(stand, unit, end)
        elif unit.part == "space":
            stand.space = True
        elif unit.part == "verify":
            stand.verified = True
        if end.ended:
            stand.roots, stand.certain = end.root, True

    def begin_anew(self, unit: Unit) -> bool:
        """Note that what was done of the carrier of `unit`, which alone is being done of it, is void.

        Returns False, and changes nothing, when that happened too often: it is never the same twice.
        """
        self._changes[unit.carrier] += 1
        if self._changes[unit.carrier] > MOST_CHANGES:
            return False
        self._stands[unit.carrier] = Stand(self._stands[unit.carrier].verify)
        return True

    def lost(self, unit: Unit) -> bool:
        """Note that `unit` was lost with who worked on it; return whether it is given up."""
        stand = self._stands[unit.carrier]
        stand.running.remove(unit)
        place = stand.done.get(unit.first, (unit.first, None))[0] if unit.part == "files" else 0
        self._losses[unit.carrier, unit.part, place] += 1
        if self._losses[unit.carrier, unit.part, place] < MOST_LOSSES:
            return False
        stand.broke += 1
        stand.left = True
        return True

    def _broken(self, stand: Stand, unit: Unit, end: End) -> None:
        stand.broke += 1
        forward = unit.part == "files" and end.root > unit.first
        stand.left = stand.left or not forward


def _last(unit: Unit) -> int:
    return 1 << 62 if unit.last is None else unit.last


def _first_gap(taken: dict[int, int]) -> int:
    """Return the first number that no stretch in `taken`, from first to last, holds."""
    place = 0
    for first, last in sorted(taken.items()):
        if first > place:
            break
        place = max(place, last)
    return place
