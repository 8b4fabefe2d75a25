"""Zip archives read through a `Read`, in bounded memory, whatever the archive claims.

Source: PKWARE APPNOTE.TXT 6.3.10. The directory is streamed, so its length costs no memory. Members that
overlap, expand far more than pictures do or contradict their stated size are refused.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, cast

from isal import isal_zlib

from luwte.lab.carriers.carrier import CHUNK_SIZE, Read, Unreadable, chunks_of
from luwte.lab.carriers.names import printable

ALWAYS_ALLOWED: Final = 8 << 30
"""Bytes that an archive, or all archives on a carrier, may expand to whatever their own size."""

LARGEST_EXPANSION: Final = 200
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 0xFFFF
_WINDOW = 1 << 20
_ESCAPED = 0xFFFFFFFF
_ENCRYPTED_FLAGS = 0x0001 | 0x0040 | 0x2000
_STORED, _DEFLATED, _AES = 0, 8, 99
_INFLATE_ERROR = cast(type[Exception], isal_zlib.error)


class BadArchive(Exception):
    """The archive as a whole cannot be read; `args[0]` says why."""


class TooLarge(BadArchive):
    """The archive, or what it expands to, goes beyond what is read of one."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: printable name, packed and plain size in bytes, and where its header stands."""

    name: str
    method: int
    encrypted: bool
    checksum: int
    packed: int
    size: int
    header: int


