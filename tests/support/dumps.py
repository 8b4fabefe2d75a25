"""What a thief of one database of the desk reads: the file and those beside it, or a dump."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from luwte.desk.project.databases import ENVIRONMENT, FILES


def dump(home: Path, alias: str) -> bytes:
    """Return every byte of the database `alias` of the desk in `home`; binary columns are unpacked."""
    if address := os.environ.get(ENVIRONMENT[alias]):
        dumped = subprocess.run(["pg_dump", address], check=True, capture_output=True).stdout
        packed = re.findall(rb"\\\\x([0-9a-f]+)", dumped)
        return b"\n".join([dumped, *(bytes.fromhex(one.decode()) for one in packed)])
    path = home / "desk" / FILES[alias]
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
