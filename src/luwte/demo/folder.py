"""The demo's own folder: fresh for every run, and nothing in it is deleted that the demo did not make."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from luwte.base.errors import BadInput
from luwte.base.files import make_folder, write_bytes, write_failure
from luwte.base.locks import exclusive

MARK = ".made-by-luwte-demo"
PARTS = ("lab", "desk", "lists", "enrolled", "carriers", "scans")


@contextmanager
def fresh_folder(path: Path) -> Iterator[Path]:
    """Give `path` as an absolute folder with an empty folder for each of `PARTS` in it, held for this run.

    A folder that an earlier demo made is emptied of these parts first. Raises `BadInput` when there is
    something in `path` that no demo made, `Failure` when another demo runs in it.
    """
    folder = path.absolute()
    _check_own(folder)
    make_folder(folder)
    with exclusive(folder, wait=False):
        _make_parts(folder)
        yield folder


def _make_parts(folder: Path) -> None:
    write_bytes(
        folder / MARK, b"The next demo deletes and makes these folders: " + ", ".join(PARTS).encode() + b"\n"
    )
    for part in PARTS:
        _remove(folder / part)
        make_folder(folder / part)


def _check_own(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise BadInput(f"{folder} is not a folder. Give another one with --folder.")
    if folder.is_dir() and not (folder / MARK).is_file() and any(folder.iterdir()):
        raise BadInput(
            f"{folder} holds files that no demo made. Give an empty or a new folder with --folder; "
            "nothing was deleted."
        )


def _remove(part: Path) -> None:
    """A link is never followed: `rmtree` refuses one."""
    if not part.exists() and not part.is_symlink():
        return
    try:
        shutil.rmtree(part)
    except OSError as error:
        raise write_failure(part, error) from error
