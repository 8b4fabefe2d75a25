"""A worker that decodes pictures for a calibration: the bytes of one come in, its small grey raster goes out.

It runs as a process of its own (`python -m luwte.lab.scan.raster_worker`), confined as those of a scan are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from luwte.lab.fingerprints.kept import Kept
from luwte.lab.fingerprints.kinds import HEAD_BYTES, kind_of
from luwte.lab.fingerprints.pictures import Reason, Undecodable, decode_grey
from luwte.lab.scan.confine import confine, cpu_within, private_output, write_all
from luwte.lab.scan.pieces import END, PIECE, read_piece
from luwte.lab.scan.raster_record import READY, SIDE, pack_raster
from luwte.lab.scan.worker import MAX_CONTENT, MEMORY

MODULE = "luwte.lab.scan.raster_worker"


def shrunk(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return `grey` with a longer side of at most `SIDE`."""
    picture = Image.fromarray(grey)
    picture.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(picture, np.uint8)


def serve(source: BinaryIO, say: Callable[[bytes], None], seconds: int) -> None:
    """Answer the files that come through `source` until it ends; each may take `seconds` of CPU time."""
    say(READY)
    kept = Kept(MAX_CONTENT)
    while (received := read_piece(source)) is not None:
        sort, payload = received
        if sort == PIECE:
            kept.take(payload)
            continue
        if sort == END:
            with cpu_within(seconds):
                found = _decoded(kept)
            say(pack_raster(found))
        kept = Kept(MAX_CONTENT)


def _decoded(kept: Kept) -> NDArray[np.uint8] | Reason | None:
    """Return the raster, why there is none, or None for what is no picture."""
    try:
        if not kept.whole:
            return Reason.LARGE
        content = kept.joined()
        return shrunk(decode_grey(content).grey) if kind_of(content[:HEAD_BYTES]) == "picture" else None
    except Undecodable as failure:
        return failure.reason
    except MemoryError:
        return Reason.MEMORY


def main() -> None:
    """Be a worker; the first argument is how many seconds of processor time one file may take."""
    answers = private_output()
    Image.init()
    confine(MEMORY)
    serve(sys.stdin.buffer, partial(write_all, answers), int(sys.argv[1]))


if __name__ == "__main__":
    main()
