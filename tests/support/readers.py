"""Readers that say what a test wants, whatever they were asked to read."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib

from luwte.lab.scan import speaking
from luwte.lab.scan.launch import Launch
from luwte.lab.scan.pieces import piece

MARK = "0" * 16


def said(sort: bytes, document: object) -> bytes:
    """Return the piece of `sort` that says `document`."""
    return piece(sort, json.dumps(document).encode())


def file(root: int) -> bytes:
    """Return the beginning of a file of root number `root`."""
    about = {"path": "a", "state": "live", "size": 3, "root": root, "mark": MARK}
    return said(speaking.FILE, about)


def enough(root: int) -> bytes:
    """Return the end of all that was asked for, behind root number `root`, the last one."""
    about = {"file_systems": ["ext4"], "verified": None, "whole": True, "ended": True, "problems": []}
    return said(speaking.ENOUGH, about | {"root": root + 1, "mark": MARK})


OPENED = said(speaking.OPENED, {"kind": "folder", "size": None, "file_systems": [], "locked": None})
FILE, DONE = file(0), enough(0)


def saying(wire: bytes, *, then: str = "") -> Launch:
    """A reader that says `wire`, whatever it was asked, and then does `then`."""

    lines = (
        "import os, sys, time, zlib",
        f"sys.stdout.buffer.write(zlib.decompress(bytes.fromhex('{zlib.compress(wire).hex()}')))",
        "sys.stdout.flush()",
        then,
    )

    def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", "\n".join(lines)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            process_group=0,
        )

    return start
