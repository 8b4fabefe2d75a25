"""What a child is started with: its command and the few variables that it has."""

from __future__ import annotations

import os
import sys
from ctypes.util import find_library
from functools import cache

from luwte.lab.scan.confine import FILTER

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH", "LUWTE_FAULT")


def command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs `module` with this interpreter.

    It writes no compiled modules: on a full disk they would be cut off and spoil every later run.
    """
    return [sys.executable, "-P", "-B", "-m", module, *arguments]


def environment(calls: str) -> dict[str, str]:
    """Return the variables of a child, with `calls` as its filter of system calls (empty: none)."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return kept | threads | _libraries() | ({FILTER: calls} if calls else {})


@cache
def _libraries() -> dict[str, str]:
    """Say where libarchive is: a child may start no program, and looking for a library starts several."""
    found = os.environ.get("LIBARCHIVE") or find_library("archive")
    return {"LIBARCHIVE": found} if found else {}
