"""Reading files that are given by name without waiting on what is none; writing them whole or not at all.

A kill or a full disk never leaves a half-written file in place of a good one.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import IO

from luwte.base.errors import BadInput, Failure
from luwte.base.faults import fault_point

_PARTIAL = ".partial"
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
        handle, temporary = _temporary(path)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        fault_point("file.replace")
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


def check_writable(path: Path) -> None:
    """Raise what `replacing` would, before long work is done for `path`; nothing stays behind."""
    try:
        _check_replaceable(path)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        handle, temporary = _temporary(path)
        os.close(handle)
        Path(temporary).unlink()
    except OSError as error:
        raise write_failure(path, error) from error


def remove_leftovers(path: Path) -> None:
    """Remove the temporary files that writers of `path` left beside it when they were killed.

    A writer holds a lock on its own while it lives, so that what another one writes now stays.
    """
    for found in path.parent.glob(f".{escape(path.name)}.????????{_PARTIAL}"):
        with suppress(OSError):
            handle = os.open(found, _READ | os.O_NOFOLLOW)
            try:
                if stat.S_ISREG(os.fstat(handle).st_mode):
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    found.unlink()
            finally:
                os.close(handle)


def _temporary(path: Path) -> tuple[int, str]:
    """Return a new file beside `path`, open and locked, and its name."""
    while True:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_PARTIAL, dir=path.parent)
        with suppress(OSError):  # where there are no locks, nobody removes it either
            fcntl.flock(handle, fcntl.LOCK_EX)
        if Path(name).exists():  # else somebody took it for a leftover just before it was locked
            return handle, name
        os.close(handle)


def write_bytes(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Write `content` to `path`, whole or not at all. Raises `Failure` as `replacing` does."""
    with replacing(path, mode=mode) as file:
        file.write(content)


def move(path: Path, target: Path) -> None:
    """Give the file `path` the name `target` in one step, on the disk too. Raises `Failure`."""
    try:
        path.replace(target)
        _sync_folder(target.parent)
        _sync_folder(path.parent)
    except OSError as error:
        raise write_failure(target, error) from error


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
