"""The one reader that a post has at a time, kept from unit to unit of a carrier."""

from __future__ import annotations

from luwte.lab.scan.launch import Launch
from luwte.lab.scan.reading import Reading
from luwte.lab.scan.request import Request
from luwte.lab.scan.units import Unit


class Readers:
    """Keeps the reader of the carrier of `request` that it is at, from unit to unit."""

    def __init__(self, request: Request, start: Launch) -> None:
        self._request = request
        self._start = start
        self._at: tuple[int, Reading] | None = None

    def before(self, unit: Unit) -> Reading:
        """Return a reader that has not passed `unit`; raises `CarrierRefused`."""
        if self._at is not None and (self._at[0] != unit.carrier or not self._at[1].can_give(unit)):
            self.leave()
        if self._at is None:
            request = self._request
            path = request.carriers[unit.carrier]
            reading = Reading(path, carve=request.carve, stall=request.stall, start=self._start)
            self._at = unit.carrier, reading
            reading.opened()
        return self._at[1]

    def leave(self) -> None:
        """Let go of the reader, if there is one."""
        if self._at is not None:
            self._at[1].close()
            self._at = None
