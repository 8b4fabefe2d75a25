"""A worker: takes files from standard input, one after another, and answers each with fixed-size records.

It runs as a process of its own (`python -m luwte.lab.scan.worker`), long-lived and confined. It writes the
digests of a file before it decodes anything, so that they are known even if decoding kills it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import BinaryIO

from luwte.lab.fingerprints.digests import Digester
from luwte.lab.fingerprints.fingerprint import Look, combine, look_at
from luwte.lab.fingerprints.kinds import HEAD_BYTES, Kind, kind_of
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.confine import confine, cpu_within, private_output
from luwte.lab.scan.pieces import DROP, END, PIECE, read_piece
from luwte.lab.scan.record import Stage, pack

MODULE = "luwte.lab.scan.worker"
MEMORY = 3 << 30
"""Bytes of address space a worker may have: the largest picture that is decoded, with room to do it."""
MAX_CONTENT = 256 << 20
"""Bytes of a picture file that are kept for decoding; longer files have digests only."""


class Incoming:
    """One file as it comes in: digested at once, kept only while it may be a picture to decode."""

    def __init__(self) -> None:
        self._digester = Digester()
        self._head = b""
        self._kept: list[bytes] = []
        self._size = 0

    def take(self, piece: bytes) -> None:
        """Take the next bytes of the file."""
        self._digester.update(piece)
        self._size += len(piece)
        if len(self._head) < HEAD_BYTES:
            self._head += piece[: HEAD_BYTES - len(self._head)]
        if self._size > MAX_CONTENT or (len(self._head) >= HEAD_BYTES and self.kind != "picture"):
            self._kept.clear()
        else:
            self._kept.append(piece)

    @property
    def kind(self) -> Kind:
        """What kind of file this is, as far as it is known."""
        return kind_of(self._head)

    def answer(self, say: Callable[[bytes], None], seconds: int) -> None:
        """Say the digests, then look at the picture if it is one, in `seconds` of processor time; say all."""
        digests = self._digester.finish()
        kind = self.kind
        if kind == "picture":
            say(pack(Stage.DIGESTED, combine(digests, kind, Look())))
        with cpu_within(seconds):
            look = self._look(kind)
        say(pack(Stage.FINISHED, combine(digests, kind, look)))

    def _look(self, kind: Kind) -> Look:
        if kind != "picture":
            return Look()
        if self._size > MAX_CONTENT:
            return Look(error=Reason.LARGE)
        try:
            content = b"".join(self._kept)
            self._kept.clear()
            return look_at(content)
        except MemoryError:
            return Look(error=Reason.MEMORY)


def serve(source: BinaryIO, say: Callable[[bytes], None], seconds: int) -> None:
    """Answer the files that come through `source` until it ends; each look has `seconds` of CPU time."""
    say(pack(Stage.READY))
    incoming = Incoming()
    while (received := read_piece(source)) is not None:
        sort, piece = received
        if sort == PIECE:
            incoming.take(piece)
            continue
        if sort == END:
            incoming.answer(say, seconds)
        elif sort != DROP:
            return
        incoming = Incoming()


def main() -> None:
    """Be a worker: answer on what was standard output until standard input ends.

    Its one argument is how many seconds of processor time the look at one file may take.
    """
    answers = private_output()
    confine(MEMORY)
    serve(sys.stdin.buffer, lambda record: _write_all(answers, record), int(sys.argv[1]))


def _write_all(descriptor: int, record: bytes) -> None:
    view = memoryview(record)
    while view:
        view = view[os.write(descriptor, view) :]


if __name__ == "__main__":
    main()
