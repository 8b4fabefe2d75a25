"""Cryptographic digests: MD5, SHA-1 and SHA-256 of a file, computed in one pass.

Foreign lists name files by any of the three (VICS demands MD5), so all three are always computed. MD5 alone
takes about as long as both others, which processors have instructions for; so of a large file it is computed
in a thread of its own, beside them.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from hashlib import md5, sha1, sha256

LARGE = 8 << 20
"""Bytes of a file after which MD5 moves to a thread: below, other files keep the other cores busy."""
_LOT = 256 << 10  # bytes that are worth handing over
_LOTS = 4  # that may wait


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
        self._lot: list[bytes] = []
        self._lot_bytes = 0
        self._lots: deque[Future[None]] = deque()

    def update(self, piece: bytes) -> None:
        """Take the next bytes of the file."""
        self._size += len(piece)
        if self._size > LARGE and (beside := _beside()):
            self._hand_over(piece, beside)
        else:
            self._md5.update(piece)
        self._sha1.update(piece)
        self._sha256.update(piece)

    def finish(self) -> Digests:
        """Return the digests of all that was taken so far."""
        while self._lots:
            self._lots.popleft().result()
        self._md5_of(self._taken())
        return Digests(self._size, self._md5.digest(), self._sha1.digest(), self._sha256.digest())

    def _hand_over(self, piece: bytes, beside: ThreadPoolExecutor) -> None:
        self._lot.append(piece)
        self._lot_bytes += len(piece)
        if self._lot_bytes < _LOT:
            return
        if len(self._lots) == _LOTS:
            self._lots.popleft().result()
        self._lots.append(beside.submit(self._md5_of, self._taken()))

    def _taken(self) -> list[bytes]:
        """Return the pieces that wait to be handed over, which then wait no longer."""
        lot, self._lot, self._lot_bytes = self._lot, [], 0
        return lot

    def _md5_of(self, lot: list[bytes]) -> None:
        for piece in lot:
            self._md5.update(piece)


class Sha256Digester:
    """Takes a file as a `Digester` does, and gives its SHA-256 alone: the other digests are zeros."""

    def __init__(self) -> None:
        self._size = 0
        self._sha256 = sha256()

    def update(self, piece: bytes) -> None:
        """Take the next bytes of the file."""
        self._size += len(piece)
        self._sha256.update(piece)

    def finish(self) -> Digests:
        """Return what is known of all that was taken so far."""
        return Digests(self._size, bytes(16), bytes(20), self._sha256.digest())


@cache
def _beside() -> ThreadPoolExecutor | None:
    """Return the one thread for MD5 in this process; None where it could not run beside this one."""
    if len(os.sched_getaffinity(0)) < 2:
        return None
    beside = ThreadPoolExecutor(1, "md5")
    try:
        beside.submit(int).result()
    except RuntimeError:  # no thread can be started: all is computed in this one
        return None
    return beside


def digest(pieces: Iterable[bytes]) -> Digests:
    """Return the digests of the file that `pieces` make together."""
    digester = Digester()
    for piece in pieces:
        digester.update(piece)
    return digester.finish()
