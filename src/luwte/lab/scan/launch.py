"""The seam where children start: everything that reads foreign bytes is started here and nowhere else.

Each is put behind the walls that this machine has (see `walls`): in a box of bubblewrap's, with a filter of
system calls that it loads itself (see `confine`).
"""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from typing import Protocol, TypeVar

from luwte.lab.scan import box
from luwte.lab.scan.surroundings import command, environment
from luwte.lab.scan.walls import standing

_PATIENCE = 10.0
Child = TypeVar("Child", bound="subprocess.Popen[bytes]")


class Launch(Protocol):
    """Starts `module` as a child with pipes for standard input and output, both unbuffered."""

    def __call__(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Return the started child; it leads a process group of its own and sees the paths it is given."""
        ...


class Boxed(subprocess.Popen[bytes]):
    """Bubblewrap, and with it `inside`: a descriptor of the first process in its box, whose end is all's."""

    inside: int | None = None


def launch(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start `module` with this interpreter, behind all walls: in `/`, with few variables, deaf to Ctrl-C."""
    walls = standing()
    if not walls.bubblewrap:
        return _started(subprocess.Popen, command(module, *arguments), walls.calls)
    ours, theirs = os.pipe()
    try:
        words = [*box.box(walls.bubblewrap, arguments, theirs), *command(module, *arguments)]
        child = _started(Boxed, words, walls.calls, theirs)
        os.close(theirs)
        theirs = -1
        first = box.made(ours)
    finally:
        for descriptor in (ours, theirs):
            with suppress(OSError):
                os.close(descriptor)
    if first is not None:
        with suppress(OSError, AttributeError):  # some builds of Python lack it; then the group is killed
            child.inside = os.pidfd_open(first)
    return child


def end(child: subprocess.Popen[bytes]) -> int:
    """Kill `child` and what it started, close its pipes and return its exit status (negative: the signal)."""
    kill(child)
    try:
        status = child.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        _kill_group(child)
        status = child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    if isinstance(child, Boxed) and child.inside is not None:
        os.close(child.inside)
        child.inside = None
    return status


def kill(child: subprocess.Popen[bytes]) -> None:
    """Kill `child` and what it started, unless it ended already.

    Of a box the first process inside is killed: the kernel ends all others with it, and bubblewrap, which
    waits for it, leaves nothing behind.
    """
    if child.poll() is not None:
        return
    if isinstance(child, Boxed) and child.inside is not None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(child.inside, signal.SIGKILL)
    else:
        _kill_group(child)


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def _started(sort: type[Child], words: list[str], calls: str, *passed: int) -> Child:
    return sort(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if os.environ.get("LUWTE_DEBUG") else subprocess.DEVNULL,
        bufsize=0,
        cwd="/",
        env=environment(calls),
        process_group=0,
        pass_fds=passed,
    )
