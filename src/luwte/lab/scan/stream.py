"""The bytes of one file, from the reader that gives them to the worker that looks at them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import Queue

from luwte.lab.carriers import Unreadable
from luwte.lab.scan.crew import put, take
from luwte.lab.scan.hearing import FileEnds

_AHEAD = 8


class Stream:
    """The bytes of one file on their way from the reader to a worker, a few pieces at most."""

    def __init__(self, stop: threading.Event) -> None:
        self._pieces: Queue[bytes | FileEnds] = Queue(_AHEAD)
        self._stop = stop
        self._abandoned = threading.Event()

    def put(self, item: bytes | FileEnds) -> None:
        """Pass on the next bytes or the end; drops them when nobody wants the rest. Raises `Stopped`."""
        if self._abandoned.is_set():
            return
        put(self._pieces, item, self._stop)

    def abandon(self) -> None:
        """Say that nobody wants the rest, and make room for whoever is putting."""
        self._abandoned.set()
        while not self._pieces.empty():
            self._pieces.get_nowait()

    def __iter__(self) -> Iterator[bytes]:
        while True:
            item = take(self._pieces, self._stop)
            if isinstance(item, FileEnds):
                if item.error is not None:
                    raise Unreadable(item.error)
                return
            yield item
