"""Handing the licensed hasher that a scan was asked for to those who look."""

from __future__ import annotations

import subprocess

from luwte.lab.scan import worker
from luwte.lab.scan.launch import Launch


def with_hasher(start: Launch, name: str) -> Launch:
    """Return `start`, but that each worker hashes with the hasher called `name`; with no name, as it is."""
    if not name:
        return start

    def starting(module: str, *arguments: str) -> subprocess.Popen[bytes]:
        asked = (worker.HASHER, name) if module == worker.MODULE else ()
        return start(module, *arguments, *asked)

    return starting
