"""A folder of this machine as a carrier: links are not followed, and only plain files are opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Final

from luwte.lab.carriers import embedded
from luwte.lab.carriers.carrier import (
    CHUNK_SIZE,
    CarrierFile,
    Kind,
    ProblemList,
    ReadOnlyCarrier,
    Unreadable,
    refused,
)
from luwte.lab.carriers.errors import CarrierCannotBeOpened
from luwte.lab.carriers.names import joined, printable

LINK = "a symbolic link was not followed"
SPECIAL = "a pipe, socket or device was not read"
HOLLOW = "claims far more bytes than are there"
MOST_HOLES: Final = 1 << 40
"""Bytes on no disk that are read as part of files, in a whole folder: they cost time and say nothing."""
_BLOCK = 512
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def detect(path: Path, head: bytes) -> bool:  # noqa: ARG001 - the face of all formats
    """Return whether `path` is a folder."""
    return path.is_dir()


def open_path(path: Path, keys: Sequence[str] = ()) -> Folder:  # noqa: ARG001 - the face of all formats
    """Open the folder `path`. Raises `CarrierCannotBeOpened` when it cannot be listed."""
    try:
        os.scandir(path).close()
    except OSError as error:
        raise CarrierCannotBeOpened(path, error.strerror or str(error)) from error
    return Folder(path)


class Folder(ReadOnlyCarrier):
    """All plain files under a folder, each once, in the order of their names."""

    kind: Kind = "folder"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._root = os.fsencode(path)
        self._opener = embedded.Opener(self.inner_problems, limit=None)

    @cached_property
    def size(self) -> int:
        """Return the bytes of all plain files, by their stated sizes; the first use walks the folder."""
        return sum(status.st_size for _, _, status in self._walk(ProblemList()))

    def within(self, root: CarrierFile) -> Iterator[CarrierFile]:
        """Give `root`, and after an archive its members."""
        return self._opener.with_members(root)

    def roots(self) -> Iterator[CarrierFile]:
        """Give every plain file."""
        left = MOST_HOLES
        for place, path, status in self._walk(self.found_problems):
            size = status.st_size
            holes = max(0, size - status.st_blocks * _BLOCK)
            if holes > left:
                yield CarrierFile(path, "live", size, partial(refused, HOLLOW))
                continue
            left -= holes
            chunks, read = partial(_chunks, place, size), partial(_read, place)
            yield CarrierFile(path, "live", size, chunks, read, stamp=status.st_mtime_ns)

    def _walk(self, problems: ProblemList) -> Iterator[tuple[bytes, str, os.stat_result]]:
        """Give real path, shown path and status of each plain file; a folder is entered once only."""
        waiting = [(self._root, "")]
        entered: set[tuple[int, int]] = set()
        while waiting:
            folder, shown = waiting.pop()
            inner = []
            for entry in _entries(folder, entered, problems):
                path = joined(shown, printable(entry.name))
                status = _status(entry, problems)
                if status is None:
                    continue
                if stat.S_ISDIR(status.st_mode):
                    inner.append((entry.path, path))
                elif stat.S_ISREG(status.st_mode):
                    yield entry.path, path, status
                else:
                    problems.add(LINK if stat.S_ISLNK(status.st_mode) else SPECIAL)
            waiting.extend(reversed(inner))


def _entries(folder: bytes, entered: set[tuple[int, int]], problems: ProblemList) -> list[os.DirEntry[bytes]]:
    try:
        status = os.stat(folder)  # noqa: PTH116 - names may be no text
        if (status.st_dev, status.st_ino) in entered:
            return []
        entered.add((status.st_dev, status.st_ino))
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        problems.lose(f"a folder could not be listed ({error.strerror})")
        return []


def _status(entry: os.DirEntry[bytes], problems: ProblemList) -> os.stat_result | None:
    try:
        return entry.stat(follow_symlinks=False)
    except OSError as error:
        problems.lose(f"a file could not be looked up ({error.strerror})")
        return None


def _open(place: bytes) -> int:
    """Open a plain file; what became something else since it was listed is refused without waiting on it."""
    try:
        handle = os.open(place, _OPEN)
    except OSError as error:
        raise Unreadable(error.strerror or "cannot be opened") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Unreadable("is no longer a plain file")
    return handle


def _chunks(place: bytes, size: int) -> Iterator[bytes]:
    """Give the first `size` bytes: a file that grows while it is read does not keep the scan."""
    handle = _open(place)
    try:
        while size > 0:
            piece = os.read(handle, min(CHUNK_SIZE, size))
            if not piece:
                raise Unreadable("became shorter while it was read")
            size -= len(piece)
            yield piece
    except OSError as error:
        raise Unreadable(error.strerror or "cannot be read") from error
    finally:
        os.close(handle)


def _read(place: bytes, offset: int, size: int) -> bytes:
    handle = _open(place)
    try:
        return os.pread(handle, size, offset)
    except OSError as error:
        raise Unreadable(error.strerror or "cannot be read") from error
    finally:
        os.close(handle)
