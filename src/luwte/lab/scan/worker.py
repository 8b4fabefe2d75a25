"""A worker: takes files from standard input, one after another, and answers each with fixed-size records.

It runs as a process of its own (`python -m luwte.lab.scan.worker`), long-lived and confined. It writes the
digests of a file before it decodes anything, so that they are known even if decoding kills it, and decodes
only what it is then told to look at. With `--closely` it looks in another way: see `close_look`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import BinaryIO

from luwte.lab.fingerprints import films
from luwte.lab.fingerprints.digests import Digester, Sha256Digester
from luwte.lab.fingerprints.fingerprint import Look, combine, look_at, look_at_film
from luwte.lab.fingerprints.kept import Kept
from luwte.lab.fingerprints.kinds import HEAD_BYTES, Kind, kind_of
from luwte.lab.fingerprints.licensed import Hasher, HasherFailed, hashed, load
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.confine import confine, cpu_within, private_output, write_all
from luwte.lab.scan.pieces import DROP, END, LOOK, PIECE, Garbled, read_piece
from luwte.lab.scan.record import Stage, pack

MODULE = "luwte.lab.scan.worker"
MEMORY = 3 << 30
"""Bytes of address space a worker may have: the largest picture that is decoded, with room to do it."""
MAX_CONTENT = 256 << 20
"""Bytes of a picture file that are kept for decoding; longer files have digests only."""
MAX_FILM = 448 << 20
"""Bytes of a video that are kept from its beginning."""
MAX_FILM_END = 64 << 20
"""Bytes that are kept from the end of a longer one: phones write there where each frame is."""
HASHER = "--hasher"
"""The argument before the name of a licensed hasher."""
CLOSELY = "--closely"
"""The argument that makes a worker look closely."""
_SHARE = 2 / 3  # of the time for a file, after which a video ends with what there is


class Incoming:
    """One file as it comes in: digested at once, kept only while it may be something to decode."""

    def __init__(self, hasher: Hasher | None = None, *, closely: bool = False) -> None:
        self._hasher = hasher
        self._films_too = films.installed()
        self._digester = Sha256Digester() if closely else Digester()
        self._head = b""
        self._early: list[bytes] = []
        self._kept = Kept(0)

    def take(self, piece: bytes) -> None:
        """Take the next bytes of the file."""
        self._digester.update(piece)
        if len(self._head) >= HEAD_BYTES:
            self._kept.take(piece)
            return
        self._head += piece[: HEAD_BYTES - len(self._head)]
        self._early.append(piece)
        if len(self._head) >= HEAD_BYTES:
            self._settle()

    def _settle(self) -> None:
        """Keep what came and what comes, as far as this kind of file is worth it."""
        if self.kind == "picture":
            self._kept = Kept(MAX_CONTENT)
        elif self.kind == "video" and self._films_too:
            self._kept = Kept(MAX_FILM, MAX_FILM_END)
        for piece in self._early:
            self._kept.take(piece)
        self._early.clear()

    @property
    def kind(self) -> Kind:
        """What kind of file this is, as far as it is known."""
        return kind_of(self._head)

    def answer(
        self,
        say: Callable[[bytes], None],
        wanted: Callable[[], bool],
        seconds: int,
        closely: Callable[[Kind, Kept], None] | None = None,
    ) -> None:
        """Say the digests, then look at what is picture or video and `wanted`; say all.

        The look may take `seconds` of processor time. With `closely` that is done instead of it.
        """
        if self._early:
            self._settle()
        digests = self._digester.finish()
        kind = self.kind
        if kind != "other":
            say(pack(Stage.DIGESTED, combine(digests, kind, Look())))
            if not wanted():
                return
            if closely is not None:
                closely(kind, self._kept)
                return
        with cpu_within(seconds):
            look = self._look(kind, seconds)
        say(pack(Stage.FINISHED, combine(digests, kind, look)))

    def _look(self, kind: Kind, seconds: int) -> Look:
        try:
            if kind == "video":
                return self._look_at_film(seconds)
            if kind != "picture":
                return Look()
            return self._look_at_picture() if self._kept.whole else Look(error=Reason.LARGE)
        except MemoryError:
            return Look(error=Reason.MEMORY)

    def _look_at_picture(self) -> Look:
        content = self._kept.joined()
        look = look_at(content)
        if self._hasher is None:
            return look
        try:
            return replace(look, licensed=hashed(self._hasher, content))
        except HasherFailed:
            return replace(look, error=look.error or Reason.HASHER)

    def _look_at_film(self, seconds: int) -> Look:
        if not films.installed():
            return Look(error=Reason.VIDEO_FORMAT)
        look = look_at_film(self._kept.open(), seconds * _SHARE)
        if self._kept.whole:
            return look
        return replace(look, error=Reason.VIDEO_PART if look.variants else Reason.LARGE)


def serve(
    source: BinaryIO,
    say: Callable[[bytes], None],
    seconds: int,
    *,
    closely: bool = False,
    hasher: Hasher | None = None,
) -> None:
    """Answer the files that come through `source` until it ends; each look has `seconds` of CPU time.

    With `closely` each look is a close one, of a file that is known by its SHA-256 alone. With `hasher`
    pictures are hashed by that one, too.
    """
    look = _close_look(source, say, seconds) if closely else None
    say(pack(Stage.READY))
    incoming = Incoming(hasher, closely=closely)
    while (received := read_piece(source)) is not None:
        sort, piece = received
        if sort == PIECE:
            incoming.take(piece)
            continue
        if sort == END:
            incoming.answer(say, lambda: _wanted(source), seconds, look)
        elif sort != DROP:
            return
        incoming = Incoming(hasher, closely=closely)


def _asked_for(arguments: Sequence[str]) -> Hasher | None:
    """Return the hasher that is named among `arguments`; once this is shut in it could not be loaded."""
    return load(arguments[arguments.index(HASHER) + 1]) if HASHER in arguments else None


def _load_opencv() -> None:
    """Load what a close look needs, before this process is shut in; others do without, it takes a while."""
    from luwte.lab.scan.close_look import prepare

    prepare()


def _close_look(source: BinaryIO, say: Callable[[bytes], None], seconds: int) -> Callable[[Kind, Kept], None]:
    from luwte.lab.scan.close_look import close_look, close_look_at_film

    looks = {"picture": close_look, "video": close_look_at_film}
    return lambda kind, kept: looks[kind](kept, lambda: read_piece(source), say, seconds)


def _wanted(source: BinaryIO) -> bool:
    received = read_piece(source)
    if received is None or received[0] not in (LOOK, DROP):
        raise Garbled
    return received[0] == LOOK


def main() -> None:
    """Be a worker: answer on what was standard output until standard input ends.

    Its first argument is how many seconds of processor time the look at one file may take.
    """
    answers = private_output()
    closely = CLOSELY in sys.argv
    if closely:
        _load_opencv()
    hasher = _asked_for(sys.argv)
    confine(MEMORY)
    say = partial(write_all, answers)
    serve(sys.stdin.buffer, say, int(sys.argv[1]), closely=closely, hasher=hasher)


if __name__ == "__main__":
    main()
