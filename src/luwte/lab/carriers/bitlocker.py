"""BitLocker volumes with another file system in them than NTFS, as sticks and cards have it.

Source: "BitLocker Drive Encryption (BDE) format" in the documentation of libbde. libbde opens all that holds
NTFS, and 20260916 nothing else (its issue 79). Read are the forms since Windows 7 without a diffuser: AES in
CBC, and in XTS since Windows 10.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from luwte.lab.carriers.carrier import Read
from luwte.lab.carriers.sectors import SECTOR, NotRead, of_cbc, of_xts

RECOVERY: Final = re.compile(r"\d{6}(?:-?\d{6}){7}")
"""How a recovery password is written: eight groups of six digits, each a multiple of eleven."""
_SIGNATURE = b"-FVE-FS-"
_PLACES = {_SIGNATURE: 176, b"MSWIN4.1": 440}
_METADATA = 64 << 10
_BLOCK = struct.Struct("<8sHHHHQLL3QQ")
_HEAD = struct.Struct("<LLLL16sLLQ")
_ENTRY = struct.Struct("<HHHH")
_MASTER, _VOLUME = 2, 3
_STRETCHED, _SEALED, _PROTECTED = 3, 5, 8
_PASSWORD, _BY_RECOVERY = 0x2000, 0x0800
_ROUNDS = 1 << 20
_METHODS = {0x8002: (16, of_cbc), 0x8003: (32, of_cbc), 0x8004: (32, of_xts), 0x8005: (64, of_xts)}
_MOST_MASTERS = 8


class BitLocker:
    """The volume of `size` bytes behind `read`, opened with `secret`, a password or a recovery password.

    Raises `NotRead` when that does not open it, or when it is damaged or of a kind that is not read.
    """

    def __init__(self, read: Read, size: int, secret: str) -> None:
        self._read, self.size = read, size - size % SECTOR
        try:
            entries = self._metadata(read(0, SECTOR))
            self._key = self._volume_key(entries, secret)
        except (struct.error, LookupError, ValueError, OverflowError, InvalidTag) as error:
            raise NotRead from error

    def get_size(self) -> int:
        """Return the number of plain bytes."""
        return self.size

    def read_buffer_at_offset(self, size: int, offset: int) -> bytes:
        """Return `size` plain bytes from `offset`, both in whole sectors. Raises `Unreadable`."""
        found = bytearray()
        while len(found) < size:
            at = offset + len(found)
            found += self._stretch(at, min(size - len(found), self._until(at)))
        return bytes(found)

    def _until(self, at: int) -> int:
        """Return for how many bytes from `at` on all is kept in the same way."""
        edges = [self._moved_size, self._encrypted, *(edge for zeros in self._zeros for edge in zeros)]
        return min((edge - at for edge in edges if edge > at), default=self.size - at)

    def _stretch(self, at: int, size: int) -> bytes:
        if any(start <= at < end for start, end in self._zeros):
            return bytes(size)
        place = self._moved + at if at < self._moved_size else at
        content = self._read(place, size).ljust(size, b"\0")
        return content if place >= self._encrypted else self._plain(content, self._key, place // SECTOR)

    def _metadata(self, header: bytes) -> list[tuple[int, int, bytes]]:
        """Take what the first whole block of metadata says of the volume, and return its entries."""
        places = struct.unpack_from("<3Q", header, _PLACES[header[3:11]])
        for place in places:
            content = self._read(place, _METADATA)
            if len(content) == _METADATA and content.startswith(_SIGNATURE):
                break
        else:
            raise NotRead
        _, _, version, _, _, encrypted, _, sectors, *blocks, moved = _BLOCK.unpack_from(content)
        length, *_, method, _ = _HEAD.unpack_from(content, _BLOCK.size)
        self._key_size, self._plain = _METHODS[method & 0xFFFF]
        if version != 2 or struct.unpack_from("<H", header, 11) != (SECTOR,):
            raise NotRead
        if any(place % SECTOR for place in (*blocks, moved)):
            raise NotRead  # else there were stretches without one whole sector, and reading never ended
        self._encrypted = encrypted - encrypted % SECTOR or self.size
        self._moved, self._moved_size = moved, sectors * SECTOR
        self._zeros = [(block, block + _METADATA) for block in blocks]
        self._zeros.append((moved, moved + self._moved_size))
        return list(_entries(content[_BLOCK.size + _HEAD.size : _BLOCK.size + length]))

    def _volume_key(self, entries: list[tuple[int, int, bytes]], secret: str) -> bytes:
        by_recovery = RECOVERY.fullmatch(secret)
        kind, hashed = (_BY_RECOVERY, _of_digits(secret)) if by_recovery else (_PASSWORD, _of_text(secret))
        (sealed, *_) = [data for sort, value, data in entries if (sort, value) == (_VOLUME, _SEALED)]
        masters = [data for sort, value, data in entries if (sort, value) == (_MASTER, _PROTECTED)]
        for master in masters[:_MOST_MASTERS]:
            if struct.unpack_from("<H", master, 26) != (kind,):
                continue
            parts = {value: data for _, value, data in _entries(master[28:])}
            try:
                opened = _unsealed(parts[_SEALED], _stretched(hashed, parts[_STRETCHED][4:20]))
            except (InvalidTag, KeyError):
                continue
            return _unsealed(sealed, opened)[: self._key_size]
        raise NotRead


def _entries(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Give sort, kind of value and value of each entry of the metadata."""
    place = 0
    while place + _ENTRY.size <= len(content):
        size, sort, value, _ = _ENTRY.unpack_from(content, place)
        if size < _ENTRY.size:
            return
        yield sort, value, content[place + _ENTRY.size : place + size]
        place += size


def _unsealed(sealed: bytes, key: bytes) -> bytes:
    """Return the key in `sealed`: nonce, tag, and a container with 12 bytes before the key. AES in CCM."""
    return AESCCM(key).decrypt(sealed[:12], sealed[28:] + sealed[12:28], None)[12:]


def _of_text(password: str) -> bytes:
    return sha256(sha256(password.encode("utf-16-le")).digest()).digest()


def _of_digits(recovery: str) -> bytes:
    groups = [int(group) for group in re.findall(r"\d{6}", recovery)]
    return sha256(struct.pack("<8H", *(group // 11 for group in groups))).digest()


def _stretched(hashed: bytes, salt: bytes) -> bytes:
    last, fixed = bytes(32), hashed + salt
    for count in range(_ROUNDS):
        last = sha256(last + fixed + count.to_bytes(8, "little")).digest()
    return last
