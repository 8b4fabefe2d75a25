"""Programs of the system that tests need: missing ones skip a test here, and fail it under CI."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_FOLDERS = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def need(name: str) -> str:
    """Return the path of the program `name`."""
    found = shutil.which(name, path=_FOLDERS)
    if found is None and os.environ.get("CI"):
        pytest.fail(f"{name} is not installed on this machine")
    if found is None:
        pytest.skip(f"{name} is not installed on this machine")
    return found


def run(name: str, *arguments: str | Path, stdin: bytes = b"") -> bytes:
    """Run a program of the system to its end and return what it printed; it must succeed."""
    done = subprocess.run(
        [need(name), *map(str, arguments)], input=stdin, capture_output=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{name}: {done.stderr.decode(errors='replace')}"
    return done.stdout
