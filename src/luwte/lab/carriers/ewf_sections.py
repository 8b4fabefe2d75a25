"""The sections of E01 segment files: volume, chunk tables, stored hashes, sectors that were not imaged.

Source: Joachim Metz, "Expert Witness Compression Format" (libewf's published description). Numbers are
little-endian; every structure ends with an Adler-32 of the bytes before it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from luwte.lab.carriers.segments import Segments

HEADER: Final = struct.Struct("<8sBHH")
DESCRIPTOR: Final = struct.Struct("<16sQQ40sL")
TABLE_HEADER: Final = struct.Struct("<L4xQ4xL")
ENTRY: Final = np.dtype("<u4")
_VOLUME, _SMART_VOLUME = struct.Struct("<4xLLLQ"), struct.Struct("<4xLLLL")
_SMART_VOLUME_SIZE = 94
_RANGES = 520
_MOST_SECTIONS = 1 << 20
_LARGEST_CHUNK = 16 << 20
_LARGEST_CONTENT = 1 << 26
_MD5, _SHA1 = 16, 20
_PACKED = 0x80000000


class Damaged(Exception):
    """A segment contradicts itself; `args[0]` says how."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section: where its content starts and ends in its segment file, in bytes."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Volume:
    """The shape of the medium: bytes a chunk, number of chunks, bytes in all."""

    chunk_size: int
    chunks: int
    size: int


@dataclass(frozen=True, slots=True)
class Table:
    """Where in segment file `segment` (from 0) the chunks from number `first` on are.

    `entries` are offsets from `base` with the highest bit set for packed chunks; from entry `stored_from` on
    all are stored and the bit belongs to the offset. The last chunk ends at `end`.
    """

    first: int
    segment: int
    base: int
    end: int
    stored_from: int
    entries: NDArray[np.uint32]

    def spans(self, start: int, stop: int) -> list[tuple[int, int, bool]]:
        """Return start, end and whether it is packed of each chunk from entry `start` up to `stop`."""
        raw = self.entries[start : stop + 1].astype(np.int64)
        stored = np.arange(start, start + len(raw)) >= self.stored_from
        packed = (raw >= _PACKED) & ~stored
        places = np.where(stored, raw, raw & ~_PACKED) + self.base
        ends = np.append(places[1:], self.end)[: stop - start]
        return list(zip(places.tolist(), ends.tolist(), packed.tolist(), strict=False))


@dataclass(slots=True)
class Contents:
    """What all segments together say; hashes are None where none is stored."""

    volume: Volume | None = None
    tables: list[Table] = field(default_factory=list)
    chunks: int = 0
    md5: bytes | None = None
    sha1: bytes | None = None
    unread_sectors: int = 0
    repaired_tables: int = 0


def read_segment(file: Segments, number: int, contents: Contents) -> bool:
    """Add what segment file `number` (from 0) says to `contents`; return whether it is the last one.

    A table with a wrong checksum is taken from its copy. Raises `Damaged`.
    """
    sectors = Section("", 0, 0)
    broken: Damaged | None = None
    for section in sections(file):
        if broken and section.kind != "table2":
            raise broken
        match section.kind:
            case "sectors":
                sectors = section
            case "table":
                broken = _try_table(file, section, sectors, number, contents)
            case "table2" if broken:
                broken = _try_table(file, section, sectors, number, contents)
                if broken:
                    raise broken
                contents.repaired_tables += 1
            case "done":
                return True
            case _:
                _read_small(section.kind, file, section, contents)
    return False


def sections(file: Segments) -> Iterator[Section]:
    """Give the sections of one segment file, up to and with its `next` or `done`. Raises `Damaged`."""
    place = HEADER.size
    for _ in range(_MOST_SECTIONS):
        raw = file.read(place, DESCRIPTOR.size)
        if len(raw) < DESCRIPTOR.size:
            raise Damaged("it is cut off")
        name, following, size, _, checksum = DESCRIPTOR.unpack(raw)
        if isal_zlib.adler32(raw[:-4]) != checksum:
            raise Damaged("the description of a section has a wrong checksum")
        kind = name.rstrip(b"\0").decode("ascii", "replace")
        start = place + DESCRIPTOR.size
        if kind in ("next", "done"):
            yield Section(kind, start, start)
            return
        if following > file.size:
            raise Damaged("it is cut off")
        if following < start:
            raise Damaged("its sections run in a circle")
        yield Section(kind, start, min(following, place + size) if size >= DESCRIPTOR.size else following)
        place = following
    raise Damaged("it has too many sections")


