"""The reader: opens one carrier and streams what it is asked for to standard output as pieces.

It runs as a process of its own (`python -m luwte.lab.scan.reader PATH [--carve] [--keys]`), so that a
file-system library that crashes or hangs on hostile bytes costs its carrier and not the scan. With `--keys`
it first takes keys from standard input. It says `OPENED` or `REFUSED`. Then it is asked, over standard input,
for roots, for the space outside of them, or to check the stored hash, as often as wanted but never for roots
that it has passed. For each file it says `FILE`, then `PIECE`s, then `END` or `UNREADABLE`, or `HOLDS` when
what it holds follows, and behind that `INSIDE`, which says how opening it went; for a list of hashes `LISTED`
rows; `PROBLEMS` after the root that had them; `SEARCHED` and `VERIFIED` as that goes on; and `ENOUGH` when
all that was asked for was said.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from luwte.base.errors import BadInput
from luwte.lab.carriers import open_carrier
from luwte.lab.carriers.errors import CarrierIsEncrypted
from luwte.lab.scan import keys, listed
from luwte.lab.scan.confine import confine, private_output
from luwte.lab.scan.pieces import MAX_PIECE, Garbled, read_piece
from luwte.lab.scan.saying import CarrierSayer, ListSayer, LockedSayer, Sayer
from luwte.lab.scan.speaking import CHECK_HASH, GIVE_FILES, GIVE_SPACE, OPENED, REFUSED, Speaker

MODULE = "luwte.lab.scan.reader"
MEMORY = 8 << 30
"""Bytes of address space a reader may have; carriers are mapped rather than read into memory."""


def serve(path: Path, source: BinaryIO, speaker: Speaker, *, carve: bool, given: Sequence[str] = ()) -> None:
    """Say of the carrier in `path` what `source` asks for; say `REFUSED` when it cannot be opened.

    With `carve` also the pictures that lie inside its files and outside of them. `given` are the keys for
    encrypted volumes on it.
    """
    try:
        with _opened(path, speaker, carve=carve, given=given) as sayer:
            while (asked := read_piece(source)) is not None:
                _answer(sayer, *asked)
    except BadInput as refusal:
        speaker.tell(REFUSED, str(refusal))


@contextmanager
def _opened(path: Path, speaker: Speaker, *, carve: bool, given: Sequence[str]) -> Iterator[Sayer]:
    """Open the carrier, say so, and give who says what is in it. Raises `BadInput`."""
    if listed.is_list(path):
        sayer = ListSayer(path, speaker)
        about = {"kind": "list", "size": path.stat().st_size, "file_systems": []}
        speaker.tell(OPENED, about | {"locked": None})
        yield sayer
        return
    try:
        opened = open_carrier(path, given)
    except CarrierIsEncrypted as error:
        about = {"kind": error.kind, "size": error.size, "file_systems": [], "locked": str(error)}
        speaker.tell(OPENED, about)
        yield LockedSayer(error.how, speaker)
        return
    with opened as carrier:
        about = {"kind": carrier.kind, "size": carrier.size, "file_systems": carrier.file_systems}
        speaker.tell(OPENED, about | {"locked": None})
        yield CarrierSayer(carrier, speaker, carve=carve)


def _answer(sayer: Sayer, sort: bytes, payload: bytes) -> None:
    if sort == GIVE_FILES:
        first, last = json.loads(payload)
        sayer.files(first, last)
    elif sort == GIVE_SPACE:
        sayer.space()
    elif sort == CHECK_HASH:
        sayer.check()
    else:
        raise Garbled


def main() -> None:
    """Be a reader: say of the carrier named in the arguments what standard input asks for."""
    path, asked = Path(sys.argv[1]), sys.argv[2:]
    given = keys.taken_over(sys.stdin.buffer) if keys.ASKED in asked else ()
    with os.fdopen(private_output(), "wb", buffering=MAX_PIECE) as target:
        confine(MEMORY)
        serve(path, sys.stdin.buffer, Speaker(target), carve="--carve" in asked, given=given)


if __name__ == "__main__":
    main()
