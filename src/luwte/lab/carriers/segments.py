"""One or more files of this machine read as one run of bytes."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import Final

from luwte.lab.carriers.carrier import Unreadable
from luwte.lab.carriers.errors import CarrierCannotBeOpened, CarrierIsEmpty

KEPT_OPEN: Final = 256
"""Files that are kept open; of an image in more segments each is opened when it is read."""

_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK


class Segments:
    """The bytes of `paths` one after the other. Several threads may read at once.

    Raises `CarrierCannotBeOpened`, or `CarrierIsEmpty` when one has no bytes.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = list(paths)
        self._handles: list[int] = []
        try:
            sizes = [self._add(path) for path in paths]
        except BaseException:
            self.close()
            raise
        self._ends = list(accumulate(sizes))
        self.size = self._ends[-1]

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from `offset`, fewer at the end. Raises `Unreadable` when the medium fails."""
        end = min(offset + size, self.size)
        pieces = []
        while offset < end:
            number = bisect_right(self._ends, offset)
            start = self._ends[number - 1] if number else 0
            piece = self.read_in(number, offset - start, min(end, self._ends[number]) - offset)
            offset += len(piece)
            pieces.append(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def read_in(self, number: int, offset: int, size: int) -> bytes:
        """Return up to `size` bytes, at least one, from `offset` in the file with that number (from 0)."""
        try:
            with self._handle(number) as handle:
                piece = os.pread(handle, size, offset)
        except OSError as error:
            raise Unreadable(f"the carrier could not be read ({error.strerror})") from error
        if not piece:
            raise Unreadable("the carrier became shorter while it was read")
        return piece

    def close(self) -> None:
        """Close all files."""
        while self._handles:
            os.close(self._handles.pop())

    def _add(self, path: Path) -> int:
        try:
            handle = os.open(path, _FLAGS)
        except (OSError, ValueError) as error:
            raise CarrierCannotBeOpened(path, getattr(error, "strerror", None) or str(error)) from error
        try:
            size = os.lseek(handle, 0, os.SEEK_END)
        except OSError as error:
            os.close(handle)
            raise CarrierCannotBeOpened(path, error.strerror or str(error)) from error
        if len(self._handles) < KEPT_OPEN:
            self._handles.append(handle)
        else:
            os.close(handle)
        if size == 0:
            raise CarrierIsEmpty(path)
        return size

    @contextmanager
    def _handle(self, number: int) -> Iterator[int]:
        if number < len(self._handles):
            yield self._handles[number]
            return
        handle = os.open(self._paths[number], _FLAGS)
        try:
            yield handle
        finally:
            os.close(handle)
