"""Pipes to a child with a deadline: neither writing to it nor waiting for it can last for ever."""

from __future__ import annotations

import fcntl
import os
import select
import time
from typing import IO

_PIPE_BYTES = 1 << 20


class ChildGone(Exception):
    """The child closed its side of the pipe."""


class DeadlinePassed(Exception):
    """The child neither took nor gave anything within the time it had."""


def prepare(pipe: IO[bytes]) -> int:
    """Make `pipe` non-blocking and roomy; return its descriptor."""
    descriptor = pipe.fileno()
    os.set_blocking(descriptor, False)
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    except OSError:
        return descriptor  # beyond what this user may have in pipes; a smaller pipe only costs speed
    return descriptor


def write_within(descriptor: int, content: bytes, seconds: float) -> None:
    """Write all of `content`; raises `ChildGone`, or `DeadlinePassed` after `seconds`."""
    until = time.monotonic() + seconds
    view = memoryview(content)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except BlockingIOError:
            _wait(descriptor, select.POLLOUT, until)
        except BrokenPipeError:
            raise ChildGone from None


def read_within(descriptor: int, size: int, until: float) -> bytes:
    """Return exactly `size` bytes; raises `ChildGone`, or `DeadlinePassed` at `until` (monotonic seconds)."""
    found = bytearray(size)
    view = memoryview(found)
    while view:
        try:
            count = os.readv(descriptor, [view])
        except BlockingIOError:
            _wait(descriptor, select.POLLIN, until)
            continue
        if count == 0:
            raise ChildGone
        view = view[count:]
    return bytes(found)


def _wait(descriptor: int, event: int, until: float) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    left = until - time.monotonic()
    if left <= 0 or not poll.poll(1000 * left):
        raise DeadlinePassed
