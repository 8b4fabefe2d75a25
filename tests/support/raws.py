"""Camera raw files as far as tests need them: TIFF directories with a sensor's values and previews."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from itertools import pairwise

Tags = Mapping[int, int | bytes]
CFA = 32803


def tiff(*directories: Tags, nested: tuple[Tags, ...] = (), order: str = "<", mark: bytes = b"") -> bytes:
    """Return a TIFF of chained `directories`, the first of which also has `nested` ones (SubIFDs).

    A value that is bytes is put into the file, and the tag says where: one strip, or one JPEG.
    """
    body = bytearray((b"II*\0" if order == "<" else b"MM\0*") + bytes(4) + mark)
    places = [_put(body, each, order) for each in nested]
    first: dict[int, int | bytes] = dict(directories[0])
    if places:
        first[0x14A] = struct.pack(f"{order}{len(places)}I", *places) if len(places) > 1 else places[0]
    starts = [_put(body, each, order) for each in (first, *directories[1:])]
    struct.pack_into(f"{order}I", body, 4, starts[0])
    for start, following in pairwise(starts):
        (count,) = struct.unpack_from(f"{order}H", body, start)
        struct.pack_into(f"{order}I", body, start + 2 + 12 * count, following)
    return bytes(body)


def _put(body: bytearray, tags: Tags, order: str) -> int:
    """Append the directory of `tags`, its data first, and return where it starts."""
    entries = []
    for tag, value in sorted(tags.items()):
        place, count = value, 1
        if isinstance(value, bytes):
            place = len(body)
            count = len(value) // 4 if tag == 0x14A else 1
            body += value
        entries.append(struct.pack(f"{order}HHII", tag, 4, count, place))
    start = len(body)
    body += struct.pack(f"{order}H", len(entries)) + b"".join(entries) + bytes(4)
    return start


def strip(picture: bytes, **tags: int) -> dict[int, int | bytes]:
    """Return the directory of a JPEG that is stored as one strip, as in CR2 and DNG."""
    return {
        0x103: tags.get("compression", 6),
        0x106: tags.get("photometric", 6),
        0x111: picture,
        0x117: len(picture),
    }


def embedded(picture: bytes) -> dict[int, int | bytes]:
    """Return the directory of a JPEG behind JPEGInterchangeFormat, as in NEF and ARW."""
    return {0x201: picture, 0x202: len(picture)}


def sensor(values: bytes = b"\xff\xd8\xff\xc3\0\x0b\x0e" + bytes(60_000)) -> dict[int, int | bytes]:
    """Return the directory of what a sensor saw, in a strip of lossless JPEG."""
    return {0x103: 7, 0x106: CFA, 0x111: values, 0x117: len(values)}
