"""The seam where children start: everything that reads foreign bytes is started here and nowhere else.

A fuller sandbox (bubblewrap, a system-call filter) is another `Launch`; nothing else needs to know.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from ctypes.util import find_library
from functools import cache
from typing import Protocol

from luwte.lab.scan.calls import NoFilter, call_filter
from luwte.lab.scan.confine import FILTER

_KEPT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "LIBARCHIVE",
    "LUWTE_FAULT",
)


class Launch(Protocol):
    """Starts `module` as a child with pipes for standard input and output, both unbuffered."""

    def __call__(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Return the started child; it leads a process group of its own."""
        ...


def launch(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start `module` with this interpreter: in `/`, with few variables, deaf to Ctrl-C.

    It writes no compiled modules either: on a full disk they would be cut off and spoil every later run.
    """
    return subprocess.Popen(
        [sys.executable, "-P", "-B", "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if os.environ.get("LUWTE_DEBUG") else subprocess.DEVNULL,
        bufsize=0,
        cwd="/",
        env=environment(),
        process_group=0,
    )


def end(child: subprocess.Popen[bytes]) -> int:
    """Kill `child` and what it started, close its pipes and return its exit status (negative: the signal)."""
    kill(child)
    status = child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    return status


def kill(child: subprocess.Popen[bytes]) -> None:
    """Kill `child` and what it started, unless it ended already."""
    if child.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)


def environment() -> dict[str, str]:
    """Return the variables that a child has: few, with the filter of system calls where one can be made."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    with suppress(NoFilter):
        kept[FILTER] = call_filter()
    return {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"} | _libraries() | kept


@cache
def _libraries() -> dict[str, str]:
    """Say where libarchive is: a child may start no program, and looking for a library starts several."""
    found = find_library("archive")
    return {"LIBARCHIVE": found} if found else {}
