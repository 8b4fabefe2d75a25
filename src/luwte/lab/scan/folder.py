"""The folder that a scan writes into: held by one scan at a time, and never with half a result in it.

While a scan runs there are only `worklist.partial` and `notes.partial` (with write-ahead logs), and they stay
when it is cut off. At the end the worklist gets its name, then the hand-over and at last the report appear,
in one step each. A folder with a report holds a finished scan, unless a ledger says that this is the report
of a fast pass whose deep pass goes on or is still to come (see `reported`).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from luwte.base.errors import BadInput, Failure
from luwte.base.files import make_folder, remove_leftovers
from luwte.lab.scan import worklist
from luwte.lab.scan.handover import HANDOVER, SO_FAR

REPORT = "report.lwreport"


@contextmanager
def held(folder: Path) -> Iterator[Path]:
    """Hold `folder`, made if need be, for this scan alone while the block runs, and give it.

    Raises `BadInput` when another scan holds it.
    """
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is a file. Name a folder for the results.")
    handle = _opened(make_folder(folder))
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(
                f"Another scan is writing into {folder}. Wait for it, or name another folder."
            ) from None
        yield folder
    finally:
        os.close(handle)


def clear_leftovers(folder: Path) -> None:
    """Remove what was on the way to becoming a result in `folder` when a scan was killed."""
    for name in (REPORT, HANDOVER, SO_FAR):
        remove_leftovers(folder / name)


def clear(folder: Path) -> None:
    """Remove finished results in `folder`, the report first: it never stands beside another scan's list."""
    for name in (REPORT, HANDOVER, worklist.NAME):
        with suppress(FileNotFoundError):
            (folder / name).unlink()


def check_apart(folder: Path, carriers: Sequence[Path]) -> None:
    """Raise `BadInput` when a carrier is named twice, or `folder` lies inside one of them."""
    seen: set[Path] = set()
    target = _real(folder)
    for carrier in carriers:
        real = _real(carrier)
        if real in seen:
            raise BadInput(f"{carrier} is named twice. Name each carrier once.")
        seen.add(real)
        if target.is_relative_to(real):
            raise BadInput(f"{folder} lies inside the carrier {carrier}. Name a folder outside it.")


def _real(path: Path) -> Path:
    """Return `path` without links, as far as they lead; `Path.resolve` raises for links in a circle."""
    return Path(os.path.realpath(path))


def _opened(folder: Path) -> int:
    try:
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise Failure(f"{folder} cannot be opened ({error.strerror}). Check your rights to it.") from error
