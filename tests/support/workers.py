"""Workers that misbehave: the true worker, started by tests so that certain files make it fail.

Run as `python -m tests.support.workers`; the production code has no switch for any of this.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

from luwte.lab.fingerprints.fingerprint import Look, look_at
from luwte.lab.fingerprints.pictures import GreyPicture, decode_frames, decode_grey
from luwte.lab.scan import raster_worker, worker
from luwte.lab.scan.launch import launch
from tests.support.drawn import jpeg

CHECKOUT = Path(__file__).resolve().parent.parent.parent
JPEG = b"\xff\xd8\xff"
SLEEPER = JPEG + b"sleeper"
CRASHER = JPEG + b"crasher"
GLUTTON = JPEG + b"glutton"
LIAR = JPEG + b"liar"
WRITER = JPEG + b"writer"
PRINTER = JPEG + b"printer"
SPINNER = JPEG + b"spinner"
RASTERS = "--rasters"


def misbehaving(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start `module` as in production, but a worker as one that these files make fail."""
    if module == raster_worker.MODULE:
        return _started(module, *arguments, RASTERS)
    return _started(module, *arguments) if module == worker.MODULE else launch(module, *arguments)


def blind(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a worker that ends when it has to look at anything, whatever it is."""
    return _started(module, *arguments, "blind") if module == worker.MODULE else launch(module, *arguments)


def failing_closely(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start `module` as in production, but a worker that looks closely as one that files make fail."""
    return misbehaving(module, *arguments) if worker.CLOSELY in arguments else launch(module, *arguments)


def hurried(module: str, *_arguments: str) -> subprocess.Popen[bytes]:
    """Start a worker that misbehaves, with one second of processor time for each file."""
    return misbehaving(module, "1")


def never_ready(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a worker that ends at once."""
    return launch("this", *arguments) if module == worker.MODULE else launch(module, *arguments)


def _started(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    path = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([*([path] if path else []), str(CHECKOUT)])
    try:
        return launch("tests.support.workers", *arguments)
    finally:
        if path is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = path


def _look(content: bytes) -> Look:
    _misbehave(content)
    return look_at(content)


def _decode(content: bytes) -> GreyPicture:
    _misbehave(content)
    return decode_grey(content)


def _decode_frames(content: bytes) -> Iterator[GreyPicture]:
    _misbehave(content)
    return decode_frames(content)


def closely(sort: bytes) -> bytes:
    """Return a sound picture that makes a worker fail that looks at it closely as `sort` makes one fail."""
    return jpeg(40) + sort.removeprefix(JPEG)


def _is(content: bytes, sort: bytes) -> bool:
    return content.startswith(sort) or content.endswith(sort.removeprefix(JPEG))


def _misbehave(content: bytes) -> None:
    if sys.argv[-1] == "blind":
        os.abort()
    if _is(content, SLEEPER):
        time.sleep(3600)
    while _is(content, SPINNER):
        pass
    if _is(content, CRASHER):
        os.abort()
    if _is(content, GLUTTON):
        bytearray(worker.MEMORY)
    if _is(content, WRITER):
        with TemporaryFile(buffering=0) as file:
            file.write(b"x")
    if _is(content, PRINTER):
        os.write(1, b"a library's noise")
    if _is(content, LIAR):
        os.write(3, b"\xff" * 10_000)
        os.write(4, b"\xff" * 10_000)


if __name__ == "__main__":
    vars(worker)["look_at"] = _look
    if worker.CLOSELY in sys.argv:
        from luwte.lab.scan import close_look

        vars(close_look)["decode_frames"] = _decode_frames
    if RASTERS in sys.argv:
        vars(raster_worker)["decode_grey"] = _decode
        raster_worker.main()
    else:
        worker.main()
