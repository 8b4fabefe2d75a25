"""Reading files that are given by name without waiting on what is none; writing them whole or not at all.

A kill or a full disk never leaves a half-written file in place of a good one.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from luwte.base.errors import BadInput, Failure

_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK


def open_plain(path: Path, *, disk: bool = False) -> IO[bytes]:
    """Open the plain file `path` for reading, at once; with `disk` it may also be a block device.

    Raises `BadInput` for a pipe, a socket or another device, on which reading could wait for ever or never
    end, and `OSError` as `open` does.
    """
    try:
        handle = os.open(path, _READ)
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket
            raise _no_file(path) from None
        raise
    mode = os.fstat(handle).st_mode
    if stat.S_ISREG(mode) or (disk and stat.S_ISBLK(mode)):
        return os.fdopen(handle, "rb")
    os.close(handle)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    raise _no_file(path)


def _no_file(path: Path) -> BadInput:
    return BadInput(
        f"{path} is a pipe, a socket or a device, not a file. Save what comes through it, also through "
        "/dev/stdin or <(...), as a file, and give that."
    )


@contextmanager
def replacing(path: Path, *, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """Give a binary file that becomes `path` only when the block ends well.

    The bytes go to a temporary file beside `path`, are synced to disk and renamed over it in one
    step; on any error the temporary file goes and `path` stays as it was.
    Raises `Failure` when the disk is full or the folder cannot be written, and `BadInput` when a pipe, a
    socket or a device stands at `path`: a rename would put a file in its place.
    """
    temporary: str | None = None
    try:
        _check_replaceable(path)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        temporary = None
        _sync_folder(path.parent)
    except OSError as error:
        raise write_failure(path, error) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()


def _check_replaceable(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise BadInput(f"{path} is a pipe, a socket or a device, not a file. Give the name of a file.")


def write_bytes(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write `content` to `path`, whole or not at all. Raises `Failure` as `replacing` does."""
    with replacing(path, mode=mode) as file:
        file.write(content)


def write_failure(path: Path, error: OSError) -> Failure:
    """Return the sentence for a write to `path` that failed with `error`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Failure(f"The disk is full: {path} was not written. Free some space and run this again.")
    reason = error.strerror or str(error)
    return Failure(f"{path} could not be written ({reason}). Choose a folder that you may write to.")


def make_folder(path: Path, *, mode: int = 0o700) -> Path:
    """Make the folder `path` with its parents and return it. Raises `Failure` when that is impossible."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=mode)
    except OSError as error:
        raise write_failure(path, error) from error
    return path


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
