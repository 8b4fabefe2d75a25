"""The wire between processes: pieces of one sort byte, a length and that many bytes.

The same form carries a carrier's files from the reader, and a file's bytes to a worker. The receiver
bounds every length, so that a child that went wrong costs no memory.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

HEADER = struct.Struct("<cI")
MAX_PIECE = 1 << 20
"""The longest payload of a piece, in bytes."""

PIECE = b"c"  # bytes of the current file
END = b"e"  # the current file ends
DROP = b"d"  # forget the current file
LOOK = b"l"  # look at the current file, whose digests were said
WINDOW = b"w"  # say the hash of a part of the picture that is being looked at closely


class Garbled(Exception):
    """What came through a pipe is not in the form of pieces."""


def piece(sort: bytes, payload: bytes = b"") -> bytes:
    """Return the piece of `sort` with `payload` (at most `MAX_PIECE` bytes) as it goes over the wire."""
    return HEADER.pack(sort, len(payload)) + payload


def read_piece(source: BinaryIO) -> tuple[bytes, bytes] | None:
    """Return the next piece of `source` as (sort, payload), or None when it ended. Raises `Garbled`."""
    header = source.read(HEADER.size)
    if not header:
        return None
    sort, length = unpack_header(header)
    payload = source.read(length)
    if len(payload) != length:
        raise Garbled
    return sort, payload


def unpack_header(header: bytes) -> tuple[bytes, int]:
    """Return the sort and the length of the payload that `header` announces. Raises `Garbled`."""
    if len(header) != HEADER.size:
        raise Garbled
    sort, length = HEADER.unpack(header)
    if length > MAX_PIECE:
        raise Garbled
    return sort, length
