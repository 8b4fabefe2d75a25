"""Which bytes of a medium belong to no live file, and reading those as one content.

The stretches between live files are read as if they lay one after the other: a deleted picture that was
written around files goes on behind them. What is free follows from the live files themselves and not from
the file system's own bitmap, so that no block is left out that no file gave.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

import numpy as np
from numpy.typing import NDArray

from luwte.lab.carriers.carrier import Read

_MOST_UNMERGED: Final = 1 << 20

Spans = NDArray[np.int64]
"""Stretches in bytes, (N, 2): start and end, in order, apart from one another."""


class Used:
    """Collects which bytes are used; what adjoins or overlaps is merged as it grows."""

    def __init__(self) -> None:
        self._merged: Spans = np.empty((0, 2), np.int64)
        self._new: list[tuple[int, int]] = []

    def add(self, start: int, end: int) -> None:
        """Note that the bytes from `start` up to `end` are used."""
        self._new.append((start, end))
        if len(self._new) >= max(_MOST_UNMERGED, len(self._merged)):
            self._merge()

    def free(self, start: int, end: int) -> Spans:
        """Return the stretches between `start` and `end` that are not used."""
        self._merge()
        used = self._merged.clip(start, end)
        used = used[used[:, 1] > used[:, 0]]
        edges = np.concatenate(([start], used.ravel(), [end])).reshape(-1, 2)
        return edges[edges[:, 1] > edges[:, 0]]

    def _merge(self) -> None:
        spans = np.array(self._new, np.int64).reshape(-1, 2)
        spans = np.concatenate((self._merged, spans[spans[:, 1] > spans[:, 0]]))
        spans = spans[np.argsort(spans[:, 0], kind="stable")]
        self._new = []
        if not len(spans):
            return
        reach = np.maximum.accumulate(spans[:, 1])
        first = np.flatnonzero(np.concatenate(([True], spans[1:, 0] > reach[:-1])))
        last = np.concatenate((first[1:] - 1, [len(spans) - 1]))
        self._merged = np.stack((spans[first, 0], reach[last]), 1)


class FreeSpace:
    """The bytes of `spans` of a medium, one stretch after the other; `size` is how many there are."""

    def __init__(self, read: Read, spans: Spans) -> None:
        self._read = read
        self._starts: list[int] = spans[:, 0].tolist()
        lengths = spans[:, 1] - spans[:, 0]
        self._offsets: list[int] = np.concatenate(([0], np.cumsum(lengths))).tolist()
        self.size = self._offsets[-1]

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from `offset`, fewer at the end. Raises `Unreadable`."""
        pieces = []
        size = min(size, self.size - offset)
        while size > 0:
            place, length = self._run(offset, size)
            piece = self._read(place, length)
            if not piece:
                break
            pieces.append(piece)
            offset, size = offset + len(piece), size - len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def place(self, offset: int) -> int:
        """Return where on the medium the byte at `offset` stands."""
        return self._run(offset, 1)[0]

    def contiguous(self, offset: int) -> int:
        """Return how many bytes from `offset` on lie together."""
        return self._run(offset, self.size)[1]

    def _run(self, offset: int, size: int) -> tuple[int, int]:
        number = min(bisect_right(self._offsets, offset), len(self._starts)) - 1
        within = offset - self._offsets[number]
        length = self._offsets[number + 1] - offset
        return self._starts[number] + within, min(size, length)
