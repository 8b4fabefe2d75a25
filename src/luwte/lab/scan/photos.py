"""The pictures of a folder, in grey and small, for a calibration. A confined worker decodes them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from luwte.base.errors import BadInput, Failure
from luwte.lab.carriers import Unreadable
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.crew import DEADLINE, START_SECONDS
from luwte.lab.scan.launch import Launch, end, launch
from luwte.lab.scan.looking import chunks_of
from luwte.lab.scan.pieces import DROP, END, PIECE, Garbled, piece
from luwte.lab.scan.pipes import ChildGone, DeadlinePassed, prepare, read_within, write_within
from luwte.lab.scan.raster_record import HEAD_BYTES, READY, following, unpack_raster
from luwte.lab.scan.raster_worker import MODULE
from luwte.lab.scan.worker import MAX_CONTENT

MOST = 2_000
"""How many pictures of a folder are taken at most: about 500 MB."""
_MOST_NAMES = 100_000


def photos(
    folder: Path,
    passed_over: Callable[[str], None],
    *,
    deadline: float = DEADLINE,
    start: Launch = launch,
) -> Iterator[NDArray[np.uint8]]:
    """Give the pictures (H, W) of `folder` itself, in the order of their names, at most `MOST`.

    `passed_over` is told why, for each file that is none or cannot be decoded within `deadline` seconds.
    Raises `BadInput` when the folder cannot be read, or has too many names, `Failure` when no worker starts.
    """
    count = 0
    with _Decoders(deadline, start) as decoders:
        for file in _names(folder):
            if count == MOST:
                passed_over(f"beyond the first {MOST}")
                continue
            found = decoders.decoded(file)
            if isinstance(found, str):
                passed_over(found)
            else:
                count += 1
                yield found


def _names(folder: Path) -> list[Path]:
    try:
        files = []
        for file in folder.iterdir():
            files.append(file)
            if len(files) > _MOST_NAMES:
                raise BadInput(f"{folder} has over {_MOST_NAMES} names. Give a folder with fewer pictures.")
        return sorted(files)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadInput(f"{folder} cannot be read ({reason}). Give a folder with pictures.") from None


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0  # whoever reads it says why it cannot be


class _Decoders:
    """One worker after another: the next one when a picture cost the last."""

    def __init__(self, deadline: float, start: Launch) -> None:
        self._deadline = deadline
        self._start = start
        self._worker: _Worker | None = None

    def __enter__(self) -> _Decoders:
        return self

    def __exit__(self, *_: object) -> None:
        self._dismiss()

    def decoded(self, file: Path) -> NDArray[np.uint8] | str:
        """Return the raster of the picture in `file`, or why there is none."""
        self._worker = self._worker or _Worker(self._deadline, self._start)
        try:
            if _size(file) > MAX_CONTENT:
                return str(Reason.LARGE)
            return self._worker.decoded(chunks_of(file))
        except Unreadable as failure:
            return failure.reason
        except DeadlinePassed:
            self._dismiss()
            return str(Reason.DEADLINE)
        except (ChildGone, Garbled):
            self._dismiss()
            return str(Reason.STOPPED)

    def _dismiss(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None


class _Worker:
    """One child that decodes; raises `Failure` when it does not start."""

    def __init__(self, deadline: float, start: Launch) -> None:
        self._deadline = deadline
        self._child = start(MODULE, str(ceil(deadline) + 1))
        if self._child.stdin is None or self._child.stdout is None:
            raise ValueError("a worker needs pipes")
        self._in, self._out = prepare(self._child.stdin), prepare(self._child.stdout)
        try:
            ready = read_within(self._out, len(READY), time.monotonic() + START_SECONDS)
        except (ChildGone, DeadlinePassed):
            ready = b""
        if ready != READY:
            self.close()
            raise Failure("No worker process starts here. Run this again with LUWTE_DEBUG=1 to see why.")

    def decoded(self, chunks: Iterable[bytes]) -> NDArray[np.uint8] | str:
        """Return the raster of the picture in `chunks`, or why there is none."""
        try:
            for chunk in chunks:
                write_within(self._in, piece(PIECE, chunk), self._deadline)
        except Unreadable:
            write_within(self._in, piece(DROP), self._deadline)
            raise
        write_within(self._in, piece(END), self._deadline)
        until = time.monotonic() + self._deadline
        head = read_within(self._out, HEAD_BYTES, until)
        return unpack_raster(head + read_within(self._out, following(head), until))

    def close(self) -> None:
        """Kill the child and let go of its pipes."""
        end(self._child)
