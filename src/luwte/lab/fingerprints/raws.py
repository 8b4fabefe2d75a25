"""The picture that a camera puts into its raw file for looking at it: the largest JPEG that is embedded.

CR2, NEF, ARW and DNG are TIFF files (Adobe TIFF 6.0; DNG 1.7): directories that chain and nest, some of
pictures, one of what the sensor saw. RW2 is nearly one. RAF says in its header where its JPEG lies.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Literal

from luwte.lab.fingerprints.jpegs import LOSSLESS, frame_header

_MOST_DIRECTORIES = 64
_MOST_ENTRIES = 1024
_MOST_VALUES = 16
_ENTRY = 12
_SIZES = {3: 2, 4: 4, 13: 4}  # SHORT, LONG, IFD
_COMPRESSION, _PHOTOMETRIC, _STRIPS, _STRIP_BYTES = 0x103, 0x106, 0x111, 0x117
_NESTED, _JPEG, _JPEG_BYTES, _PANASONIC_JPEG = 0x14A, 0x201, 0x202, 0x2E
_TAKEN = frozenset(
    (_COMPRESSION, _PHOTOMETRIC, _STRIPS, _STRIP_BYTES, _NESTED, _JPEG, _JPEG_BYTES, _PANASONIC_JPEG)
)
_OF_A_SENSOR = frozenset((32803, 34892))  # colour filter array, linear raw
_JPEG_COMPRESSIONS = frozenset((6, 7))

Order = Literal["little", "big"]
Directory = dict[int, list[int]]


def preview(content: bytes) -> bytes | None:
    """Return the largest JPEG in the camera raw file `content`; None when it has none or is no such file."""
    if content.startswith(b"FUJIFILMCCD-RAW"):
        places = [struct.unpack(">II", content[84:92])] if len(content) >= 92 else []
    else:
        directories = list(_directories(content))
        places = (
            [place for each in directories for place in _places(each)]
            if _is_raw(content, directories)
            else []
        )
    found = [content[start : start + size] for start, size in places]
    return max((each for each in found if _is_picture(each)), key=len, default=None)


def _is_raw(content: bytes, directories: list[Directory]) -> bool:
    if content[8:10] == b"CR" or content.startswith(b"IIU\0"):
        return True
    return any(_OF_A_SENSOR.intersection(each.get(_PHOTOMETRIC, ())) for each in directories)


def _places(directory: Directory) -> Iterator[tuple[int, int]]:
    if _PANASONIC_JPEG in directory:
        start, size = directory[_PANASONIC_JPEG]
        yield start, size
    for start_tag, size_tag in ((_JPEG, _JPEG_BYTES), (_STRIPS, _STRIP_BYTES)):
        starts, sizes = directory.get(start_tag, []), directory.get(size_tag, [])
        if len(starts) == len(sizes) == 1 and (start_tag == _JPEG or _is_jpeg_coded(directory)):
            yield starts[0], sizes[0]


def _is_jpeg_coded(directory: Directory) -> bool:
    return not _JPEG_COMPRESSIONS.isdisjoint(directory.get(_COMPRESSION, ()))


def _is_picture(content: bytes) -> bool:
    """Whether this is a JPEG to look at: sensors' values are lossless JPEG, or have more than 8 bits."""
    header = frame_header(content) if content.startswith(b"\xff\xd8\xff") else None
    return header is not None and header.marker not in LOSSLESS and header.bits == 8


def _directories(content: bytes) -> Iterator[Directory]:
    order: Order = "big" if content.startswith(b"MM") else "little"
    waiting = [int.from_bytes(content[4:8], order)]
    seen: set[int] = set()
    while waiting and len(seen) < _MOST_DIRECTORIES:
        start = waiting.pop(0)
        if start in seen or not 8 <= start < len(content) - 1:
            continue
        seen.add(start)
        directory, following = _directory(content, start, order)
        waiting += [following, *directory.get(_NESTED, ())]
        yield directory


def _directory(content: bytes, start: int, order: Order) -> tuple[Directory, int]:
    count = int.from_bytes(content[start : start + 2], order)
    end = start + 2 + _ENTRY * count
    found: Directory = {}
    for place in range(start + 2, start + 2 + _ENTRY * min(count, _MOST_ENTRIES), _ENTRY):
        entry = content[place : place + _ENTRY]
        tag = int.from_bytes(entry[:2], order)
        if tag in _TAKEN and len(entry) == _ENTRY:
            found[tag] = _values(content, tag, entry, order)
    return found, int.from_bytes(content[end : end + 4], order)


def _values(content: bytes, tag: int, entry: bytes, order: Order) -> list[int]:
    sort, count, value = (int.from_bytes(entry[a:b], order) for a, b in ((2, 4), (4, 8), (8, 12)))
    if tag == _PANASONIC_JPEG:
        return [value, count]
    size = _SIZES.get(sort, 0)
    if not size or count > _MOST_VALUES:
        return []
    raw = entry[8:] if size * count <= 4 else content[value : value + size * count]
    return [int.from_bytes(raw[at : at + size], order) for at in range(0, size * count, size)]
