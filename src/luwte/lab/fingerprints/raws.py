"""The picture that a camera puts into its raw file for looking at it: the largest JPEG that is embedded.

CR2, NEF, ARW and DNG are TIFF files (Adobe TIFF 6.0; DNG 1.7): directories that chain and nest, some of
pictures, one of what the sensor saw. RW2 is nearly one, and so is ORF, whose JPEG stands in the notes of its
maker (ExifTool, "Olympus tags"). RAF says in its header where its JPEG lies. CR3 is of another kind.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Literal

from luwte.lab.fingerprints import cr3
from luwte.lab.fingerprints.jpegs import LOSSLESS, frame_header

_MOST_DIRECTORIES = 64
_MOST_ENTRIES = 1024
_MOST_VALUES = 16
_ENTRY = 12
_SIZES = {3: 2, 4: 4, 13: 4}  # SHORT, LONG, IFD
_COMPRESSION, _PHOTOMETRIC, _STRIPS, _STRIP_BYTES = 0x103, 0x106, 0x111, 0x117
_NESTED, _JPEG, _JPEG_BYTES, _PANASONIC_JPEG = 0x14A, 0x201, 0x202, 0x2E
_EXIF, _MAKER_NOTE, _OLYMPUS_CAMERA, _OLYMPUS_JPEG, _OLYMPUS_JPEG_BYTES = 0x8769, 0x927C, 0x2020, 0x101, 0x102
_AS_PLACE = frozenset((_PANASONIC_JPEG, _MAKER_NOTE, _OLYMPUS_CAMERA))  # where the value lies and its bytes
_TAKEN = frozenset(
    (
        *(_COMPRESSION, _PHOTOMETRIC, _STRIPS, _STRIP_BYTES, _NESTED, _JPEG, _JPEG_BYTES),
        *(_EXIF, _OLYMPUS_JPEG, _OLYMPUS_JPEG_BYTES, *_AS_PLACE),
    )
)
_OLYMPUS = (b"IIRO", b"IIRS", b"MMOR")
_OLYMPUS_NOTES = ((b"OLYMPUS\0", 8), (b"OM SYSTEM\0\0\0", 12))
"""How the notes of the maker begin in which all places count from their own start, and where they say in
which order their bytes stand; the directory comes 4 bytes behind that."""
_OF_A_SENSOR = frozenset((32803, 34892))  # colour filter array, linear raw
_JPEG_COMPRESSIONS = frozenset((6, 7))

Order = Literal["little", "big"]
Directory = dict[int, list[int]]


def preview(content: bytes) -> bytes | None:
    """Return the largest JPEG in the camera raw file `content`; None when it has none or is no such file."""
    found = [content[start : start + size] for start, size in _all_places(content)]
    return max((each for each in found if _is_picture(each)), key=len, default=None)


def _all_places(content: bytes) -> list[tuple[int, int]]:
    if content.startswith(b"FUJIFILMCCD-RAW"):
        return [struct.unpack(">II", content[84:92])] if len(content) >= 92 else []
    if cr3.is_cr3(content):
        return list(cr3.places(content))
    directories = list(_directories(content))
    if not _is_raw(content, directories):
        return []
    places = [place for each in directories for place in _places(each)]
    return places + (_olympus_places(content, directories) if content.startswith(_OLYMPUS) else [])


def _is_raw(content: bytes, directories: list[Directory]) -> bool:
    if content[8:10] == b"CR" or content.startswith((b"IIU\0", *_OLYMPUS)):
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


def _olympus_places(content: bytes, directories: list[Directory]) -> list[tuple[int, int]]:
    """Return where the JPEG lies that the notes of the maker name."""
    start = next((each[_MAKER_NOTE][0] for each in directories if _MAKER_NOTE in each), len(content))
    base, at = next(
        ((start, at) for mark, at in _OLYMPUS_NOTES if content.startswith(mark, start)), (0, start + 4)
    )
    order: Order = "big" if content[base + at : base + at + 2] == b"MM" else "little"
    if not base:  # older notes count from the start of the file, in its order
        order = "big" if content.startswith(b"MM") else "little"
    notes = content[base:]
    camera = _directory(notes, at + 4, order)[0].get(_OLYMPUS_CAMERA)
    found = _directory(notes, camera[0], order)[0] if camera else {}
    starts, sizes = found.get(_OLYMPUS_JPEG, []), found.get(_OLYMPUS_JPEG_BYTES, [])
    return [(base + starts[0], sizes[0])] if len(starts) == len(sizes) == 1 else []


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
        waiting += [following, *directory.get(_NESTED, ()), *directory.get(_EXIF, ())]
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
    if tag in _AS_PLACE:
        return [value, count]
    size = _SIZES.get(sort, 0)
    if not size or count > _MOST_VALUES:
        return []
    raw = entry[8:] if size * count <= 4 else content[value : value + size * count]
    return [int.from_bytes(raw[at : at + size], order) for at in range(0, size * count, size)]
