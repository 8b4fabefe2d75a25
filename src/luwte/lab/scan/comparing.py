"""Comparing licensed hashes, on the leading side: a confined worker does it, within a deadline."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import numpy as np

from luwte.lab.fingerprints.licensed import HasherFailed
from luwte.lab.scan.comparing_worker import ANSWER, MODULE, READY
from luwte.lab.scan.crew import DEADLINE, START_SECONDS
from luwte.lab.scan.launch import Launch, end, launch
from luwte.lab.scan.pieces import END, LOOK, MAX_PIECE, PIECE, Garbled, piece
from luwte.lab.scan.pipes import ChildGone, DeadlinePassed, prepare, read_within, write_within

MOST_LOSSES: Final = 3
"""Workers in a row that a hasher may cost; then nothing more is compared, which is counted."""


class Comparing:
    """Compares hashes with `known` ones by the hasher called `name`, each within `deadline` seconds.

    The worker starts when it is needed. Use and close it in one thread.
    """

    def __init__(
        self, name: str, known: Sequence[bytes], deadline: float = DEADLINE, start: Launch = launch
    ) -> None:
        self._name = name
        self._known = known
        self._deadline = deadline
        self._start = start
        self._worker: _Worker | None = None
        self._losses = 0

    def near(self, value: bytes) -> list[int]:
        """Return the rows of the known hashes that `value` is near, ascending. Raises `HasherFailed`."""
        if self._losses == MOST_LOSSES:
            raise HasherFailed
        try:
            self._worker = self._worker or _Worker(self._name, self._start)
            found = self._worker.near(value, self._known, self._deadline)
        except (ChildGone, DeadlinePassed, Garbled) as failure:
            self._losses += 1
            self.close()
            raise HasherFailed from failure
        self._losses = 0
        if found is None:
            raise HasherFailed
        return found

    def close(self) -> None:
        """Dismiss the worker; another one starts when it is needed."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None


class _Worker:
    """One child that compares."""

    def __init__(self, name: str, start: Launch) -> None:
        self._child = start(MODULE, name)
        if self._child.stdin is None or self._child.stdout is None:
            raise ValueError("a worker needs pipes")
        self._in, self._out = prepare(self._child.stdin), prepare(self._child.stdout)
        self._is_ready = False

    def near(self, value: bytes, known: Sequence[bytes], seconds: float) -> list[int] | None:
        """Return the rows of `known`, always the same, that `value` is near; None when it cannot compare.

        Raises `ChildGone`, `DeadlinePassed` and `Garbled`.
        """
        if not self._is_ready:
            self._tell(known)
        write_within(self._in, piece(LOOK, value), seconds)
        until = time.monotonic() + seconds
        compared, count = ANSWER.unpack(read_within(self._out, ANSWER.size, until))
        if count > len(known):
            raise Garbled
        rows = np.frombuffer(read_within(self._out, 4 * count, until), "<u4").astype(np.int64)
        if (np.diff(rows) <= 0).any() or (rows >= len(known)).any():
            raise Garbled
        return rows.tolist() if compared else None

    def close(self) -> None:
        """Kill the child and let go of its pipes."""
        with suppress(OSError):
            end(self._child)

    def _tell(self, known: Sequence[bytes]) -> None:
        at_once = max(1, MAX_PIECE // max(1, len(known[0]))) if known else 1
        for first in range(0, len(known), at_once):
            write_within(self._in, piece(PIECE, b"".join(known[first : first + at_once])), START_SECONDS)
        write_within(self._in, piece(END), START_SECONDS)
        if read_within(self._out, len(READY), time.monotonic() + START_SECONDS) != READY:
            raise Garbled
        self._is_ready = True
