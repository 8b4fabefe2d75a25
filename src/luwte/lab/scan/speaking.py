"""What a reader says and is asked: the sorts of its pieces, and the parts that all its sayings share."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import BinaryIO, Final

from luwte.lab.scan.pieces import piece

OPENED: Final = b"o"
REFUSED: Final = b"x"
FILE: Final = b"f"
UNREADABLE: Final = b"u"
HOLDS: Final = b"w"
INSIDE: Final = b"i"
LISTED: Final = b"h"
SEARCHED: Final = b"s"
VERIFIED: Final = b"v"
PROBLEMS: Final = b"p"
ENOUGH: Final = b"!"

GIVE_FILES: Final = b"F"
GIVE_SPACE: Final = b"S"
CHECK_HASH: Final = b"V"

PROBLEM_LIMIT: Final = 1000
MARK_DIGITS: Final = 16
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


class Marks:
    """Numbers what passes, from 0, and tells by `mark` whether all that passed before is the same."""

    def __init__(self) -> None:
        self._digest = blake2b(digest_size=MARK_DIGITS // 2)
        self.number = 0

    @property
    def mark(self) -> str:
        """What depends on all that passed so far, in order."""
        return self._digest.hexdigest()

    def add(self, *values: object) -> None:
        """Let something with these `values` pass."""
        self._digest.update(json.dumps(values).encode())
        self.number += 1
