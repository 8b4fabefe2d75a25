"""Caches of thumbnails for tests, laid out as Windows, Android and iOS lay them out."""

from __future__ import annotations

import struct
from collections.abc import Sequence

EntryContent = tuple[str, bytes]


def thumbcache(entries: Sequence[EntryContent], *, vista: bool = False) -> bytes:
    """Return a thumbcache_256.db of Windows 7 (or Vista) with `entries` (name, picture).

    Layout: libyal, "Windows Explorer thumbnail database format": a header of 24 bytes; of each entry a
    header of 48 (56) bytes, its name in UTF-16, padding and the picture.
    """
    content = struct.pack("<4sIIIII", b"CMMM", 20 if vista else 21, 2, 24, 24, len(entries))
    for name, picture in entries:
        title, padding = name.encode("utf-16-le"), bytes(2)
        fixed = struct.pack("<8s", "jpg\0".encode("utf-16-le")) if vista else b""
        sizes = struct.pack("<IIII", len(title), len(padding), len(picture), 0) + bytes(16)
        size = 16 + len(fixed) + len(sizes) + len(title) + len(padding) + len(picture)
        content += b"CMMM" + struct.pack("<I8s", size, name[:8].encode().ljust(8)) + fixed + sizes
        content += title + padding + picture
    return content


def thumbdata(pictures: Sequence[bytes], slot: int = 200_000) -> bytes:
    """Return a .thumbdata4 of Android with `pictures`, each in a slot of `slot` bytes.

    Layout: MiniThumbFile.java of Android: a status byte, an id of 8 bytes, a length of 4, the JPEG.
    """
    return b"".join(
        (b"\1" + struct.pack(">QI", number, len(picture)) + picture).ljust(slot, b"\0")
        for number, picture in enumerate(pictures)
    )


def imgcache(pictures: Sequence[EntryContent]) -> bytes:
    """Return an imgcache.0 of Android's gallery with `pictures` (key, picture).

    Layout: BlobCache.java of Android: a magic and a version, then of each blob a header of 20 bytes (key,
    checksum, offset, length), a name and the picture.
    """
    content = struct.pack("<II", 0xBD248510, 1)
    for number, (name, picture) in enumerate(pictures):
        blob = name.encode("utf-16-le") + picture
        content += struct.pack("<QIII", number, 0, len(content), len(blob)) + blob
    return content
