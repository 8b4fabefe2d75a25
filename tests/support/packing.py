"""Archives for tests: by the standard library, by libarchive's own writers, and a rar by hand."""

from __future__ import annotations

import io
import struct
import tarfile
import zlib
from collections.abc import Mapping

import pytest

from luwte.lab.carriers.packed import NoLibrary, library


def need_libarchive() -> None:
    """Skip the test where libarchive is not installed."""
    try:
        library()
    except NoLibrary:
        pytest.skip("libarchive is not installed")


def tar(files: Mapping[str, bytes], mode: str = "w") -> bytes:
    """Return `files` in a tar; `mode` is one of tarfile's for writing."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return target.getvalue()


def by_libarchive(files: Mapping[str, bytes], form: str, packing: str | None = None) -> bytes:
    """Return `files` in an archive of the format `form`, packed by the filter `packing`."""
    import libarchive

    pieces: list[bytes] = []

    def take(piece: bytes) -> int:
        pieces.append(bytes(piece))
        return len(piece)

    with libarchive.custom_writer(take, form, packing) as archive:
        for name, content in files.items():
            archive.add_file_from_memory(name, len(content), content)
    return b"".join(pieces)


def rar(files: Mapping[str, bytes], *, encrypted: bool = False) -> bytes:
    """Return `files` stored in a rar of version 4; encrypted ones only say that they are."""
    blocks = [b"Rar!\x1a\x07\0", _block(0x73, 0, bytes(6))]
    for name, content in files.items():
        title = name.encode()
        fields = struct.pack(
            "<IIBIIBBHI",
            len(content),
            len(content),
            3,
            zlib.crc32(content),
            0,
            20,
            0x30,
            len(title),
            0o100644,
        )
        blocks.append(_block(0x74, 0x8004 if encrypted else 0x8000, fields + title) + content)
    return b"".join(blocks) + _block(0x7B, 0x4000, b"")


def _block(sort: int, flags: int, rest: bytes) -> bytes:
    body = struct.pack("<BHH", sort, flags, 7 + len(rest)) + rest
    return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body
