"""A known film, drawn, and what happens to films on their way: each as pictures, four a second."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from luwte.demo import edits
from tests.support.drawn import drawn

Pictures = list[Image.Image]

RATE = 4
SIZE = (256, 192)
KNOWN = range(1, 11)
CLIP = range(4, 7)
_SECONDS = 3
_TITLE = 900


def scenes(seeds: Iterable[int], *, titled: bool = False) -> Pictures:
    """Return three seconds of each drawn scene, moving a little; first two of black and two of a title."""
    opening = [Image.new("RGB", SIZE)] * (2 * RATE) + [drawn(_TITLE, *SIZE)] * (2 * RATE) if titled else []
    return opening + [picture for seed in seeds for picture in _moving(drawn(seed, *SIZE))]


def _moving(scene: Image.Image) -> Iterator[Image.Image]:
    for step in range(_SECONDS * RATE):
        yield Image.fromarray(np.roll(np.asarray(scene), step, axis=1))


def _each(edit: Callable[[Image.Image], Image.Image], seeds: Iterable[int] = KNOWN) -> Pictures:
    return [edit(picture) for picture in scenes(seeds, titled=seeds == KNOWN)]


def _letterboxed(bar: int) -> Callable[[Image.Image], Image.Image]:
    def edit(picture: Image.Image) -> Image.Image:
        target = Image.new("RGB", SIZE)
        target.paste(picture.resize((SIZE[0], SIZE[1] - 2 * bar)), (0, bar))
        return target

    return edit


def _inside(picture: Image.Image) -> Image.Image:
    target = drawn(700, *SIZE).copy()
    target.paste(picture.resize((SIZE[0] // 2, SIZE[1] // 2)), (8, 8))
    return target


FILMS: dict[str, Callable[[], Pictures]] = {
    "the known film": lambda: scenes(KNOWN, titled=True),
    "a clip of it": lambda: scenes(CLIP),
    "compressed hard": lambda: _each(lambda picture: edits.recompress(picture, 20)),
    "half the size": lambda: _each(edits.resize),
    "mirrored": lambda: _each(edits.mirror),
    "twice as fast": lambda: scenes(KNOWN, titled=True)[::2],
    "thin bars": lambda: _each(_letterboxed(6)),
    "thick bars": lambda: _each(_letterboxed(24)),
    "a clip, mirrored": lambda: _each(edits.mirror, CLIP),
    "a clip among others": lambda: scenes([301, 302, *CLIP, 303, 304, 305, 306, 307, 308, 309, 310]),
    "inside another picture": lambda: _each(_inside),
    "another film with its title": lambda: scenes(range(201, 211), titled=True),
    "a still": lambda: [drawn(CLIP[1], *SIZE)],
}
"""What a carrier may hold, by name."""


def greys(pictures: Iterable[Image.Image]) -> Iterator[NDArray[np.uint8]]:
    """Give `pictures` in grey."""
    for picture in pictures:
        yield np.asarray(picture.convert("L"))
