"""Files that hold others, kept back until it is known whether all that they hold was seen.

A worker may be done with an archive long before its reader is. So what was seen of it waits here, and comes
out once, with the reason in it: each file is settled once, in one class.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Final

from luwte.lab.scan.seen import Seen

MOST_OPEN: Final = 16
"""Files that may be open at once: each but the first lies in the one before."""


class Holding:
    """The files of one unit that are open, by number, the innermost last; for who reads and who settles."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: list[int] = []
        self._reasons: dict[int, str | None] = {}
        self._waiting: dict[int, Seen] = {}

    @property
    def holds_open(self) -> bool:
        """Whether a file is open, so that more of what lies in it must follow."""
        with self._lock:
            return bool(self._open)

    def begin(self, number: int) -> bool:
        """Note that the files in file `number` follow; say it before anybody can be done with that file.

        Returns False when more files are open than can lie in one another.
        """
        with self._lock:
            self._open.append(number)
            return len(self._open) <= MOST_OPEN

    def end(self, reason: str | None) -> Seen | None:
        """Note how the innermost open file ended, and return it if it waited for that.

        Raises `IndexError` when none is open.
        """
        with self._lock:
            number = self._open.pop()
            file = self._waiting.pop(number, None)
            if file is None:
                self._reasons[number] = reason
                return None
            return _with(file, reason)

    def end_all(self, reason: str) -> list[Seen]:
        """Note that all open files ended for `reason`, and return those that waited for that."""
        found = [self.end(reason) for _ in range(len(self._open))]
        return [file for file in found if file is not None]

    def settled(self, number: int, file: Seen) -> Seen | None:
        """Return `file` with what is known of its inside, or None and keep it until that is known."""
        with self._lock:
            if number in self._open:
                self._waiting[number] = file
                return None
            return _with(file, self._reasons.pop(number, None))


def _with(file: Seen, reason: str | None) -> Seen:
    return file if reason is None or file.error is not None else replace(file, error=reason)
