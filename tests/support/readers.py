"""Readers that say what a test wants, whatever they were asked to read."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib

from luwte.lab.scan import reader
from luwte.lab.scan.launch import Launch
from luwte.lab.scan.pieces import piece

OPENED = piece(reader.OPENED, json.dumps({"kind": "folder", "size": None, "file_systems": []}).encode())
FILE = piece(reader.FILE, json.dumps({"path": "a", "state": "live", "size": 3}).encode())
DONE = piece(reader.DONE, json.dumps({"file_systems": ["ext4"], "verified": None, "whole": True}).encode())


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
