"""What kind of file it is, by its first bytes. Names and extensions are never trusted."""

from __future__ import annotations

from typing import Literal, get_args

Kind = Literal["picture", "video", "other"]
KINDS: tuple[Kind, ...] = get_args(Kind)

HEAD_BYTES = 512
"""How many bytes from the start of a file `kind_of` looks at, at most."""

_PICTURES = (
    b"\xff\xd8\xff",  # JPEG
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"II*\0",  # TIFF, and the raw formats built on it (CR2, NEF, ARW, DNG)
    b"MM\0*",
    b"II+\0",  # BigTIFF
    b"MM\0+",
    b"IIU\0",  # Panasonic raw
    b"IIRO",  # Olympus raw
    b"IIRS",
    b"MMOR",
    b"FUJIFILMCCD-RAW",
    b"\0\0\0\x0cjP  \r\n\x87\n",  # JPEG 2000
    b"\xff\x4f\xff\x51",  # JPEG 2000 code stream
    b"\0\0\0\x0cJXL \r\n\x87\n",  # JPEG XL
    b"\xff\x0a",  # JPEG XL code stream
    b"8BPS",  # Photoshop
    b"qoif",
)
_VIDEOS = (
    b"\x1a\x45\xdf\xa3",  # Matroska, WebM
    b"FLV\x01",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF, WMV
    b"\0\0\x01\xba",  # MPEG program stream
    b"\0\0\x01\xb3",  # MPEG video
    b".RMF",
    b"\x06\x0e\x2b\x34\x02\x05\x01\x01",  # MXF
)
_STILL_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis", b"crx "))
_SOUND_BRANDS = frozenset((b"M4A ", b"M4B ", b"M4P ", b"F4A "))
_QUICKTIME_ATOMS = frozenset((b"moov", b"mdat", b"wide", b"pnot"))
_BITMAP_HEADER_SIZES = frozenset((12, 16, 40, 52, 56, 64, 108, 124))
_TRANSPORT_PACKET = 188


def kind_of(head: bytes) -> Kind:
    """Return the kind of the file whose first `HEAD_BYTES` are `head` (all of it when it is shorter)."""
    if head.startswith(_PICTURES) or _is_bitmap(head) or _is_icon(head) or _is_portable_map(head):
        return "picture"
    if head.startswith(_VIDEOS) or _is_transport_stream(head) or _is_ogg_video(head):
        return "video"
    if head[:4] == b"RIFF":
        return _kind_of_riff(head[8:12])
    return _kind_of_boxes(head)


def _kind_of_riff(form: bytes) -> Kind:
    if form == b"WEBP":
        return "picture"
    return "video" if form in (b"AVI ", b"AVIX") else "other"


def _kind_of_boxes(head: bytes) -> Kind:
    """ISO base media (ISO/IEC 14496-12): the brand says whether it is a still, a film or a sound."""
    if head[4:8] in _QUICKTIME_ATOMS:
        return "video"
    if head[4:8] != b"ftyp":
        return "other"
    if head[8:12] in _STILL_BRANDS:
        return "picture"
    return "other" if head[8:12] in _SOUND_BRANDS else "video"


def _is_bitmap(head: bytes) -> bool:
    size = int.from_bytes(head[14:18], "little")
    return head[:2] == b"BM" and len(head) >= 18 and size in _BITMAP_HEADER_SIZES


def _is_icon(head: bytes) -> bool:
    count = int.from_bytes(head[4:6], "little")
    return head[:4] == b"\0\0\x01\0" and 0 < count <= 256 and head[9:10] in (b"\0", b"\xff")


def _is_portable_map(head: bytes) -> bool:
    return len(head) > 3 and head[:1] == b"P" and head[1:2] in b"123456" and head[2:3] in b" \t\r\n"


def _is_transport_stream(head: bytes) -> bool:
    return head[: 2 * _TRANSPORT_PACKET + 1 : _TRANSPORT_PACKET] == b"GGG"


def _is_ogg_video(head: bytes) -> bool:
    return head[:4] == b"OggS" and b"theora" in head
