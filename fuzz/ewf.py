"""E01 images: the input as it is, and again with right checksums, so that what they guard is reached."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from fuzz.scratch import written
from luwte.base.errors import BadInput, Failure
from luwte.lab.carriers.carrier import Unreadable
from luwte.lab.carriers.ewf import SIGNATURE, open_ewf, same_hashes, segment_path
from luwte.lab.carriers.ewf_chunks import Chunks
from luwte.lab.carriers.ewf_sections import DESCRIPTOR, HEADER, TABLE_HEADER, Contents

_MOST_SEGMENTS: Final = 4
_MOST_SECTIONS: Final = 64
_PIECE: Final = 200_000
_LARGEST_WHOLE: Final = 4 << 20
_ERRORS_HEAD: Final = 520
_SEALED_WHOLE: Final = (b"volume", b"disk", b"data", b"hash", b"digest")


def one(data: bytes) -> None:
    """Open `data` and read here and there in it; where a segment begins in it, another file begins."""
    segments = [SIGNATURE + part for part in data.split(SIGNATURE)[1:]] or [data]
    _read(segments[:_MOST_SEGMENTS])
    _read([mended(segment) for segment in segments[:_MOST_SEGMENTS]])


def mended(segment: bytes) -> bytes:
    """Return `segment` with the checksums of its sections and tables as they should be."""
    content, place = bytearray(segment), HEADER.size
    for _ in range(_MOST_SECTIONS):
        start = place + DESCRIPTOR.size
        if start > len(content):
            break
        _seal(content, place, start - 4)
        name, following, size, _, _ = DESCRIPTOR.unpack(content[place:start])
        if not start <= following <= len(content):
            break
        end = min(following, place + size) if size >= DESCRIPTOR.size else following
        _seal_content(content, name.rstrip(b"\0"), start, end)
        place = following
    return bytes(content)


def _seal_content(content: bytearray, kind: bytes, start: int, end: int) -> None:
    if kind in _SEALED_WHOLE and end - start >= 4:
        _seal(content, start, end - 4)
    elif kind == b"error2" and end - start >= _ERRORS_HEAD:
        _seal(content, start, start + _ERRORS_HEAD - 4)
    elif kind in (b"table", b"table2") and end - start >= TABLE_HEADER.size:
        entries = start + TABLE_HEADER.size
        _seal(content, start, entries - 4)
        after = entries + 4 * int.from_bytes(content[start : start + 4], "little")
        if after + 4 <= end:
            _seal(content, entries, after)


def _seal(content: bytearray, start: int, end: int) -> None:
    """Put the Adler-32 of the bytes from `start` up to `end` at `end`."""
    struct.pack_into("<L", content, end, zlib.adler32(content[start:end]))


def _read(segments: list[bytes]) -> None:
    first = _laid_out(segments)
    try:
        image, contents = open_ewf(first)
    except (BadInput, Failure):
        return
    _look(image, contents)


def _look(image: Chunks, contents: Contents) -> None:
    try:
        for offset, size in _reads(image.size):
            with suppress(Unreadable):
                piece = image.read(offset, size)
                assert len(piece) == min(size, image.size - offset), "a read gives too much or too little"
        if image.size <= _LARGEST_WHOLE:
            same_hashes(image, contents, lambda _: None)
    finally:
        image.close()


def _reads(size: int) -> Iterator[tuple[int, int]]:
    """Give some places of a medium and how much to read there: a little here and there, and runs."""
    yield from ((size * part // 7, 10) for part in (1, 5, 1, 3, 6))
    yield from ((offset, _PIECE) for offset in (0, size // 2, max(0, size - 10)))


def _laid_out(segments: list[bytes]) -> Path:
    first = written("image.E01", segments[0])
    for number in range(2, _MOST_SEGMENTS + 1):
        path = segment_path(first, number)
        if number <= len(segments):
            path.write_bytes(segments[number - 1])
        else:
            path.unlink(missing_ok=True)
    return first
