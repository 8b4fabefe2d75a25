"""Locks between processes, held through the kernel, so that a killed process never leaves one behind."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from luwte.base.errors import Failure


@contextmanager
def exclusive(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold `folder` for this process alone while the block runs; waits for another holder to end, or not.

    Nothing is written: the lock (flock) lies on the folder itself. Raises `Failure` when it cannot be had.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise Failure(
            f"The folder {folder} cannot be opened ({error.strerror}). Check that it exists."
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(f"Another process works in {folder}. End it, or choose another folder.") from None
        except OSError as error:
            raise Failure(
                f"The folder {folder} cannot be locked ({error.strerror}). Use a local disk."
            ) from error
        yield
    finally:
        os.close(handle)
