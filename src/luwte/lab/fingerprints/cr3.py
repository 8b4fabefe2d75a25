"""The JPEGs in a CR3, the raw file of newer Canon cameras: boxes as in an MP4, one track of them a JPEG.

Sources: ISO/IEC 14496-12 (boxes); Laurent Clevy, "Canon CR3" (which boxes hold what).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_MOST_BOXES: Final = 1024
_HOLDERS = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl"))
_PREVIEWS = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16")
_OF_PREVIEWS = 16 + 8  # the name of the box, and a version and a count before the boxes in it
_IN_PREVIEW = 16  # what stands in the box before its JPEG, whose length comes last

Box = tuple[bytes, int, int]


def is_cr3(content: bytes) -> bool:
    """Return whether the file `content` says that it is a CR3."""
    return content[4:12] == b"ftypcrx "


def places(content: bytes) -> Iterator[tuple[int, int]]:
    """Give start and size, in bytes, of what may be a JPEG in the CR3 `content`; nothing of it is checked."""
    track: dict[bytes, tuple[int, int]] = {}
    for kind, start, end in _boxes(content):
        if kind == b"trak":
            track = {}
        elif kind in (b"stsz", b"stco", b"co64"):
            track[kind] = (start, end)
        elif kind == b"PRVW":
            yield start + _IN_PREVIEW, _number(content, start + _IN_PREVIEW - 4, 4)
        if kind in (b"stsz", b"stco", b"co64") and b"stsz" in track and len(track) > 1:
            yield _sample(content, track)


def _sample(content: bytes, track: dict[bytes, tuple[int, int]]) -> tuple[int, int]:
    """Return where the first sample of a track lies: a JPEG is one sample."""
    sizes = track[b"stsz"][0]
    size = _number(content, sizes + 4, 4) or _number(content, sizes + 12, 4)
    if b"co64" in track:
        return _number(content, track[b"co64"][0] + 8, 8), size
    return _number(content, track[b"stco"][0] + 8, 4), size


def _boxes(content: bytes) -> Iterator[Box]:
    """Give the boxes in their order, those that hold others before what they hold: kind, start and end."""
    waiting = [(0, len(content))]
    for _ in range(_MOST_BOXES):
        if not waiting:
            return
        start, end = waiting.pop()
        size, kind, head = _number(content, start, 4), content[start + 4 : start + 8], 8
        if size == 1:
            size, head = _number(content, start + 8, 8), 16
        ends = min(end, start + size) if size else end
        if end - start < 8 or ends < start + head:
            continue
        waiting.append((ends, end))
        yield kind, start + head, ends
        if kind in _HOLDERS:
            waiting.append((start + head, ends))
        elif kind == b"uuid" and content[start + head : start + head + 16] == _PREVIEWS:
            waiting.append((start + head + _OF_PREVIEWS, ends))


def _number(content: bytes, start: int, size: int) -> int:
    return int.from_bytes(content[start : start + size])
