"""Pictures inside the files of a carrier: behind the end of a picture, and anywhere in other files.

A file is looked through as it passes on its way to be fingerprinted, so it is read once; only where a
beginning was seen is it read again. Deleted files are left to the search of free space, where they lie.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from re import Pattern
from typing import Final

from luwte.lab.carriers.carrier import CarrierFile, Read, Unreadable
from luwte.lab.carriers.carving import Limits, pictures, piece_of
from luwte.lab.carriers.names import joined
from luwte.lab.carriers.picture_ends import KINDS, Ending, Source, bmp_end
from luwte.lab.fingerprints.kinds import HEAD_BYTES, kind_of

FOLDER: Final = "$Carved"
PACKED: Final = "a large packed file was not searched for pictures inside it"
_LARGEST_IN_MEMORY = 64 << 20
_MARKS = tuple(mark for mark, *_ in KINDS)
_LONGEST = max(map(len, _MARKS)) - 1
_BEFORE_MARK = 16
_LAST_MARKS = {"jpg": (re.compile(rb"\xff[\xd8\xd9]"), 2), "png": (re.compile(b"IEND"), 8)}
"""By suffix, what stands at the end of a picture and not in its pixels, and how far the end is from there.
A JPEG that breaks off in another one is told by the beginning of that."""
_SCAN = 0xDA


def sifted(files: Iterable[CarrierFile], limits: Limits) -> Iterator[CarrierFile]:
    """Give `files`, and after each one that was read to its end the pictures inside it.

    Of a picture with bytes behind its end the picture alone is given too, so that both digests are known.
    """
    before: tuple[CarrierFile, _Passing] | None = None
    for file in files:
        if before and not _is_inside(file, before[0]):
            yield from _inside(*before, limits)
        before = None
        if file.state in ("deleted", "carved"):
            yield file
            continue
        passing = _Passing(file)
        yield replace(file, chunks=passing.chunks)
        before = (file, passing)
    if before:
        yield from _inside(*before, limits)


def _is_inside(file: CarrierFile, archive: CarrierFile) -> bool:
    """Return whether `file` is what the archive before it holds: its members need no carving."""
    if archive.inside and archive.inside.open:
        return False
    return file.state == "embedded" and file.path.startswith(f"{archive.path}/")


def _inside(file: CarrierFile, passing: _Passing, limits: Limits) -> Iterator[CarrierFile]:
    """Give the pictures inside `file`, if something that passed looked like one."""
    if not passing.suspect:
        return
    try:
        read = _random_access(file)
        ending = _own_ending(read, file.size, passing.suffix) if read else None
    except Unreadable:
        read = None
    if read is None:
        limits.problems.add(PACKED)
        return
    start, folder = passing.first_mark, joined(file.path, FOLDER)
    if ending is not None:
        start = ending.end
        if ending.whole and ending.end < file.size and limits.take(ending.end):
            yield piece_of(read, 0, ending.end, joined(folder, f"0.{passing.suffix}"))
    for picture in pictures(read, start, file.size, limits):
        if limits.take(picture.size):
            path = joined(folder, f"{picture.start}.{picture.suffix}")
            yield piece_of(read, picture.start, picture.size, path)


def _own_ending(read: Read, size: int, suffix: str) -> Ending | None:
    """Return how the picture ends that the file itself is; None when it is none, or none to speak of."""
    for _, _, kind, walk in KINDS:
        if kind == suffix:
            return walk(Source(read), 0, size)
    return None


def _random_access(file: CarrierFile) -> Read | None:
    if file.read is not None or file.size > _LARGEST_IN_MEMORY:
        return file.read
    content = memoryview(b"".join(file.chunks()))
    return lambda offset, size: bytes(content[offset : offset + size])


class _Passing:
    """Looks at a file while it passes: `suspect` once it has passed whole and may hold another picture.

    `suffix` says what picture the file itself is, "" for none; `first_mark` is where to search from.
    """

    def __init__(self, file: CarrierFile) -> None:
        self._file = file
        self._marks: tuple[bytes, ...] = ()
        self._last: Pattern[bytes] | None = None
        self._from = self._behind = 0
        self._hit = -1
        self.suffix = ""
        self.suspect = False

    @property
    def first_mark(self) -> int:
        """Return from where on another picture may start."""
        return 1 if self.suffix else max(0, self._hit - _BEFORE_MARK)

    def chunks(self) -> Iterator[bytes]:
        """Give the content as the file gives it. Raises `Unreadable`."""
        before, place, certain = b"", 0, False
        for piece in self._file.chunks():
            if place == 0:
                certain = self._begin(piece)
            if self._marks or self._last:
                self._look(before + piece, place - len(before))
                before = piece[-_LONGEST:]
            place += len(piece)
            yield piece
        self.suspect = certain or (self._hit >= 0 and self._hit + self._behind != place)

    def _begin(self, piece: bytes) -> bool:
        """Choose what to look for by the first bytes; return whether a closer look is needed in any case."""
        self._hit, self._from, self._marks, self._last = -1, 0, (), None
        self.suffix = next((suffix for mark, at, suffix, _ in KINDS if piece.startswith(mark, at)), "")
        if not self.suffix:
            self._marks = _MARKS if kind_of(piece[:HEAD_BYTES]) == "other" else ()
            return False
        if self.suffix == "webp":
            size = int.from_bytes(piece[4:8], "little")
            return self._file.size > 8 + size + size % 2
        if self.suffix == "bmp":
            ending = bmp_end(Source(lambda offset, size: piece[offset : offset + size]), 0, self._file.size)
            return ending is None or ending.end < self._file.size
        self._from = _first_scan(piece) if self.suffix == "jpg" else 8
        if self.suffix not in _LAST_MARKS or self._from < 0:
            return True
        self._last, self._behind = _LAST_MARKS[self.suffix]
        return False

    def _look(self, content: bytes, place: int) -> None:
        start = max(0, self._from - place)
        if self._last is not None:
            found = self._last.search(content, start)
            hits = [found.start()] if found else []
        else:
            hits = [hit for mark in self._marks if (hit := content.find(mark, start)) >= 0]
        if hits:
            self._hit, self._marks, self._last = place + min(hits), (), None


def _first_scan(piece: bytes) -> int:
    """Return where the pixels of a JPEG begin, behind its header and thumbnail; -1 when not in `piece`."""
    place = 2
    while place + 4 <= len(piece) and piece[place] == 0xFF:
        kind = piece[place + 1]
        place += 2 + int.from_bytes(piece[place + 2 : place + 4])
        if kind == _SCAN:
            return place
    return -1
