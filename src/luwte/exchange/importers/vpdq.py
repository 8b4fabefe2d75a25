"""The hash of one video as vPDQ's own tools write it: a line a frame, `number,quality,PDQ,seconds`.

As published with ThreatExchange (vpdq/cpp/vpdq/cpp/io/vpdqio.cpp). A file is one video.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from luwte.exchange.entries import FRAME_QUALITY, HashRecord, frames_from
from luwte.exchange.errors import BadList
from luwte.exchange.importers.complaints import Complaints
from luwte.exchange.importers.source import Source
from luwte.exchange.importers.values import hash_value, whole_number

MOST_LINES = 2_000_000
"""The frames that one file may list: nine hours of sixty a second."""
_LINE = re.compile(r"\d{1,9},\d{1,3},[0-9a-fA-F]{64},[0-9.e+-]{1,32}")


def detect(head: bytes, _name: str) -> bool:
    """Return whether the first line that says anything is that of a frame."""
    first = head.lstrip()[:256].decode("latin-1").partition("\n")[0]
    return _LINE.fullmatch(first.strip()) is not None


def read(source: Source, complaints: Complaints) -> Iterator[HashRecord]:
    """Give one record with the frames that have enough in them. Raises `BadList` when none has."""
    hashes: dict[bytes, None] = {}
    rows = 0
    for number, line in enumerate(source.lines(), start=1):
        if not line.strip():
            continue
        rows += 1
        if rows > MOST_LINES:
            raise BadList(f"{source.path} has more than {MOST_LINES:,} frames. Give one file a video.")
        try:
            pdq, quality = _frame(line.strip())
        except ValueError as error:
            complaints.add(f"line {number}", str(error))
            continue
        if quality >= FRAME_QUALITY:
            hashes[pdq] = None
    complaints.settle(source.path, rows)
    frames = frames_from(hashes)
    if not frames:
        raise BadList(f"{source.path} has no frame of quality {FRAME_QUALITY} or more. It can find nothing.")
    yield HashRecord(frames=frames)


def _frame(line: str) -> tuple[bytes, int]:
    parts = line.split(",")
    if len(parts) != 4:
        raise ValueError("it is not number, quality, PDQ and seconds of a frame")
    quality = whole_number(parts[1], 100)
    if quality is None:
        raise ValueError("its quality is not 0 to 100")
    return hash_value("pdq", parts[2]), quality
