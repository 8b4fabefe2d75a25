"""Compound files (OLE2: Thumbs.db, the old .doc, .xls, .ppt and .msg): their streams lie in pieces.

Source: [MS-CFB] 12.0. A file is cut into sectors; one table says of each sector which one goes on with its
stream, another the same of the small streams, which share one stream. The directory is swept from its
first entry to its last instead of along its tree, so that no chain of names can go in circles or grow deep,
and what the tree lost is found too. Every chain is as long as a stated size that the file could hold.
"""

from __future__ import annotations

import struct
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from luwte.lab.carriers.archive import BadArchive, TooLarge
from luwte.lab.carriers.carrier import CHUNK_SIZE, Read, Unreadable, chunks_of, refused
from luwte.lab.carriers.names import joined, printable
from luwte.lab.carriers.packed import Member, Spend
from luwte.lab.carriers.picture_ends import KINDS

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LEFT_OVER: Final = ("$Unallocated", "$UnallocatedSmall")
"""The names of what no stream holds, where a picture seems to lie in it: deleted thumbnails stay there."""
MOST_STREAMS: Final = 1 << 20
MOST_SECTORS: Final = 1 << 24
_STEPS = 4
"""How often each sector may be gone through: once is enough where no two streams claim the same one."""
_EACH = 4 << 10  # bytes that a stream counts for whatever its size, as in other archives
_DEEPEST = 64