def _read_small(kind: str, file: Segments, section: Section, contents: Contents) -> None:
    if kind in ("volume", "disk", "data") and contents.volume is None:
        contents.volume = _volume(_content(file, section))
    elif kind == "hash":
        contents.md5 = contents.md5 or _hash(_content(file, section), 0, _MD5)
    elif kind == "digest":
        content = _content(file, section)
        contents.md5 = _hash(content, 0, _MD5) or contents.md5
        contents.sha1 = _hash(content, _MD5, _SHA1)
    elif kind == "error2":
        contents.unread_sectors += _unread_sectors(_content(file, section))


def _content(file: Segments, section: Section) -> bytes:
    size = section.end - section.start
    if size > _LARGEST_CONTENT:
        raise Damaged(f"its section {section.kind!r} is far too long")
    return file.read(section.start, size)


def _check(content: bytes, start: int, end: int, what: str) -> None:
    """Compare the Adler-32 at `end` with that of the bytes from `start` up to it."""
    stored = content[end : end + 4]
    if len(stored) < 4 or isal_zlib.adler32(content[start:end]) != int.from_bytes(stored, "little"):
        raise Damaged(f"{what} has a wrong checksum")


def _volume(content: bytes) -> Volume:
    _check(content, 0, len(content) - 4, "the description of its volume")
    layout = _SMART_VOLUME if len(content) == _SMART_VOLUME_SIZE else _VOLUME
    if len(content) < layout.size:
        raise Damaged("the description of its volume is too short")
    chunks, chunk_sectors, sector_size, sectors = layout.unpack_from(content)
    chunk_size = chunk_sectors * sector_size
    size = sectors * sector_size or chunks * chunk_size
    if not 0 < chunk_size <= _LARGEST_CHUNK or not 0 < size <= chunks * chunk_size:
        raise Damaged("the description of its volume contradicts itself")
    return Volume(chunk_size, -(-size // chunk_size), size)


def _hash(content: bytes, start: int, size: int) -> bytes | None:
    _check(content, 0, len(content) - 4, "a stored hash")
    value = content[start : start + size]
    return value if len(value) == size and any(value) else None


def _unread_sectors(content: bytes) -> int:
    _check(content, 0, _RANGES - 4, "the list of sectors that were not imaged")
    count = int.from_bytes(content[:4], "little")
    ranges = np.frombuffer(content, ENTRY, min(2 * count, (len(content) - _RANGES) // 4), _RANGES)
    return int(ranges[1::2].astype(np.int64).sum())


def _try_table(
    file: Segments, section: Section, sectors: Section, number: int, contents: Contents
) -> Damaged | None:
    """Add a table and return None, or return what is wrong with it."""
    try:
        table = _table(file, section, sectors, number, contents)
    except Damaged as error:
        return error
    contents.tables.append(table)
    contents.chunks += len(table.entries)
    return None


def _table(file: Segments, section: Section, sectors: Section, number: int, contents: Contents) -> Table:
    head = file.read(section.start, TABLE_HEADER.size)
    _check(head, 0, TABLE_HEADER.size - 4, "a table of its chunks")
    count, base, _ = TABLE_HEADER.unpack(head)
    length = 4 * count
    place = section.start + TABLE_HEADER.size
    if contents.volume is None or place + length > section.end or not count:
        raise Damaged("a table of its chunks does not fit")
    if length > _LARGEST_CONTENT or base > file.size:
        raise Damaged("a table of its chunks points outside it")
    content = file.read(place, length + 4)
    if place + length + 4 <= section.end and sectors.end:
        _check(content, 0, length, "a table of its chunks")
    entries = np.frombuffer(content, ENTRY, count)
    end = sectors.end or section.end
    table = Table(contents.chunks, number, base, end, _stored_from(entries), entries)
    _check_spans(table, end, contents.volume)
    return table


def _stored_from(entries: NDArray[np.uint32]) -> int:
    """Return from which entry on offsets use all 32 bits: EnCase 6.7 does beyond 2 GiB, so they fall."""
    offsets = entries & np.uint32(~_PACKED & 0xFFFFFFFF)
    falls = np.flatnonzero(offsets[1:] < offsets[:-1])
    return int(falls[0]) + 1 if len(falls) else len(entries)


def _check_spans(table: Table, end: int, volume: Volume) -> None:
    """Refuse chunks outside their segment, running backward or longer than packing ever makes them."""
    for start in range(0, len(table.entries), 1 << 16):
        spans = np.array(table.spans(start, min(start + (1 << 16), len(table.entries))), np.int64)
        sizes = spans[:, 1] - spans[:, 0]
        if (
            spans[:, 1].max() > end
            or sizes.min() <= 0
            or sizes[:-1].max(initial=0) > 2 * volume.chunk_size + 4096
        ):
            raise Damaged("a table of its chunks points outside it")
