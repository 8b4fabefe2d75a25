"""A worker that compares licensed hashes: it gets those of the list once, then one hash after another.

It runs as a process of its own (`python -m luwte.lab.scan.comparing_worker`), confined as those that look at
files are: what compares is somebody else's code, which may hang or end its process.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from functools import partial
from typing import BinaryIO, Final

from luwte.lab.fingerprints.licensed import Hasher, HasherFailed, load, near_rows
from luwte.lab.scan.confine import confine, private_output, write_all
from luwte.lab.scan.pieces import END, LOOK, PIECE, Garbled, read_piece
from luwte.lab.scan.worker import MEMORY

MODULE = "luwte.lab.scan.comparing_worker"
READY: Final = b"r"
"""What a worker says once, when it has the hashes of the list."""
ANSWER: Final = struct.Struct("<?I")
"""Whether a hash could be compared, and how many rows of the list, of four bytes each, follow."""


def serve(source: BinaryIO, say: Callable[[bytes], None], hasher: Hasher) -> None:
    """Take the hashes of the list from `source`, and answer each hash that comes after them."""
    known = _listed(source, hasher.width)
    say(READY)
    while (received := read_piece(source)) is not None:
        sort, value = received
        if sort != LOOK:
            raise Garbled
        try:
            rows = near_rows(hasher, value, known)
        except HasherFailed:
            say(ANSWER.pack(False, 0))
        else:
            say(ANSWER.pack(True, len(rows)) + b"".join(row.to_bytes(4, "little") for row in rows))


def _listed(source: BinaryIO, width: int) -> list[bytes]:
    joined = bytearray()
    while (received := read_piece(source)) is not None and received[0] == PIECE:
        joined += received[1]
    if received is None or received[0] != END or len(joined) % width:
        raise Garbled
    return [bytes(joined[start : start + width]) for start in range(0, len(joined), width)]


def main() -> None:
    """Be a worker; the first argument is the name of the hasher. Once shut in, it could not be loaded."""
    answers = private_output()
    hasher = load(sys.argv[1])
    confine(MEMORY)
    serve(sys.stdin.buffer, partial(write_all, answers), hasher)


if __name__ == "__main__":
    main()
