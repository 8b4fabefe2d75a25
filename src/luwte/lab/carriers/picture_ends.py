"""Where a picture that starts somewhere ends: its own structure is followed, nothing of it is decoded.

Sources: ITU-T T.81 annex B (JPEG), PNG third edition (W3C) section 5, GIF89a specification, Google's WebP
container specification (RIFF), [MS-WMF] 2.2.2.3 (BMP, as caches of thumbnails hold them). Every length in it
is foreign: no walk leaves the given end, none takes more than `MOST_STEPS` steps.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from luwte.lab.carriers.carrier import Read

LARGEST: Final = 128 << 20
"""The most bytes that one carved picture may have; a picture of 200 megapixels has less."""
SMALLEST_SIDE: Final = 32
"""Pixels; what is narrower or lower is an icon or a line, not a picture to recognise."""
MOST_STEPS: Final = 65_536
_MOST_PARTS, _PARTS_A_STEP = 1 << 20, 4

WINDOW: Final = 1 << 20
_ZEROS = bytes(16 << 10)
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset((0x01, *range(0xD0, 0xD8)))
_STRAY = frozenset((0x00, 0xD8))
_SCAN, _END = 0xDA, 0xD9
_LEAST_SCAN = 256
_MOST_FILLING = 4096


@dataclass(frozen=True, slots=True)
class Ending:
    """How a picture ends: `end` is where the next byte stands; `whole` is False when it breaks off there."""

    end: int
    whole: bool


class Source:
    """Reads a content in large windows and counts in `steps` the work that goes into it."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self.window = b""
        self.at = 0
        self.steps = 0

    def look(self, place: int, size: int) -> int:
        """Hold at least `size` bytes from `place`, fewer at the end, and return where in `window` they start.

        Raises `Unreadable`.
        """
        self.steps += 1
        start = place - self.at
        if start < 0 or start + size > len(self.window):
            self.window, self.at, start = self._read(place, WINDOW), place, 0
            self.steps += WINDOW >> 10
        return start

    def bytes_at(self, place: int, size: int) -> bytes:
        """Return `size` bytes from `place`, fewer at the end. Raises `Unreadable`."""
        start = self.look(place, size)
        return self.window[start : start + size]

    def find_marker(self, place: int, end: int) -> int:
        """Return where the next JPEG marker that ends a scan stands, or `end`. Raises `Unreadable`."""
        while place < end:
            start = self.look(place, 2)
            self.steps += (len(self.window) - start) >> 10
            if found := _NEXT_MARKER.search(self.window, start):
                return min(end, self.at + found.start())
            if len(self.window) - start < 2:
                return end
            place = self.at + len(self.window) - self.window.endswith(b"\xff")
        return end

    def find_zeros(self, place: int, end: int) -> int:
        """Return where a stretch of zero bytes starts, or `end`. Raises `Unreadable`."""
        while place < end:
            start = self.look(place, len(_ZEROS))
            self.steps += (len(self.window) - start) >> 8
            if (found := self.window.find(_ZEROS, start)) >= 0:
                return min(end, self.at + found)
            if len(self.window) - start < len(_ZEROS):
                return end
            place = self.at + len(self.window) - len(_ZEROS) + 1
        return end


def jpeg_end(source: Source, start: int, end: int) -> Ending | None:
    """Return how the JPEG at `start` ends, thumbnails in its header passed over; None when it is none."""
    place, first_scan, framed, limit = start + 2, 0, False, min(end, start + LARGEST)
    for _ in range(MOST_STEPS):
        head = source.bytes_at(place, 4) if place < limit else b""
        if len(head) < 2 or head[0] != 0xFF:
            break
        kind = head[1]
        if kind == _END:
            return Ending(place + 2, whole=True) if first_scan else None
        if kind in _WITHOUT_LENGTH or kind == 0xFF:
            place += 1 if kind == 0xFF else 2
            continue
        length = int.from_bytes(head[2:4])
        if kind in _STRAY or len(head) < 4 or length < 2:
            break
        if kind in _FRAMES:
            most = _most_of_frame(source.bytes_at(place + 4, 6))
            if most is None:
                return None
            framed, limit = True, min(limit, place + most)
        place += 2 + length
        if kind == _SCAN:
            if not framed:
                return None
            first_scan = first_scan or place
            place = source.find_marker(place, limit)
    return _broken(source, first_scan, min(place, limit))


def _most_of_frame(frame: bytes) -> int | None:
    """Return the most bytes that a frame can take; None when it is too small or makes no sense."""
    if len(frame) < 6:
        return None
    height, width = struct.unpack(">HH", frame[1:5])
    if width < SMALLEST_SIDE or 0 < height < SMALLEST_SIDE or not 1 <= frame[5] <= 4:
        return None
    most: int = width * (height or 0xFFFF) * frame[5] * 2 + (64 << 10)
    return min(LARGEST, most)


