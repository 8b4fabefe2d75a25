"""LUKS 2 volumes with AES in XTS, opened with a passphrase.

Source: "LUKS2 On-Disk Format Specification", version 1.1.1. This is our own because libluksde 20260902 reads
LUKS 1 alone. What the header asks for is bounded before it is done: memory, passes, iterations, key slots.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import struct
import time
from base64 import b64decode
from typing import Any, Final

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from luwte.lab.carriers.carrier import Read
from luwte.lab.carriers.sectors import SECTOR, NotRead, of_xts

LARGEST_HEADER: Final = 4 << 20
MOST_MEMORY: Final = 4 << 20  # KiB; cryptsetup takes at most this much
MOST_WORK: Final = 32 << 20  # KiB that are gone over, all passes together
MOST_ITERATIONS: Final = 50_000_000
SECONDS: Final = 60.0
"""Processor time after which no further key slot is tried with a passphrase."""
_HEAD = struct.Struct(">6sHQ")
_MOST_SLOTS, _LARGEST_KEY, _MOST_STRIPES = 32, 64, 4000
_HASHES = ("sha1", "sha256", "sha384", "sha512")
_CIPHER = "aes-xts-plain64"
_SECTOR_SIZES = (512, 1024, 2048, 4096)
WRONG: Final = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)


class Luks2:
    """The volume of `size` bytes behind `read`. Raises `NotRead`, or `Unreadable` when the image fails."""

    def __init__(self, read: Read, size: int) -> None:
        self._read = read
        try:
            about = _header(read)
            segments = list(about["segments"].values())
            segment = segments[0]
            cipher, self._sector = segment["encryption"], segment["sector_size"]
            if (
                len(segments) != 1
                or segment["type"] != "crypt"
                or cipher != _CIPHER
                or "integrity" in segment
            ):
                raise NotRead
            if self._sector not in _SECTOR_SIZES:
                raise NotRead
            self._start, self._first = int(segment["offset"]), int(segment["iv_tweak"])
            length = segment["size"]
            left = size - self._start
            self.size = left if length == "dynamic" else min(left, int(length))
            self.size -= self.size % self._sector
            self._digests = [_Digest(digest) for digest in about["digests"].values()]
            self._slots = [_Slot(slot) for slot in list(about["keyslots"].values())[:_MOST_SLOTS]]
            if self.size <= 0 or self._first < 0 or self._start <= 0:
                raise NotRead
        except WRONG as error:
            raise NotRead from error
        self._key = b""

    def unlock(self, passphrase: str) -> bool:
        """Return whether `passphrase` opens one of the key slots; from then on the volume can be read."""
        began = time.process_time()
        for slot in self._slots:
            if time.process_time() - began > SECONDS:
                return False
            try:
                key = slot.key(passphrase.encode(), self._read)
                if any(digest.is_of(key) for digest in self._digests):
                    self._key = key
                    return True
            except (*WRONG, MemoryError):
                continue
        return False

    def read_buffer_at_offset(self, size: int, offset: int) -> bytes:
        """Return `size` plain bytes from `offset`, fewer at the end. Raises `Unreadable`."""
        before = offset % self._sector
        start, end = offset - before, max(offset, min(self.size, offset + size))
        content = self._read(self._start + start, -(-(end - start) // self._sector) * self._sector)
        first = self._first + start // SECTOR
        return of_xts(content, self._key, first, self._sector)[before : before + end - offset]

    def get_size(self) -> int:
        """Return the number of plain bytes."""
        return self.size


class _Digest:
    def __init__(self, given: Any) -> None:
        self._hash, self._iterations = _known(given["hash"]), _count(given["iterations"], MOST_ITERATIONS)
        self._salt, self._digest = b64decode(given["salt"]), b64decode(given["digest"])

    def is_of(self, key: bytes) -> bool:
        found = hashlib.pbkdf2_hmac(self._hash, key, self._salt, self._iterations, len(self._digest))
        return hmac.compare_digest(found, self._digest)


class _Slot:
    def __init__(self, given: Any) -> None:
        self._kdf, self._area, self._spread = given["kdf"], given["area"], given["af"]
        self._size = _count(given["key_size"], _LARGEST_KEY)

    def key(self, passphrase: bytes, read: Read) -> bytes:
        """Return the key in the slot if `passphrase` is right, and any other bytes if not."""
        if self._area["encryption"] != _CIPHER:
            raise NotRead
        stripes, kind = _count(self._spread["stripes"], _MOST_STRIPES), _known(self._spread["hash"])
        length = -(-self._size * stripes // SECTOR) * SECTOR
        content = read(int(self._area["offset"]), length)
        opening = _stretched(passphrase, self._kdf, _count(self._area["key_size"], _LARGEST_KEY))
        plain = of_xts(content, opening, 0)
        return _merged(plain, self._size, stripes, kind)


def _header(read: Read) -> Any:
    """Return what the first copy of the header says, or the second where that is damaged."""
    for place in (0, *(1 << bits for bits in range(14, 23))):
        magic, version, length = _HEAD.unpack(read(place, _HEAD.size).ljust(_HEAD.size, b"\0"))
        if magic not in (b"LUKS\xba\xbe", b"SKUL\xba\xbe") or version != 2 or length > LARGEST_HEADER:
            continue
        head = read(place, length)
        kind, stored = _known(head[72:104].rstrip(b"\0").decode("ascii")), head[448:512]
        found = hashlib.new(kind, head[:448] + bytes(64) + head[512:]).digest()
        if stored[: len(found)] == found:
            return json.loads(head[4096:].split(b"\0", 1)[0])
    raise NotRead


def _stretched(passphrase: bytes, kdf: Any, size: int) -> bytes:
    salt = b64decode(kdf["salt"])
    if kdf["type"] == "pbkdf2":
        iterations = _count(kdf["iterations"], MOST_ITERATIONS)
        return hashlib.pbkdf2_hmac(_known(kdf["hash"]), passphrase, salt, iterations, size)
    if kdf["type"] != "argon2id":
        raise NotRead
    memory = _count(kdf["memory"], MOST_MEMORY)
    passes, lanes = _count(kdf["time"], MOST_WORK // memory), _count(kdf["cpus"], 16)
    made = Argon2id(salt=salt, length=size, iterations=passes, lanes=lanes, memory_cost=memory)
    return made.derive(passphrase)


def _merged(content: bytes, size: int, stripes: int, kind: str) -> bytes:
    """Return the `size` bytes that were spread over `stripes`, as LUKS 1 does it."""
    found = bytes(size)
    for number in range(stripes):
        stripe = content[number * size : (number + 1) * size]
        found = bytes(a ^ b for a, b in zip(found, stripe, strict=True))
        if number < stripes - 1:
            found = _diffused(found, kind)
    return found


def _diffused(content: bytes, kind: str) -> bytes:
    width = hashlib.new(kind, usedforsecurity=False).digest_size
    pieces = (content[start : start + width] for start in range(0, len(content), width))
    hashed = (
        hashlib.new(kind, number.to_bytes(4, "big") + piece).digest()[: len(piece)]
        for number, piece in enumerate(pieces)
    )
    return b"".join(hashed)


def _known(name: Any) -> str:
    if name not in _HASHES:
        raise NotRead
    return str(name)


def _count(value: Any, most: int) -> int:
    if type(value) is not int or not 0 < value <= most:
        raise NotRead
    return value
