"""Where inputs lie while they are read: the readers take paths, so a folder in memory where there is one."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

_MEMORY = Path("/dev/shm")


@cache
def folder() -> Path:
    """Return the folder of this process; it goes when the process ends."""
    base = _MEMORY if _MEMORY.is_dir() else None
    made = Path(tempfile.mkdtemp(prefix="luwte-fuzz-", dir=base))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def written(name: str, content: bytes) -> Path:
    """Return the path of a file `name` that holds `content`."""
    path = folder() / name
    path.write_bytes(content)
    return path
