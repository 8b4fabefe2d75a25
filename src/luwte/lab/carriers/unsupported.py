"""Kinds of images that are recognised by name but not read yet."""

from __future__ import annotations

import os
from pathlib import Path

# (offset, magic, what it is). Sources: the formats' published headers, as libmagic lists them.
_HEADS = (
    (0, b"COWD", "a VMDK virtual disk"),
    (64, b"\x7f\x10\xda\xbe", "a VDI virtual disk"),
    (0, b"EVF2\r\n\x81\0", "an Ex01 image"),
    (0, b"LEF2\r\n\x81\0", "an Lx01 image"),
    (0, b"LVF\t\r\n\xff\0", "an L01 image of single files"),
    (0, b"ADCRYPT\0", "an image encrypted by AccessData tools"),
    (0, b"ADSEGMENTEDFILE", "an AD1 image"),
    (0, b"AFF10\r\n\0", "an AFF image"),
)
_FOOTERS = ((b"koly", "an Apple disk image (DMG)"),)
_FOOTER_SIZE = 512


def unsupported_kind(path: Path, head: bytes) -> str | None:
    """Return what the file at `path` is when it is of a known kind that is not read, else None.

    `head` holds its first bytes; a file that has its mark in its last sector is looked at there.
    """
    for offset, magic, name in _HEADS:
        if head[offset : offset + len(magic)] == magic:
            return name
    footer = _footer(path) if head else b""
    return next((name for magic, name in _FOOTERS if footer.startswith(magic)), None)


def _footer(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(0, end - _FOOTER_SIZE))
            return file.read(_FOOTER_SIZE)
    except OSError:
        return b""
