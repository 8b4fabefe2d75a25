"""HEIC and HEIF (ISO/IEC 23008-12) through pillow-heif, where that is installed (`luwte[media]`).

The library is loaded with the first such picture, and only where foreign bytes are decoded anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from PIL import Image

_BEFORE_BRANDS = 8
_MOST_BRANDS = 256
_AV1 = frozenset((b"avif", b"avis"))
_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"))


class Still(Protocol):
    """A picture in a file that was opened: its `size` in pixels before it is decoded."""

    size: tuple[int, int]

    def to_pillow(self) -> Image.Image:
        """Decode it, turned as the file asks."""
        ...


def is_heif(content: bytes) -> bool:
    """Return whether `content` begins like HEIC or HEIF, other than AVIF."""
    if content[4:8] != b"ftyp" or content[8:12] not in _BRANDS:
        return False
    brands = content[_BEFORE_BRANDS : min(int.from_bytes(content[:4]), _MOST_BRANDS)]
    return _AV1.isdisjoint(brands[place : place + 4] for place in range(0, len(brands), 4))


def stills(content: bytes) -> Iterator[Still]:
    """Give the pictures in `content`, none decoded yet, the primary one first.

    Raises `ImportError` where the library is missing, and nearly anything on damaged content.
    """
    import pillow_heif

    options = pillow_heif.options
    options.DECODE_THREADS, options.THUMBNAILS, options.DEPTH_IMAGES, options.AUX_IMAGES = (
        1,
        False,
        False,
        False,
    )
    opened = pillow_heif.open_heif(content)
    yield opened[opened.primary_index]
    yield from (still for number, still in enumerate(opened) if number != opened.primary_index)
