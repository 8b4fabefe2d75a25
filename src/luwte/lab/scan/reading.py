"""Our side of the reader: starts it, asks it for one unit after another, and gives what it says."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Self

from luwte.base.errors import BadInput
from luwte.lab.scan import speaking
from luwte.lab.scan.hearing import Event, Nonsense, Opened, ReaderBroke, Searched, heard, opening, refusal
from luwte.lab.scan.launch import Launch, end, kill, launch
from luwte.lab.scan.pieces import HEADER, Garbled, piece, unpack_header
from luwte.lab.scan.pipes import ChildGone, DeadlinePassed, prepare, read_within, write_within
from luwte.lab.scan.reader import MODULE
from luwte.lab.scan.units import End, Unit

STALL = 300.0
"""Seconds that a reader may say nothing while it is waited for."""


class CarrierRefused(BadInput):
    """A carrier cannot be opened."""


class Reading:
    """One carrier being read by a child process, unit after unit. Use as a context manager."""

    def __init__(
        self, path: Path, *, carve: bool = False, stall: float = STALL, start: Launch = launch
    ) -> None:
        self._path = path
        self._stall = stall
        self._child = start(MODULE, str(path.absolute()), *["--carve"] * carve)
        if self._child.stdin is None or self._child.stdout is None:
            raise ValueError("a reader needs pipes")
        self._in, self._out = prepare(self._child.stdin), prepare(self._child.stdout)
        self._place = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Kill the reader and let go of its pipes."""
        end(self._child)

    def kill(self) -> None:
        """Kill the reader; whoever waits for its events gets `ReaderBroke`."""
        kill(self._child)

    def opened(self) -> Opened:
        """Wait until the carrier is open; raises `CarrierRefused` in one sentence when it cannot be."""
        try:
            sort, payload = self._next()
            if sort == speaking.REFUSED:
                raise CarrierRefused(refusal(payload))
            if sort != speaking.OPENED:
                raise Nonsense
            return opening(payload)
        except ReaderBroke as broke:
            raise CarrierRefused(
                f"{self._path} cannot be opened ({broke.reason}). It may be damaged or made to do harm; "
                "image it again, or leave it out."
            ) from None

    def can_give(self, unit: Unit) -> bool:
        """Return whether `unit` lies before this reader, which only goes forward."""
        return unit.part != "files" or unit.first >= self._place

    def mark_before(self, unit: Unit) -> str | None:
        """Go to the first root of `unit` and return the mark before it, None when there are fewer.

        Raises `ReaderBroke`.
        """
        for event in self.events(replace(unit, part="files", last=unit.first)):
            if isinstance(event, End):
                return event.mark if event.root == unit.first else None
            if not isinstance(event, Searched):  # all that it has to say on the way
                break
        raise Nonsense

    def events(self, unit: Unit) -> Iterator[Event]:
        """Ask for `unit`, one stretch of it after another, and give what the reader says, up to its `End`.

        Raises `ReaderBroke` when it does not come to that.
        """
        stretches = unit.wanted.stretches if unit.wanted else ()
        for first, last in stretches[:-1]:
            for event in self._stretch(replace(unit, first=first, last=last)):
                if not isinstance(event, End):
                    yield event
                elif event.ended:  # it has fewer roots than it had
                    yield event
                    return
                elif event.root != last:
                    raise Nonsense
        yield from self._stretch(replace(unit, first=stretches[-1][0]) if stretches else unit)

    def _stretch(self, unit: Unit) -> Iterator[Event]:
        try:
            with suppress(ChildGone):  # what it said before it went is still in the pipe
                write_within(self._in, _asking(unit), self._stall)
        except DeadlinePassed:
            raise ReaderBroke("its reader hung") from None
        while True:
            event = heard(*self._next())
            if isinstance(event, End):
                self._place = event.root
                yield event
                return
            yield event

    def _next(self) -> tuple[bytes, bytes]:
        until = time.monotonic() + self._stall
        try:
            sort, length = unpack_header(read_within(self._out, HEADER.size, until))
            return sort, read_within(self._out, length, until)
        except ChildGone:
            raise ReaderBroke("its reader stopped") from None
        except DeadlinePassed:
            raise ReaderBroke("its reader hung") from None
        except Garbled:
            raise Nonsense from None


def _asking(unit: Unit) -> bytes:
    if unit.part == "files":
        return piece(speaking.GIVE_FILES, json.dumps([unit.first, unit.last]).encode())
    return piece(speaking.GIVE_SPACE if unit.part == "space" else speaking.CHECK_HASH)
