"""Where on an image file systems lie, and what lies there instead: encryption, kinds that are not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pytsk3

from luwte.lab.carriers.carrier import Unreadable
from luwte.lab.carriers.tsk import TROUBLE

SECTOR: Final = 512
_SYSTEMS = (
    pytsk3.TSK_VS_TYPE_DETECT,
    pytsk3.TSK_VS_TYPE_GPT,
    pytsk3.TSK_VS_TYPE_DOS,
    pytsk3.TSK_VS_TYPE_MAC,
)
_MOST_PARTITIONS = 1024
_SAMPLE, _SAMPLES = 4096, 128
_LARGEST_CHI_SQUARE = 400.0  # 255 degrees of freedom: random bytes exceed it once in a hundred million times

# (marks as offset and magic, what it is). Sources: the formats' own headers, as libblkid probes them; for
# BitLocker To Go, which looks like a FAT32, and for Core Storage the documentation of libbde and libfvde.
_Marks = tuple[tuple[int, bytes], ...]
_TO_GO = bytes.fromhex("3bd66749292ed84a8399f6a339e3d001")
_ENCRYPTED: tuple[tuple[_Marks, str], ...] = (
    (((3, b"-FVE-FS-"),), "BitLocker"),
    (((424, _TO_GO),), "BitLocker"),
    (((0, b"LUKS\xba\xbe\0\2"),), "LUKS 2"),
    (((0, b"LUKS\xba\xbe"),), "LUKS"),
    (((0, b"SKUL\xba\xbe"),), "LUKS 2"),
    (((8, b"\1\0\x10\0"), (88, b"CS\1\0\0\0")), "Core Storage"),
)
_NOT_READ: tuple[tuple[_Marks, str], ...] = (
    (((0, b"XFSB"),), "XFS"),
    (((0x10040, b"_BHRfS_M"),), "Btrfs"),
    (((3, b"ReFS\0"),), "ReFS"),
    (((1024, b"\x10\x20\xf5\xf2"),), "F2FS"),
    (((512, b"LABELONE"),), "LVM"),
    (((0, b"hsqs"),), "SquashFS"),
    (((0x1018, b"\xfc\x4e\x2b\xa9"),), "Linux RAID"),
    (((0x8001, b"BEA01"),), "UDF"),
    (((4086, b"SWAPSPACE2"),), "swap space"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A part of an image, in bytes; `label` is "" for the image as a whole, "p1", "p2"... for partitions."""

    label: str
    start: int
    size: int

    @property
    def is_whole(self) -> bool:
        """Return whether this is the image as a whole."""
        return not self.label


def places(image: pytsk3.Img_Info, size: int) -> Iterator[Place]:
    """Give each allocated partition of the image of `size` bytes, and last the image as a whole.

    The whole comes too when there are partitions: a disc image made for sticks is both. Where it is one
    encrypted volume, what looks like a table of partitions is none: BitLocker To Go has other numbers there.
    """
    whole = Place("", 0, size)
    found = [] if encryption_at(image, whole) else _partitions(image, size)
    yield from found
    if not any(place.start == 0 for place in found):
        yield whole


def _partitions(image: pytsk3.Img_Info, size: int) -> list[Place]:
    for kind in _SYSTEMS:
        try:
            volume = pytsk3.Volume_Info(image, kind)
            block = volume.info.block_size
            spans = [(part.start * block, part.len * block) for part in volume if _is_allocated(part)]
        except TROUBLE:
            continue
        numbered = enumerate(spans[:_MOST_PARTITIONS], start=1)
        return [Place(f"p{number}", start, length) for number, (start, length) in numbered if start < size]
    return []


def _is_allocated(part: pytsk3.TSK_VS_PART_INFO) -> bool:
    return int(part.flags) == int(pytsk3.TSK_VS_PART_FLAG_ALLOC)


def encryption_at(image: pytsk3.Img_Info, place: Place) -> str | None:
    """Return the name of the encryption whose mark stands at `place`, or None."""
    return _first_mark(image, place, _ENCRYPTED)


def unread_kind_at(image: pytsk3.Img_Info, place: Place) -> str | None:
    """Return the name of the kind at `place` that is known but not read, or None."""
    return _first_mark(image, place, _NOT_READ)


def looks_random(image: pytsk3.Img_Info, place: Place) -> bool:
    """Return whether the bytes at `place` are as even as random ones: encrypted, or wiped with noise.

    Pictures and packed files are not: their bytes fail a chi-square test on as many of them.
    """
    step = max(_SAMPLE, place.size // _SAMPLES)
    starts = range(place.start, place.start + place.size - _SAMPLE + 1, step)
    content = b"".join(_bytes_at(image, start, _SAMPLE) for start in starts)
    if len(content) < 16 * _SAMPLE:
        return False
    counts = np.bincount(np.frombuffer(content, np.uint8), minlength=256)
    expected = len(content) / 256
    return float(((counts - expected) ** 2).sum() / expected) < _LARGEST_CHI_SQUARE


def has_marks(image: pytsk3.Img_Info, place: Place, marks: _Marks) -> bool:
    """Return whether each of `marks`, offset and magic, stands at `place`."""
    return all(_bytes_at(image, place.start + offset, len(magic)) == magic for offset, magic in marks)


def _first_mark(image: pytsk3.Img_Info, place: Place, kinds: tuple[tuple[_Marks, str], ...]) -> str | None:
    return next((name for marks, name in kinds if has_marks(image, place, marks)), None)


def _bytes_at(image: pytsk3.Img_Info, offset: int, size: int) -> bytes:
    try:
        return bytes(image.read(offset, size))
    except (OSError, Unreadable):
        return b""
