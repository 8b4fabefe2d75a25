"""Pictures on a medium that no file gives: in space that no live file uses, and behind the ends of files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from luwte.exchange.rows import UNALLOCATED
from luwte.lab.carriers.carrier import CarrierFile, Read
from luwte.lab.carriers.carving import Limits, Picture, part_of, pictures, piece_of
from luwte.lab.carriers.free_space import FreeSpace, Used
from luwte.lab.carriers.names import joined

SLACK: Final = "$Slack"
LEAST_SLACK: Final = 512
"""Bytes; less behind the end of a file holds no picture worth a look."""
_MOST_REMEMBERED: Final = 1 << 18


class Unallocated:
    """Learns during a walk what is used and what was given, and then searches the rest of the medium.

    `read` reads the medium of `size` bytes; all places are in bytes from its start.
    """

    def __init__(self, read: Read, size: int, limits: Limits) -> None:
        self._read = read
        self._size = size
        self._limits = limits
        self._used = Used()
        self._given: set[tuple[int, int]] = set()

    def use(self, stretches: Iterable[tuple[int, int]], shift: int = 0) -> None:
        """Note that live files use `stretches`, start and end of each, `shift` further on."""
        for start, end in stretches:
            self._used.add(min(start + shift, self._size), min(end + shift, self._size))

    def give(self, start: int, size: int) -> None:
        """Note that a deleted file of `size` bytes whose content starts at `start` was given."""
        if size and len(self._given) < _MOST_REMEMBERED:
            self._given.add((start, size))

    def slack(self, start: int, size: int, path: str) -> Iterator[CarrierFile]:
        """Give the pictures in the `size` bytes from `start`, behind the end of the file at `path`."""
        if size >= LEAST_SLACK and start + size <= self._size:
            read, folder = part_of(self._read, start, size), joined(path, SLACK)
            for picture in pictures(read, 0, size, self._limits):
                yield from self._file(read, picture, start + picture.start, folder)

    def files(self, labels: Iterable[tuple[int, int, str]]) -> Iterator[CarrierFile]:
        """Give the pictures in what no live file uses; call it when all files of the medium were given.

        `labels` says, for parts of the medium from start to end, under which folder their pictures stand.
        """
        spans = self._used.free(0, self._size)
        if not len(spans):
            return
        space, parts = FreeSpace(self._read, spans), tuple(labels)
        for picture in pictures(space.read, 0, space.size, self._limits):
            place = space.place(picture.start)
            if (place, picture.size) not in self._given:
                label = next((label for start, end, label in parts if start <= place < end), "")
                yield from self._file(space.read, picture, place, joined(label, UNALLOCATED))

    def _file(self, read: Read, picture: Picture, place: int, folder: str) -> Iterator[CarrierFile]:
        if self._limits.take(picture.size):
            path = joined(folder, f"{place}.{picture.suffix}")
            yield piece_of(read, picture.start, picture.size, path)
