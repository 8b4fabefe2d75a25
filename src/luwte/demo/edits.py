"""What happens to pictures on their way: recompressed, resized, recoloured, mirrored, cut, framed.

Each edit takes and returns a picture in RGB; `Edit` values in `EDITS` are named as the closing table and
the tests name them.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageEnhance, ImageOps

Edit = Callable[[Image.Image], Image.Image]


def as_jpeg(picture: Image.Image, quality: int = 88) -> bytes:
    """Return `picture` as a JPEG file of `quality` 1..95."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


def as_png(picture: Image.Image) -> bytes:
    """Return `picture` as a PNG file."""
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return file.getvalue()


def recompress(picture: Image.Image, quality: int = 40) -> Image.Image:
    """Return `picture` after it went through a JPEG file of `quality`."""
    return Image.open(io.BytesIO(as_jpeg(picture, quality))).convert("RGB")


def resize(picture: Image.Image, share: float = 0.5) -> Image.Image:
    """Return `picture` with both sides times `share`."""
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def recolour(picture: Image.Image, colour: float = 1.5, brightness: float = 1.1) -> Image.Image:
    """Return `picture` with its colours and its brightness times these factors."""
    return ImageEnhance.Brightness(ImageEnhance.Color(picture).enhance(colour)).enhance(brightness)


def grey(picture: Image.Image) -> Image.Image:
    """Return `picture` without its colours."""
    return picture.convert("L").convert("RGB")


def mirror(picture: Image.Image) -> Image.Image:
    """Return `picture` with left and right exchanged."""
    return ImageOps.mirror(picture)


def turn(picture: Image.Image, quarters: int = 1) -> Image.Image:
    """Return `picture` turned to the left by `quarters` of 90 degrees."""
    turns = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    return picture.transpose(turns[quarters % 4 - 1]) if quarters % 4 else picture.copy()


def crop(picture: Image.Image, share: float = 0.6) -> Image.Image:
    """Return the middle of `picture`: `share` of its width and of its height."""
    across, down = picture.width * (1 - share) / 2, picture.height * (1 - share) / 2
    return picture.crop(
        (round(across), round(down), round(picture.width - across), round(picture.height - down))
    )


def border(picture: Image.Image, share: float = 0.15) -> Image.Image:
    """Return `picture` in a white frame, each side `share` of the picture's height."""
    return ImageOps.expand(picture, border=round(picture.height * share), fill="white")


# What PDQ of the whole picture finds, and what it misses (frames want a photo box, crops local codes).
FOUND_BY_PDQ: dict[str, Edit] = {
    "recompressed": recompress,
    "resized": resize,
    "recoloured": recolour,
    "grey": grey,
    "mirrored": mirror,
    "turned": turn,
}
MISSED_BY_PDQ: dict[str, Edit] = {"cropped": crop, "framed": border}
EDITS: dict[str, Edit] = FOUND_BY_PDQ | MISSED_BY_PDQ
