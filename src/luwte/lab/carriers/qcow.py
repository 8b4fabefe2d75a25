"""QCOW2 virtual disks, read through a `Read`. Source: "The QCOW2 image format" in QEMU's own documentation.

This is our own because libqcow 20260703 gives wrong bytes, without a word, for clusters that are compressed.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import Final, cast

from isal import isal_zlib

from luwte.lab.carriers.carrier import Read, Unreadable

SIGNATURE: Final = b"QFI\xfb"
_HEADER = struct.Struct(">4sIQIIQIIQQIIQ")
_FEATURES = struct.Struct(">QQQII")
_CORRUPT, _COMPRESSION = 1 << 1, 1 << 3
_READ_FEATURES = 1 << 0 | _COMPRESSION  # the first: it was not closed; all that is read was written by then
_CLUSTER_BITS = range(9, 22)
_MOST_L1 = 4 << 20  # entries, as QEMU bounds them
_OFFSET = (1 << 56) - (1 << 9)
_COMPRESSED, _ZERO = 1 << 62, 1
_SECTOR = 512
_KEPT = 64
_INFLATE_ERROR = cast(type[Exception], isal_zlib.error)


class QcowIsNotRead(Exception):
    """The disk uses something that is not read; `args[0]` says what it is then."""


class QcowIsDamaged(Exception):
    """The disk contradicts itself."""


class Qcow:
    """The medium of `size` bytes in the QCOW2 disk of `length` bytes behind `read`.

    Raises `QcowIsDamaged`, `QcowIsNotRead`, or `Unreadable` when the file cannot be read.
    """

    def __init__(self, read: Read, length: int) -> None:
        self._read, self._length = read, length
        head = read(0, _HEADER.size + _FEATURES.size + 8)
        if len(head) < _HEADER.size:
            raise QcowIsDamaged
        magic, version, backing, _, bits, size, crypt, entries, table, *_ = _HEADER.unpack_from(head)
        if magic != SIGNATURE or version not in (2, 3) or bits not in _CLUSTER_BITS:
            raise QcowIsDamaged
        self.encrypted = crypt != 0
        self.size, self._bits, self._cluster = size, bits, 1 << bits
        self._zeros = _check_features(head) if version == 3 else 0
        if backing:
            raise QcowIsNotRead("a snapshot of another virtual disk")
        needed = -(-size // (self._cluster * (self._cluster // 8)))
        if not needed <= entries <= _MOST_L1:
            raise QcowIsDamaged
        self._l1 = struct.unpack(f">{needed}Q", self._whole(table, needed * 8))
        self._table = lru_cache(_KEPT)(self._load_table)
        self._inflated = lru_cache(_KEPT)(self._inflate)

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` bytes from `offset`, fewer at the end. Raises `Unreadable` where it is damaged."""
        pieces = []
        end = min(self.size, offset + size)
        while offset < end:
            within = offset % self._cluster
            count = min(end - offset, self._cluster - within)
            pieces.append(self._piece(offset >> self._bits, within, count))
            offset += count
        return b"".join(pieces)

    def _piece(self, cluster: int, within: int, count: int) -> bytes:
        entry = self._entry(cluster)
        if entry & _COMPRESSED:
            return self._inflated(entry)[within : within + count]
        place = entry & _OFFSET
        if not place or entry & self._zeros:
            return bytes(count)
        return self._at(place + within, count)

    def _entry(self, cluster: int) -> int:
        each = self._cluster // 8
        place = self._l1[cluster // each] & _OFFSET
        return self._table(place)[cluster % each] if place else 0

    def _load_table(self, place: int) -> tuple[int, ...]:
        return struct.unpack(f">{self._cluster // 8}Q", self._at(place, self._cluster))

    def _inflate(self, entry: int) -> bytes:
        split = 62 - (self._bits - 8)
        place = entry & ((1 << split) - 1)
        sectors = (entry >> split) & ((1 << (self._bits - 8)) - 1)
        packed = self._read(place, (sectors + 1) * _SECTOR - place % _SECTOR)
        try:
            found = isal_zlib.decompressobj(-15).decompress(packed, self._cluster)
        except _INFLATE_ERROR as error:
            raise _unreadable() from error
        if len(found) != self._cluster:
            raise _unreadable()
        return bytes(found)

    def _at(self, place: int, count: int) -> bytes:
        """Return `count` bytes of the file; what was never written at its end is zero."""
        if place >= self._length:
            raise _unreadable()
        return self._read(place, count).ljust(count, b"\0")

    def _whole(self, place: int, count: int) -> bytes:
        found = self._read(place, count)
        if len(found) != count:
            raise QcowIsDamaged
        return found


def _check_features(head: bytes) -> int:
    """Return the bit that says that a cluster is zero; raises where the disk needs what is not read."""
    features, *_, length = _FEATURES.unpack_from(head, _HEADER.size)
    if features & _CORRUPT:
        raise QcowIsDamaged
    zstandard = features & _COMPRESSION and length > 104 and head[104] != 0
    if features & ~_READ_FEATURES or zstandard:
        raise QcowIsNotRead(
            "a QCOW2 virtual disk of a newer kind (other compression, parts, or data elsewhere)"
        )
    return _ZERO


def _unreadable() -> Unreadable:
    return Unreadable("a part of the virtual disk that cannot be read")
