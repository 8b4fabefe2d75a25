"""Drawn pictures for the tests of the lab, drawn once a run."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image

from luwte.demo.pictures import draw


@cache
def drawn(seed: int, width: int = 640, height: int = 480) -> Image.Image:
    """Return the drawn picture of `seed`; do not change it."""
    return draw(seed, width, height)


def encoded(picture: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    """Return `picture` as a file of the format `form`."""
    target = BytesIO()
    pages = options.pop("append_images", None)
    if isinstance(pages, list):
        options["append_images"] = [page.copy() for page in pages]
    picture.copy().save(target, form, **options)  # Pillow leaves settings of one format behind for the next
    return target.getvalue()


@cache
def jpeg(seed: int, quality: int = 88) -> bytes:
    """Return the drawn picture of `seed` as a JPEG file."""
    return encoded(drawn(seed), quality=quality)
