"""The pictures of a run: drawn from seeds at 12 megapixels, as many bytes as photos, or a folder's."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from luwte.demo.pictures import draw

WIDTH, HEIGHT = 4032, 3024
JPEG_QUALITY = 85


def twelve_megapixels(count: int) -> Iterator[bytes]:
    """Give `count` drawn JPEG files of 4032 x 3024 pixels, 4:2:0, with the noise of a sensor; about 1.5 MB.

    They are made as those that the targets were set on: a small picture enlarged, and noise over it.
    """
    for seed in range(count):
        small = draw(seed, WIDTH // 4, HEIGHT // 4)
        yield as_jpeg(_with_noise(small.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), seed))


def small(count: int) -> Iterator[bytes]:
    """Give `count` drawn JPEG files of 480 x 320 pixels, as small as pictures from the web."""
    for seed in range(count):
        yield as_jpeg(draw(seed, 480, 320))


def of_folder(folder: Path, count: int) -> Iterator[bytes]:
    """Give the first `count` JPEG files of a folder, by name."""
    for path in itertools.islice(jpegs(folder), count):
        yield path.read_bytes()


def jpegs(folder: Path) -> Iterator[Path]:
    """Give the paths of the JPEG files of a folder, by name."""
    yield from sorted(path for path in folder.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg"})


def as_jpeg(picture: Image.Image, quality: int = JPEG_QUALITY) -> bytes:
    """Return the picture as a JPEG file."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality, subsampling="4:2:0")
    return file.getvalue()


def _with_noise(picture: Image.Image, seed: int) -> Image.Image:
    """Noise of a standard deviation of 3: without it the entropy decoder has less to do than on photos."""
    noise = 3 * np.random.default_rng(seed).standard_normal((HEIGHT, WIDTH, 1), np.float32)
    return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))