_HEADER = struct.Struct("<8s16x2x4H6x9L")
_IN_HEADER, _HEADER_SIZE = 109, 512
_ENTRY = struct.Struct("<64sHBxIII16x4x16xLQ")
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_LAST_SECTOR = 0xFFFFFFF9
_SMALL = 4096
_MARKS = tuple(mark for mark, *_ in KINDS)
_DAMAGED = "its place inside the compound file is damaged"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the directory: where its stream starts, and its neighbours in the tree of names."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class Compound:
    """The streams of the compound file of `size` bytes behind `read`. Raises `BadArchive` when it is none."""

    def __init__(self, read: Read, size: int) -> None:
        header = read(0, _HEADER_SIZE)
        if len(header) < _HEADER_SIZE or not header.startswith(MAGIC):
            raise BadArchive("it is cut off")
        _, version, order, shift, small_shift, _, _, directory, _, _, small, _, more, _ = _HEADER.unpack_from(
            header
        )
        if (version, shift) not in ((3, 9), (4, 12)) or order != 0xFFFE or small_shift != 6:
            raise BadArchive("its header is damaged")
        self._sectors = _Sectors(read, 1 << shift, size - (1 << shift), 1 << shift)
        if self._sectors.count > MOST_SECTORS:
            raise TooLarge("it is larger than compound files are")
        self._sectors.table = _table(self._sectors, _numbers(header[-4 * _IN_HEADER :]), more)
        entries = self._sectors.open_ended(directory, MOST_STREAMS * _ENTRY.size)
        self._directory = entries.read(0, entries.size)
        self._count = len(self._directory) // _ENTRY.size
        if self._count > MOST_STREAMS:
            raise TooLarge("it holds more streams than are read")
        self.encrypted = False
        """Whether a stream that was given told of a document with a password."""
        self._small = self._small_sectors(small)

    def _small_sectors(self, table: int) -> _Sectors:
        root = self._entry(0) if self._count else None
        if root is None or root.kind != _ROOT:
            raise BadArchive("its directory is damaged")
        try:
            stream = self._sectors.stream(root.start, root.size)
            links = self._sectors.open_ended(table, 4 * -(-stream.size // 64))
        except Unreadable:
            stream = links = _Content(self._sectors, array("I"), 0)
        found = _Sectors(stream.read, 64, stream.size, 0)
        found.table = _numbers(links.read(0, links.size))[: found.count]
        return found

    def members(self, spend: Spend) -> Iterator[Member]:
        """Give every stream, and what no stream holds where it may hold a picture.

        Raises `BadArchive` where the streams claim the same bytes again and again.
        """
        folders = self._folders()
        for number in range(1, self._count):
            entry = self._entry(number)
            if entry.kind != _STREAM:
                continue
            spend(entry.size + _EACH)
            member = self._member(entry, joined(self._folder(number, folders), printable(entry.name)))
            with suppress(Unreadable):
                self.encrypted |= member.read is not None and _is_locked(entry.name, member.read)
            yield member
        for name, sectors in zip(LEFT_OVER, (self._sectors, self._small), strict=True):
            rest = sectors.rest()
            if _may_hold_picture(rest):
                spend(rest.size)
                yield Member(name, rest.size, partial(chunks_of, rest.read, rest.size), rest.read)

    def _member(self, entry: _Entry, name: str) -> Member:
        sectors = self._small if entry.size < _SMALL else self._sectors
        try:
            content = sectors.stream(entry.start, entry.size)
        except Unreadable as failure:
            return Member(name, entry.size, partial(refused, failure.reason), None)
        return Member(name, entry.size, partial(chunks_of, content.read, entry.size), content.read)

    def _entry(self, number: int) -> _Entry:
        name, length, kind, left, right, child, start, size = _ENTRY.unpack_from(
            self._directory, number * _ENTRY.size
        )
        text = name[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        size = size & 0xFFFFFFFF if self._sectors.width == 512 else size
        return _Entry(text, kind, left, right, child, start, size)

    def _folders(self) -> array[int]:
        """Return of each entry the number of the storage that holds it, 0 for the root or none."""
        holders = array("I", bytes(4 * self._count))
        seen = bytearray(self._count)
        waiting = [(self._entry(0).child, 0)]
        while waiting:
            number, holder = waiting.pop()
            if not 0 < number < self._count or seen[number]:
                continue
            seen[number], holders[number] = 1, holder
            entry = self._entry(number)
            waiting += [(entry.left, holder), (entry.right, holder)]
            if entry.kind == _STORAGE:
                waiting.append((entry.child, number))
        return holders

    def _folder(self, number: int, folders: array[int]) -> str:
        names: list[str] = []
        while (number := folders[number]) and len(names) < _DEEPEST:
            names.insert(0, printable(self._entry(number).name))
        return "/".join(names)


class _Sectors:
    """A stretch of bytes in sectors of `width` bytes, from `start` on; `table` says which follows which."""

    def __init__(self, read: Read, width: int, size: int, start: int) -> None:
        self.width = width
        self.count = max(0, -(-size // width))
        self.table: array[int] = array("I")
        self._read, self._start = read, start
        self._used = bytearray(min(self.count, MOST_SECTORS))
        self._steps = _STEPS * self.count + 1024

    def read(self, offset: int, size: int) -> bytes:
        """Read from any place in the stretch."""
        return self._read(self._start + offset, size)

    def stream(self, start: int, size: int) -> _Content:
        """Return the stream of `size` bytes that starts in the sector `start`.

        Raises `Unreadable` where its chain ends before it does, `BadArchive` when all chains are too long.
        """
        length = -(-size // self.width)
        chain = self._chain(start, length) if length <= self.count else array("I")
        if len(chain) < length:
            raise Unreadable(_DAMAGED)
        self.take(chain)
        return _Content(self, chain, size)

    def open_ended(self, start: int, most: int) -> _Content:
        """Return the stream that starts in the sector `start`, as long as its chain, about `most` bytes."""
        chain = self._chain(start, min(self.count, most // self.width + 1))
        self.take(chain)
        return _Content(self, chain, len(chain) * self.width)

    def take(self, chain: array[int]) -> None:
        """Note that the sectors of `chain` hold something that was read."""
        for sector in chain:
            if sector < self.count:
                self._used[sector] = 1

    def rest(self) -> _Content:
        """Return what lies in the sectors that nothing holds, in their order."""
        free = array("I", (sector for sector, used in enumerate(self._used) if not used))
        return _Content(self, free, len(free) * self.width)

    def _chain(self, sector: int, most: int) -> array[int]:
        """Return the sectors from `sector` on, at most `most` of them; a circle ends there too."""
        found = array("I")
        while sector < len(self.table) and len(found) < most:
            found.append(sector)
            sector = self.table[sector]
        self._steps -= len(found)
        if self._steps < 0:
            raise BadArchive("its streams overlap")
        return found


class _Content:
    """The first `size` bytes of the sectors in `chain`; those that follow one another are read at once."""

    def __init__(self, sectors: _Sectors, chain: array[int], size: int) -> None:
        self.size = size
        self._sectors = sectors
        self._places = array("Q")
        self._firsts = array("I")
        before = -2
        for place, sector in enumerate(chain):
            if sector != before + 1:
                self._places.append(place * sectors.width)
                self._firsts.append(sector)
            before = sector

    def read(self, offset: int, size: int) -> bytes:
        """Read from any place in the stream; fewer bytes at its end, and where the file is cut off."""
        pieces: list[bytes] = []
        end = min(self.size, offset + size)
        run = bisect_right(self._places, offset) - 1
        while offset < end:
            ends = min(end, self._places[run + 1] if run + 1 < len(self._places) else self.size)
            at = self._firsts[run] * self._sectors.width + offset - self._places[run]
            piece = self._sectors.read(at, ends - offset)
            pieces.append(piece)
            if len(piece) < ends - offset:
                break
            offset, run = ends, run + 1
        return b"".join(pieces)


def _table(sectors: _Sectors, in_header: array[int], more: int) -> array[int]:
    """Return the table of all sectors, put together from the sectors that hold it."""
    each = sectors.width // 4
    found: array[int] = array("I")
    for place in _places_of_table(sectors, in_header, more):
        piece = sectors.read(place * sectors.width, sectors.width)
        if len(piece) < sectors.width:
            break
        sectors.take(array("I", [place]))
        found.extend(_numbers(piece))
        if len(found) >= sectors.count:
            break
    if len(found) < each:
        raise BadArchive("its table of sectors is damaged")
    return found[: sectors.count]


def _places_of_table(sectors: _Sectors, in_header: array[int], more: int) -> Iterator[int]:
    """Give the sectors that hold the table: the first 109 stand in the header, the others in sectors."""
    each = sectors.width // 4
    yield from (place for place in in_header if place < _LAST_SECTOR)
    for _ in range(sectors.count // (each * (each - 1)) + 2):
        if more >= sectors.count:
            return
        links = _numbers(sectors.read(more * sectors.width, sectors.width))
        sectors.take(array("I", [more]))
        more = links.pop() if len(links) == each else _LAST_SECTOR
        yield from (place for place in links if place < _LAST_SECTOR)


def _may_hold_picture(content: _Content) -> bool:
    before, longest = b"", max(map(len, _MARKS)) - 1
    for offset in range(0, content.size, CHUNK_SIZE):
        piece = before + content.read(offset, CHUNK_SIZE)
        if any(mark in piece for mark in _MARKS):
            return True
        before = piece[-longest:]
    return False


def _is_locked(name: str, read: Read) -> bool:
    """Return whether the stream `name` behind `read` says that its document has a password."""
    if name in ("Workbook", "Book"):  # [MS-XLS] 2.4.117: FilePass, the second record
        return read(4 + int.from_bytes(read(2, 2), "little"), 2) == b"\x2f\0"
    if name == "WordDocument":  # [MS-DOC] 2.5.2: FibBase.fEncrypted
        return bool(int.from_bytes(read(10, 2), "little") & 0x0100)
    return name == "EncryptedPackage"  # [MS-OFFCRYPTO] 2.3.4.4: a .docx, .xlsx or .pptx inside


def _numbers(raw: bytes) -> array[int]:
    found = array("I", raw[: len(raw) // 4 * 4])
    if sys.byteorder == "big":
        found.byteswap()
    return found
