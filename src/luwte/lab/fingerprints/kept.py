"""The bytes of a file as far as they are kept: its beginning, and of a long one also its end."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Kept:
    """Takes a file piece by piece; keeps its first `head` bytes, in whole pieces, and its last `tail`."""

    def __init__(self, head: int, tail: int = 0) -> None:
        self._room = head
        self._tail_room = tail
        self._head: list[bytes] = []
        self._head_bytes = 0
        self._tail: deque[bytes] = deque()
        self._tail_bytes = 0
        self._size = 0

    @property
    def whole(self) -> bool:
        """Whether all that came was kept."""
        return self._head_bytes + self._tail_bytes == self._size

    def take(self, piece: bytes) -> None:
        """Take the next bytes of the file."""
        self._size += len(piece)
        if self._size <= self._room:
            self._head.append(piece)
            self._head_bytes += len(piece)
            return
        self._tail.append(piece)
        self._tail_bytes += len(piece)
        while self._tail and self._tail_bytes - len(self._tail[0]) >= self._tail_room:
            self._tail_bytes -= len(self._tail.popleft())

    def joined(self) -> bytes:
        """Return what was kept in one piece, and keep it no longer."""
        content = b"".join((*self._head, *self._tail))
        self._head.clear()
        self._tail.clear()
        return content

    def open(self) -> io.BufferedReader:
        """Return what was kept as a file to read and seek in; what was not kept reads as its end."""
        pieces = [*self._head, *self._tail]
        return io.BufferedReader(
            _KeptFile(pieces, self._head_bytes, self._size - self._tail_bytes, self._size)
        )


class _KeptFile(io.RawIOBase):
    def __init__(self, pieces: list[bytes], head: int, tail: int, size: int) -> None:
        self._pieces = pieces
        self._size = size
        self._starts: list[int] = []
        place = 0
        for piece in pieces:
            place = tail if place == head else place
            self._starts.append(place)
            place += len(piece)
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("before the start of the file")
        self._place = base + offset
        return self._place

    def readinto(self, target: WriteableBuffer, /) -> int:
        number = bisect_right(self._starts, self._place) - 1
        view = memoryview(target).cast("B")
        found = b""
        if number >= 0:
            start = self._place - self._starts[number]
            found = self._pieces[number][start : start + len(view)]
        view[: len(found)] = found
        self._place += len(found)
        return len(found)