def _broken(source: Source, data: int, end: int) -> Ending | None:
    """Return where a picture whose pixels start at `data` (0 for none) breaks off: at a stretch of zeros."""
    if not data or end - data < _LEAST_SCAN:
        return None
    end = source.find_zeros(data, end)
    return Ending(end, whole=False) if end - data >= _LEAST_SCAN else None


def png_end(source: Source, start: int, end: int) -> Ending | None:
    """Return how the PNG at `start` ends, chunk by chunk; None when it is none."""
    place, data, end = start + 8, 0, min(end, start + LARGEST)
    header = source.bytes_at(place, 16)
    if header[:8] != b"\0\0\0\rIHDR" or len(header) < 16:
        return None
    width, height = struct.unpack(">LL", header[8:])
    if not _is_sensible(width, height):
        return None
    for _ in range(MOST_STEPS):
        head = source.bytes_at(place, 8) if place < end else b""
        if len(head) < 8 or not head[4:].isalpha():
            break
        if head[4:] == b"IDAT":
            data = data or place
        place += 12 + int.from_bytes(head[:4])
        if place > end:
            break
        if head[4:] == b"IEND":
            return Ending(place, whole=True) if data else None
    return _broken(source, data, min(place, end))


def gif_end(source: Source, start: int, end: int) -> Ending | None:
    """Return how the GIF at `start` ends, block by block; None when it is none."""
    end = min(end, start + LARGEST)
    head = source.bytes_at(start, 13)
    if (
        head[:6] not in (b"GIF87a", b"GIF89a")
        or len(head) < 13
        or not _is_sensible(*struct.unpack_from("<HH", head, 6))
    ):
        return None
    place, data = start + 13 + _colours(head[10]), 0
    for _ in range(MOST_STEPS):
        block = source.bytes_at(place, 10) if place < end else b""
        if block[:1] == b";":
            return Ending(place + 1, whole=True) if data else None
        if block[:1] == b"!":
            place += 2
        elif block[:1] == b"," and len(block) == 10:
            place += 11 + _colours(block[9])
            data = data or place
        else:
            break
        following = _after_parts(source, place, end)
        if following is None:
            place = end
            break
        place = following
    return _broken(source, data, min(place, end))


def _colours(flags: int) -> int:
    return 3 << (1 + (flags & 7)) if flags & 0x80 else 0


def _after_parts(source: Source, place: int, end: int) -> int | None:
    """Return where the parts of a GIF block end, each with its length before it; None when they do not."""
    length = 1
    while place < end and source.steps < _MOST_PARTS // _PARTS_A_STEP:
        at = start = source.look(place, 1)
        window, parts = source.window, 0
        while length and at < len(window):
            length = window[at]
            at += length + 1
            parts += 1
        source.steps += parts // _PARTS_A_STEP
        place += at - start
        if not length or at == start:
            return None if length else place
    return None


def webp_end(source: Source, start: int, end: int) -> Ending | None:
    """Return how the WebP at `start` ends, as its RIFF header says; None when it is none or cut off."""
    head = source.bytes_at(start, 20)
    if len(head) < 20 or head[12:16] not in (b"VP8 ", b"VP8L", b"VP8X"):
        return None
    size, inner = int.from_bytes(head[4:8], "little"), int.from_bytes(head[16:20], "little")
    if not 12 + inner <= size <= LARGEST or start + 8 + size > end:
        return None
    return Ending(start + 8 + size, whole=True)


def bmp_end(source: Source, start: int, end: int) -> Ending | None:
    """Return how the bitmap at `start` ends, by its measures; None when it is none, packed or cut off."""
    head = source.bytes_at(start, 34)
    if len(head) < 34 or head[:2] != b"BM":
        return None
    stated, pixels, _, width, height, planes, bits, packing = struct.unpack_from("<L4xLLllHHL", head, 2)
    if planes != 1 or bits not in (16, 24, 32) or packing not in (0, 3):
        return None
    if not _is_sensible(width, abs(height)):
        return None
    size = pixels + (width * bits + 31) // 32 * 4 * abs(height)
    size = stated if 0 <= stated - size <= _MOST_FILLING else size
    return Ending(start + size, whole=True) if size <= min(LARGEST, end - start) else None


def _is_sensible(width: int, height: int) -> bool:
    return SMALLEST_SIDE <= width <= 0xFFFF and SMALLEST_SIDE <= height <= 0xFFFF


Walk = Callable[[Source, int, int], Ending | None]
KINDS: Final[tuple[tuple[bytes, int, str, Walk], ...]] = (
    (b"\xff\xd8\xff", 0, "jpg", jpeg_end),
    (b"\x89PNG\r\n\x1a\n", 0, "png", png_end),
    (b"GIF8", 0, "gif", gif_end),
    (b"WEBPVP8", 8, "webp", webp_end),
    (b"\0\0\0\0006\0\0\0(\0\0\0", 6, "bmp", bmp_end),
)
"""What a picture is told by, how many bytes stand before that, its suffix, and the walk to its end."""
