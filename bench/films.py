"""Films that the bench draws: scenes under a moving camera, a face that talks, slides, and what they share.

A film is a list of grey rasters of one size, `RATE` a second. All of them may begin with black, a logo and a
title and end with a last picture, as the films of one maker do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from luwte.demo.pictures import draw

Film = list[NDArray[np.uint8]]

RATE = 8
SIZE = (256, 192)
SECONDS = 40
_LARGE = (512, 384)
_LOGO, _TITLE, _LAST = 900_001, 900_002, 900_003
_SCENE = (2, 6)


def film(seed: int, *, framed: bool = False) -> Film:
    """Return the film of `seed`: of ten six have scenes, two are a face that talks, two are slides.

    With `framed` two seconds of black, a logo and a title come before it, and a last picture after it.
    """
    kinds: tuple[Callable[[int], Film], ...] = (*[_scenes] * 6, _talking, _talking, _slides, _slides)
    shown = kinds[seed % 10](seed)
    if not framed:
        return shown
    black = [np.zeros(SIZE[::-1], np.uint8)] * (2 * RATE)
    return [*black, *_still(_LOGO, 2), *_still(_TITLE, 3), *shown, *_still(_LAST, 3), *black]


def encoded(pictures: Film, quality: int = 23, rate: int = RATE) -> bytes:
    """Return `pictures` as an MP4 of H.264 of `quality` (CRF: 18 is good, 38 is bad)."""
    import av

    target = BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream(
            "libx264", rate=rate, options={"crf": str(quality), "preset": "veryfast"}
        )
        stream.height, stream.width = pictures[0].shape
        stream.pix_fmt, stream.codec_context.thread_count = "yuv420p", 1
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="gray")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return target.getvalue()


@cache
def drawn(seed: int, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """Return the drawn picture of `seed` in grey (H, W)."""
    return np.asarray(draw(seed, *size).convert("L"))


def _still(seed: int, seconds: float) -> Film:
    return [drawn(seed)] * round(seconds * RATE)


def _scenes(seed: int) -> Film:
    """Give scenes of two to six seconds, in each of which the camera moves over a larger picture."""
    dice = np.random.default_rng(seed)
    found: Film = []
    while len(found) < SECONDS * RATE:
        found += _moving(1000 * seed + len(found), int(dice.integers(*_SCENE) * RATE), dice)
    return found[: SECONDS * RATE]


def _moving(seed: int, frames: int, dice: np.random.Generator) -> Iterator[NDArray[np.uint8]]:
    picture = Image.fromarray(drawn(seed, _LARGE))
    starts, ends = dice.uniform(0, 0.4, 2), dice.uniform(0, 0.4, 2)
    shares = dice.uniform(0.5, 0.6, 2)
    for step in np.linspace(0, 1, frames):
        left, top = (starts + (ends - starts) * step) * _LARGE
        share = shares[0] + (shares[1] - shares[0]) * step
        box = (left, top, left + share * _LARGE[0], top + share * _LARGE[1])
        yield np.asarray(picture.resize(SIZE, Image.Resampling.BILINEAR, box))


def _talking(seed: int) -> Film:
    """Give one still room in which something the size of a head moves a little."""
    dice = np.random.default_rng(seed)
    room, head = drawn(1000 * seed), drawn(1000 * seed + 1)[40:140, 80:160]
    place = np.array([46.0, 88.0])
    found = []
    for _ in range(SECONDS * RATE):
        place = np.clip(place + dice.normal(0, 1.5, 2), (30, 60), (70, 110))
        top, left = place.astype(int)
        picture = room.copy()
        picture[top : top + 100, left : left + 80] = head
        found.append(picture)
    return found


def _slides(seed: int) -> Film:
    return [picture for number in range(SECONDS // 4) for picture in _still(1000 * seed + number, 4)]