class Archive:
    """The members of the zip archive of `size` bytes behind `read`.

    Raises `BadArchive` when it has no directory.
    """

    def __init__(self, read: Read, size: int) -> None:
        self._read = read
        self._size = size
        self._start, self._end, self._shift = self._directory()

    def members(self) -> Iterator[Member]:
        """Give every member that is a file. Raises `BadArchive` where the directory breaks off or lies."""
        packed = expanded = 0
        most = max(ALWAYS_ALLOWED, LARGEST_EXPANSION * self._size)
        for member, name in self._entries():
            packed += member.packed + _LOCAL.size
            expanded += member.size
            if packed > self._size:
                raise BadArchive("its members overlap")
            if expanded > most:
                raise TooLarge(f"it expands to more than {most >> 30} GiB")
            if not name.endswith((b"/", b"\\")):
                yield member

    def chunks(self, member: Member) -> Iterator[bytes]:
        """Give the content of `member` in pieces. Raises `Unreadable` if it is damaged or encrypted."""
        if member.encrypted:
            raise Unreadable("is encrypted inside its zip file")
        if member.method not in (_STORED, _DEFLATED):
            raise Unreadable(f"is packed in a way that is not read (zip method {member.method})")
        packed = chunks_of(partial(self._at, self._content(member)), member.packed)
        yield from _checked(packed if member.method == _STORED else _inflated(packed), member)

    def reader(self, member: Member) -> Read | None:
        """Return a way to read a stored member from any place; None for a packed one."""
        if member.method != _STORED or member.encrypted or member.size != member.packed:
            return None
        return partial(self._stored, member)

    def _stored(self, member: Member, offset: int, size: int) -> bytes:
        return self._at(self._content(member), offset, max(0, min(size, member.size - offset)))

    def _at(self, start: int, offset: int, size: int) -> bytes:
        return self._read(start + offset, size)

    def _content(self, member: Member) -> int:
        """Return where the content of `member` starts, after a header of its own."""
        header = self._read(member.header, _LOCAL.size)
        if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
            raise Unreadable("its header inside the zip file is damaged")
        start: int = member.header + _LOCAL.size + sum(_LOCAL.unpack(header)[-2:])
        if start + member.packed > self._size:
            raise Unreadable("the zip file ends before this member does")
        return start

    def _directory(self) -> tuple[int, int, int]:
        """Return start and end of the directory, and the number of bytes put before the archive."""
        tail_start = max(0, self._size - _LONGEST_COMMENT - _END.size)
        tail = self._read(tail_start, self._size - tail_start)
        place = tail.rfind(b"PK\x05\x06", 0, max(0, len(tail) - _END.size + 4))
        if place < 0:
            raise BadArchive("its end is missing")
        _, disk, _, _, count, length, offset, _ = _END.unpack_from(tail, place)
        end = tail_start + place
        if disk not in (0, 0xFFFF):
            raise BadArchive("it is one part of a split zip")
        if count == 0xFFFF or _ESCAPED in (length, offset):
            length, offset, end = self._directory64(end)
        start = end - length
        if start < 0 or start < offset:
            raise BadArchive("its directory lies outside it")
        return start, end, start - offset

    def _directory64(self, end: int) -> tuple[int, int, int]:
        locator = self._read(max(0, end - _LOCATOR.size), _LOCATOR.size)
        place = end - _LOCATOR.size - _END64.size
        if len(locator) < _LOCATOR.size or locator[:4] != b"PK\x06\x07" or place < 0:
            raise BadArchive("its directory is damaged")
        record = self._read(place, _END64.size)
        if len(record) < _END64.size or record[:4] != b"PK\x06\x06":
            raise BadArchive("its directory is damaged")
        *_, length, offset = _END64.unpack(record)
        return length, offset, place

    def _entries(self) -> Iterator[tuple[Member, bytes]]:
        place, held, held_at = self._start, b"", self._start
        while place < self._end:
            if place + 3 * _LONGEST_COMMENT + _ENTRY.size > held_at + len(held) < self._end:
                held, held_at = self._read(place, min(_WINDOW, self._end - place)), place
            entry = held[place - held_at : place - held_at + _ENTRY.size]
            if len(entry) < _ENTRY.size or entry[:4] != b"PK\x01\x02":
                raise BadArchive("its directory is damaged")
            fields = _ENTRY.unpack(entry)
            name_length, extra_length, comment_length = fields[10:13]
            start = place - held_at + _ENTRY.size
            name = held[start : start + name_length]
            extra = held[start + name_length : start + name_length + extra_length]
            yield self._member(fields, name, extra), name
            place += _ENTRY.size + name_length + extra_length + comment_length

    def _member(self, fields: tuple[int, ...], name: bytes, extra: bytes) -> Member:
        flags, method, checksum = fields[3], fields[4], fields[7]
        packed, size, header = _sizes(fields[8], fields[9], fields[16], extra)
        text = name if flags & 0x0800 or _is_utf8(name) else name.decode("cp437")
        encrypted = bool(flags & _ENCRYPTED_FLAGS) or method == _AES
        shown = printable(text, separators=True)
        return Member(shown, method, encrypted, checksum, packed, size, header + self._shift)


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _sizes(packed: int, size: int, header: int, extra: bytes) -> tuple[int, int, int]:
    """Return the three values with those that did not fit replaced from the zip64 extra field."""
    long_values = _zip64_values(extra)
    size = long_values.pop(0) if size == _ESCAPED and long_values else size
    packed = long_values.pop(0) if packed == _ESCAPED and long_values else packed
    header = long_values.pop(0) if header == _ESCAPED and long_values else header
    return packed, size, header


def _zip64_values(extra: bytes) -> list[int]:
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        if kind == 1:
            field = extra[place + 4 : place + 4 + length]
            return [value for (value,) in struct.iter_unpack("<Q", field[: len(field) // 8 * 8])]
        place += 4 + length
    return []


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    inflater = isal_zlib.decompressobj(-15)
    try:
        for piece in packed:
            while piece and not inflater.eof:
                yield inflater.decompress(piece, CHUNK_SIZE)
                piece = inflater.unconsumed_tail
        while not inflater.eof:
            rest = inflater.decompress(b"", CHUNK_SIZE)
            if not rest:
                raise Unreadable("the zip file is damaged in this member")
            yield rest
    except _INFLATE_ERROR as error:
        raise Unreadable("the zip file is damaged in this member") from error


def _checked(pieces: Iterator[bytes], member: Member) -> Iterator[bytes]:
    size, checksum = 0, 0
    for piece in pieces:
        size += len(piece)
        if size > member.size:
            raise Unreadable("expands beyond its stated size")
        checksum = isal_zlib.crc32(piece, checksum)
        if piece:
            yield piece
    if size != member.size or checksum != member.checksum:
        raise Unreadable("its checksum inside the zip file is wrong")
