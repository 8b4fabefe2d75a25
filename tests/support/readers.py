"""Readers that say what a test wants, whatever they were asked to read."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib

from luwte.lab.scan import reader, speaking
from luwte.lab.scan.launch import Launch, launch
from luwte.lab.scan.pieces import piece

MARK = "0" * 16


def said(sort: bytes, document: object) -> bytes:
    """Return the piece of `sort` that says `document`."""
    return piece(sort, json.dumps(document).encode())


def file(root: int) -> bytes:
    """Return the beginning of a file of root number `root`."""
    about = {"path": "a", "state": "live", "size": 3, "root": root, "mark": MARK}
    return said(speaking.FILE, about)


def troubles(root: int, *counts: tuple[str, int]) -> bytes:
    """Return what was not read in root number `root`: reasons and how often each."""
    return said(speaking.PROBLEMS, {"root": root, "counts": counts})


def enough(root: int, *, ended: bool = True, mark: str = MARK) -> bytes:
    """Return the end of all that was asked for, behind root number `root`: the last one if it `ended`."""
    about = {"file_systems": ["ext4"], "verified": None, "whole": True, "ended": ended, "problems": []}
    return said(speaking.ENOUGH, about | {"root": root + 1, "mark": mark})


OPENED = said(speaking.OPENED, {"kind": "folder", "size": None, "file_systems": [], "locked": None})
FILE, DONE = file(0), enough(0)
_ANSWERING = """
answers = [zlib.decompress(bytes.fromhex(answer)) for answer in {}]
while head := sys.stdin.buffer.read(5):
    sys.stdin.buffer.read(int.from_bytes(head[1:], "little"))
    sys.stdout.buffer.write(answers[0])
    sys.stdout.flush()
    del answers[: len(answers) > 1]
"""


def answering(*answers: bytes) -> Launch:
    """A reader that answers each question with the next of `answers`, and then with the last for ever.

    Every other child is started as in production.
    """
    packed = [zlib.compress(answer).hex() for answer in answers]
    start = saying(OPENED, then=_ANSWERING.format(packed))
    return lambda module, *arguments: (start if module == reader.MODULE else launch)(module, *arguments)


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
