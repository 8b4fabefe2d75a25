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


def orf(
    preview: bytes, thumbnail: bytes, *, mark: bytes = b"IIRO", notes: bytes = b"OLYMPUS\0II\3\0"
) -> bytes:
    """Return an ORF as cameras of Olympus write it: `preview` in the notes of the maker, `thumbnail` beside.

    `notes` is how the notes begin; places in them count from there, in the oldest kind from the file.
    """
    order, after = ("<", "II") if mark[:2] == b"II" else (">", "MM")
    start = 8 + 2 + 12 + 4  # the file's header and its only directory
    exif = start + 2 + 12 + 4
    base = 0 if notes.startswith(b"OLYMP\0") else exif
    first = exif + len(notes) - base
    camera = first + 2 + 12 + 4
    picture = camera + 2 + 24 + 4
    assert base == 0 or after.encode() in notes
    body = mark + struct.pack(f"{order}I", 8)
    body += _directory(order, (0x8769, 4, 1, start))
    body += _directory(order, (0x927C, 7, 9999, exif))
    body += notes + _directory(order, (0x2020, 7, 30, camera))
    body += _directory(order, (0x101, 4, 1, picture), (0x102, 4, 1, len(preview)))
    return body + preview + thumbnail


def _directory(order: str, *entries: tuple[int, int, int, int]) -> bytes:
    packed = b"".join(struct.pack(f"{order}HHII", *entry) for entry in entries)
    return struct.pack(f"{order}H", len(entries)) + packed + bytes(4)


def cr3(full: bytes, preview: bytes, *, long: bool = True) -> bytes:
    """Return a CR3: `full` as the first track, `preview` in its box, and a track of what the sensor saw.

    `long` is whether places in it are written in 8 bytes.
    """
    start = _box(b"ftyp", b"crx \0\0\0\1crx isom")
    shown = bytes(4) + struct.pack(">HHHHI", 1, 1620, 1080, 1, len(preview)) + preview
    named = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16") + struct.pack(">II", 0, 1)
    boxes = _box(b"uuid", named + _box(b"PRVW", shown))
    raw = b"\xff\1" + bytes(70_000)
    length = len(_movie(full, raw, 0, long=long))
    movie = _movie(full, raw, len(start) + length + len(boxes) + 16, long=long)
    return start + movie + boxes + struct.pack(">I4sQ", 1, b"mdat", 16 + len(full) + len(raw)) + full + raw


def _movie(full: bytes, raw: bytes, place: int, *, long: bool) -> bytes:
    first, second = _track(len(full), place, long=long), _track(len(raw), place + len(full), long=long)
    return _box(b"moov", _box(b"uuid", bytes(16)) + first + second)


def _track(size: int, place: int, *, long: bool) -> bytes:
    sizes = _box(b"stsz", struct.pack(">III", 0, size, 1))
    places = struct.pack(">IIQ" if long else ">III", 0, 1, place)
    table = _box(b"stsd", bytes(60)) + sizes + _box(b"free", bytes(7))
    media = _box(b"minf", _box(b"stbl", table + _box(b"co64" if long else b"stco", places)))
    return _box(b"trak", _box(b"tkhd", bytes(84)) + _box(b"mdia", media))


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content
