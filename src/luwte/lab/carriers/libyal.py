"""The libraries of libyal on images of ours: they ask a `Source` for bytes, and a `Plain` gives theirs on."""

from __future__ import annotations

import io
from typing import Any, Final

from luwte.lab.carriers.carrier import Read, Unreadable

TROUBLE: Final = (OSError, ValueError, TypeError, OverflowError, AttributeError)
"""What they raise on bytes that they cannot read; `MemoryError` ends the carrier."""


_BLOCK = 4096


class Source:
    """The `size` bytes from `start` of what `read` reads, as the file that these libraries want."""

    def __init__(self, read: Read, start: int, size: int) -> None:
        self._read, self._start, self._size = read, start, size
        self._place = 0

    def read(self, size: int) -> bytes:
        """Return `size` bytes from here on, fewer at the end. Raises `OSError` when the image fails."""
        try:
            found = self._read(self._start + self._place, max(0, min(size, self._size - self._place)))
        except Unreadable as error:
            raise OSError(error.reason) from error
        self._place += len(found)
        return found

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to `offset`, counted as `whence` says, and return where that is."""
        self._place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place}.get(whence, self._size)
        return self._place

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._place

    def get_size(self) -> int:
        """Return the number of bytes."""
        return self._size


class Plain:
    """The `size` bytes that `opened`, an object of such a library, gives; `flaw` says where that fails.

    It is asked for whole blocks alone: from within a sector to beyond its end, libbde 20260916 and libluksde
    20260902 give wrong bytes without a word.
    """

    def __init__(self, opened: Any, size: int, flaw: str) -> None:
        self._opened, self._flaw = opened, flaw
        self.size = size

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from `offset`, fewer at the end. Raises `Unreadable` where it is damaged."""
        end = min(offset + size, self.size)
        if end <= offset:
            return b""
        start, whole = offset - offset % _BLOCK, min(self.size, -(-end // _BLOCK) * _BLOCK)
        try:
            found = bytes(self._opened.read_buffer_at_offset(whole - start, start))
        except TROUBLE as error:
            raise Unreadable(self._flaw) from error
        if len(found) != whole - start:
            raise Unreadable(self._flaw)
        return found[offset - start : end - start]

    def close(self) -> None:
        """Nothing is open: what it was opened from is closed by itself."""
