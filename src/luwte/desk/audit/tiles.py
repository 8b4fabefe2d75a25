"""A log as static files that a second body can mirror: hashes only, never an act (C2SP tlog-tiles).

`checkpoint` is the newest signed state, `tile/<level>/<number>` the hashes below it, 256 a file; the last one
of a level is partial (`.p/<width>`). Files of acts (`tile/entries`) are not written: acts stay with the
house.
"""

from __future__ import annotations

from pathlib import Path

from luwte.base.files import make_folder, write_bytes
from luwte.crypto.notes import Checkpoint, parse_note
from luwte.desk.audit.checkpoints import latest
from luwte.desk.audit.log import WIDTH, Log


def write_tiles(log: Log, folder: Path) -> int:
    """Write the files of the newest checkpoint into `folder`; return how many are new.

    What is complete never changes, so it is not written again. The checkpoint comes last: what it covers is
    there. Raises `NoCheckpoint`.
    """
    note = latest(log).encode()
    count = Checkpoint.parse(parse_note(note).body).size
    level = new = 0
    while count:
        for number in range(-(-count // WIDTH)):
            width = min(WIDTH, count - number * WIDTH)
            new += _tile(log, folder, level, number, width)
        level, count = level + 1, count // WIDTH
    write_bytes(make_folder(folder) / "checkpoint", note)
    return new


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """Return where the tile lies: numbers in groups of three digits, all but the last with an x before."""
    digits = f"{number:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return f"tile/{level}/{name}" + ("" if width == WIDTH else f".p/{width}")


def _tile(log: Log, folder: Path, level: int, number: int, width: int) -> bool:
    file = folder / tile_path(level, number, width)
    if file.exists():
        return False
    hashes = log.hashes(level, number * WIDTH, number * WIDTH + width)
    write_bytes(make_folder(file.parent) / file.name, b"".join(hashes))
    return True
