"""Cryptographic digests: MD5, SHA-1 and SHA-256 of a file, computed in one pass.

Foreign lists name files by any of the three (VICS demands MD5), so all three are always computed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import md5, sha1, sha256


@dataclass(frozen=True, slots=True)
class Digests:
    """What names a file exactly: `size` in bytes, `md5` (16 bytes), `sha1` (20) and `sha256` (32)."""

    size: int
    md5: bytes
    sha1: bytes
    sha256: bytes


class Digester:
    """Takes a file piece by piece and gives its `Digests`; memory does not grow with the file."""

    def __init__(self) -> None:
        self._size = 0
        self._md5 = md5(usedforsecurity=False)
        self._sha1 = sha1(usedforsecurity=False)
        self._sha256 = sha256()

    def update(self, piece: bytes | bytearray | memoryview) -> None:
        """Take the next bytes of the file."""
        self._size += len(piece)
        self._md5.update(piece)
        self._sha1.update(piece)
        self._sha256.update(piece)

    def finish(self) -> Digests:
        """Return the digests of all that was taken so far."""
        return Digests(self._size, self._md5.digest(), self._sha1.digest(), self._sha256.digest())


def digest(pieces: Iterable[bytes]) -> Digests:
    """Return the digests of the file that `pieces` make together."""
    digester = Digester()
    for piece in pieces:
        digester.update(piece)
    return digester.finish()
