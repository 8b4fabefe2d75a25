"""The reader: opens one carrier, walks it and streams its files to standard output as pieces.

It runs as a process of its own (`python -m luwte.lab.scan.reader PATH [--verify] [--carve] [--keys]`), so
that a file-system library that crashes or hangs on hostile bytes costs its carrier and not the scan. With
`--keys` it first takes keys from standard input. It writes, in order: one `OPENED` or `REFUSED`; for each
file `FILE`, then `PIECE`s, then `END` or `UNREADABLE`; for a list of hashes `LISTED` rows; `SEARCHED` as
space is searched for pictures; `VERIFIED` as the stored hash is checked; `PROBLEMS` and `DONE` at the end.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from luwte.base.errors import BadInput
from luwte.base.faults import fault_point
from luwte.lab.carriers import Carrier, CarrierFile, Problem, Unreadable, open_carrier
from luwte.lab.carriers.carving import Limits
from luwte.lab.carriers.sifting import sifted
from luwte.lab.scan import keys, listed
from luwte.lab.scan.confine import confine, private_output
from luwte.lab.scan.pieces import END, MAX_PIECE, PIECE, piece

MODULE = "luwte.lab.scan.reader"
MEMORY = 8 << 30
"""Bytes of address space a reader may have; carriers are mapped rather than read into memory."""

OPENED = b"o"
REFUSED = b"x"
FILE = b"f"
UNREADABLE = b"u"
LISTED = b"h"
SEARCHED = b"s"
VERIFIED = b"v"
PROBLEMS = b"p"
DONE = b"!"

PROBLEM_LIMIT = 1000
BROKE = "reading broke off"
_SEARCHED_AT_ONCE = 8 << 20


class Speaker:
    """Writes pieces to `target`, and each finished file at once."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target

    def say(self, sort: bytes, payload: bytes = b"") -> None:
        """Write one piece, to be sent when there is enough or `flush` is called."""
        self._target.write(piece(sort, payload))

    def tell(self, sort: bytes, document: object) -> None:
        """Write one piece with `document` as JSON, and send it."""
        self.say(sort, json.dumps(document).encode())
        self.flush()

    def flush(self) -> None:
        """Send all that was written."""
        self._target.flush()


class Searched:
    """Says now and then how many bytes were searched for pictures, so that a long search is not silent."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._count = 0

    def __call__(self, count: int) -> None:
        """Count `count` bytes more."""
        self._count += count
        if self._count >= _SEARCHED_AT_ONCE:
            self._speaker.tell(SEARCHED, self._count)
            self._count = 0


def read_carrier(
    path: Path, speaker: Speaker, *, verify: bool, carve: bool, given: Sequence[str] = ()
) -> None:
    """Say all of the carrier in `path`; say `REFUSED` when it cannot be opened.

    With `carve` also the pictures that lie inside its files and outside of them. `given` are the keys for
    encrypted volumes on it.
    """
    try:
        carrier = open_carrier(path, given)
    except BadInput as refusal:
        speaker.tell(REFUSED, str(refusal))
        return
    with carrier:
        speaker.tell(
            OPENED, {"kind": carrier.kind, "size": carrier.size, "file_systems": carrier.file_systems}
        )
        ended = _say_files(_files(carrier, speaker) if carve else carrier.files(), speaker)
        verified = carrier.verify(lambda count: speaker.tell(VERIFIED, count)) if verify else None
        _say_end(carrier, speaker, ended=ended, verified=verified)


def _files(carrier: Carrier, speaker: Speaker) -> Iterator[CarrierFile]:
    """Give the files of `carrier` with all that can be carved."""
    searched = Searched(speaker)
    carrier.carve(searched)
    return sifted(carrier.files(), Limits(carrier.found_problems, carrier.size, searched))


def read_list(path: Path, speaker: Speaker) -> None:
    """Say all rows of the hash list in `path`; say `REFUSED` when it is none."""
    opened = False
    try:
        rows = listed.rows(path)
        for row in rows.documents():
            if not opened:
                speaker.tell(OPENED, {"kind": "list", "size": path.stat().st_size, "file_systems": []})
                opened = True
            speaker.say(LISTED, json.dumps(row).encode())
    except BadInput as refusal:
        if not opened:
            speaker.tell(REFUSED, str(refusal))
            return
        speaker.tell(PROBLEMS, [[BROKE, 1]])
        speaker.tell(DONE, {"file_systems": [], "verified": None, "whole": False})
        return
    if not opened:
        speaker.tell(REFUSED, f"{path} lists no file. Give a list with at least one hash.")
        return
    problems = [["row of the list that cannot be used", rows.bad]] if rows.bad else []
    speaker.tell(PROBLEMS, problems)
    speaker.tell(DONE, {"file_systems": [], "verified": None, "whole": not rows.bad})


def _say_files(files: Iterable[CarrierFile], speaker: Speaker) -> bool:
    """Say every file; return whether the walk came to its end."""
    walk = iter(files)
    while True:
        try:
            file = next(walk)
        except StopIteration:
            return True
        except (OSError, RuntimeError, ValueError, LookupError, MemoryError):
            return False
        _say_file(file, speaker)


def _say_file(file: CarrierFile, speaker: Speaker) -> None:
    speaker.say(FILE, json.dumps({"path": file.path, "state": file.state, "size": file.size}).encode())
    fault_point("reader.file")
    try:
        for chunk in _contents(file):
            for start in range(0, len(chunk), MAX_PIECE):
                speaker.say(PIECE, chunk[start : start + MAX_PIECE])
    except Unreadable as failure:
        speaker.say(UNREADABLE, failure.reason.encode()[:512])
    else:
        speaker.say(END)
    speaker.flush()


def _contents(file: CarrierFile) -> Iterator[bytes]:
    try:
        yield from file.chunks()
    except (OSError, RuntimeError, ValueError, LookupError):
        raise Unreadable("content that cannot be read") from None
    except MemoryError:
        raise Unreadable("content that needs too much memory") from None


def _say_end(carrier: Carrier, speaker: Speaker, *, ended: bool, verified: bool | None) -> None:
    whole = ended and carrier.whole
    problems = [*carrier.problems, *([] if ended else [Problem(BROKE)])][:PROBLEM_LIMIT]
    speaker.tell(PROBLEMS, [[problem.reason, problem.count] for problem in problems])
    speaker.tell(DONE, {"file_systems": carrier.file_systems, "verified": verified, "whole": whole})


def main() -> None:
    """Be a reader: say the carrier named in the arguments on what was standard output."""
    path, asked = Path(sys.argv[1]), sys.argv[2:]
    given = keys.taken_over(sys.stdin.buffer) if keys.ASKED in asked else ()
    with os.fdopen(private_output(), "wb", buffering=MAX_PIECE) as target:
        confine(MEMORY)
        speaker = Speaker(target)
        if listed.is_list(path):
            read_list(path, speaker)
        else:
            read_carrier(path, speaker, verify="--verify" in asked, carve="--carve" in asked, given=given)


if __name__ == "__main__":
    main()
