"""The frame header of a JPEG (ITU-T T.81, B.2.2), read without decoding anything."""

from __future__ import annotations

from typing import NamedTuple

LOSSLESS = frozenset((0xC3, 0xC7, 0xCB, 0xCF))
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
_LAST = frozenset((0xD9, 0xDA))
_MOST_SEGMENTS = 10_000


class FrameHeader(NamedTuple):
    """The `marker` that says how a JPEG is coded (SOF0 is 0xC0), and its `bits` a sample."""

    marker: int
    bits: int


def frame_header(content: bytes) -> FrameHeader | None:
    """Return the frame header of the JPEG in `content`; None where none is found before its first scan."""
    place = 2
    for _ in range(_MOST_SEGMENTS):
        head = content[place : place + 5]
        if len(head) < 5 or head[0] != 0xFF or head[1] in _LAST:
            return None
        if head[1] in _FRAMES:
            return FrameHeader(head[1], head[4])
        place += _length(head)
    return None


def _length(head: bytes) -> int:
    if head[1] == 0xFF:
        return 1
    return 2 if head[1] in _ALONE else 2 + max(2, int.from_bytes(head[2:4]))
