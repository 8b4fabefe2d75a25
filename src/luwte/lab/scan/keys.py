"""Keys to encrypted volumes: from files that their owner alone can read, to the reader through its input.

They never stand in a command line, a variable, a result or an error, and workers never have them.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from luwte.base.errors import BadInput
from luwte.base.files import open_plain
from luwte.lab.scan.launch import Launch
from luwte.lab.scan.pieces import piece, read_piece

ASKED: Final = "--keys"
MOST: Final = 32
"""Keys of one scan: each is stretched on each encrypted volume, for a second or more."""
LONGEST: Final = 256
"""Characters of a key."""
_LARGEST_FILE = 64 << 10
_OTHERS = 0o077
_KEYS = b"k"


def read_keys(paths: Sequence[Path]) -> tuple[str, ...]:
    """Return the keys in the text files `paths`: one a line, as it stands there; empty lines are none.

    Raises `BadInput` for a file that others than its owner can read, that is no text, or that has no key, and
    for more than `MOST` keys together.
    """
    keys = tuple(dict.fromkeys(key for path in paths for key in _of(path)))
    if len(keys) > MOST:
        raise BadInput(
            f"There are {len(keys)} keys. Give at most {MOST}: each is tried on each encrypted volume."
        )
    return keys


def _of(path: Path) -> list[str]:
    try:
        with open_plain(path) as file:
            if os.fstat(file.fileno()).st_mode & _OTHERS:
                raise BadInput(
                    f"{path} can be read by others than its owner. Take that from them (chmod 600 {path})."
                )
            content = file.read(_LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"{path} cannot be read ({reason}). Name a text file with one key a line.") from None
    try:
        lines = [line.removesuffix("\r") for line in content.decode("utf-8-sig").split("\n")]
    except UnicodeDecodeError:
        lines = []
    keys = [line for line in lines if line]
    if not keys or len(content) > _LARGEST_FILE or any(_is_odd(key) for key in keys):
        raise BadInput(
            f"{path} is no file of keys. Write one key a line, as text in UTF-8, each of at most {LONGEST} "
            "characters."
        )
    return keys


def _is_odd(key: str) -> bool:
    return len(key) > LONGEST or "\0" in key


def with_keys(start: Launch, unlocking: str, keys: Sequence[str]) -> Launch:
    """Return `start`, but that it hands `keys`, if there are any, to each child that runs `unlocking`.

    Such a child has the word `ASKED` among its arguments and finds them in its standard input.
    """
    if not keys:
        return start

    def starting(module: str, *arguments: str) -> subprocess.Popen[bytes]:
        if module != unlocking:
            return start(module, *arguments)
        child = start(module, *arguments, ASKED)
        if child.stdin is not None:
            with suppress(OSError):  # that a child is gone shows when it is listened to
                child.stdin.write(piece(_KEYS, json.dumps(keys).encode()))
        return child

    return starting


def taken_over(source: BinaryIO) -> tuple[str, ...]:
    """Return the keys that `with_keys` gave. Raises `Garbled` when they do not come whole."""
    sort, payload = read_piece(source) or (b"", b"[]")
    return tuple(json.loads(payload)) if sort == _KEYS else ()
