"""What happens to films on their way, for the bench: each takes its rasters and gives others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bench.films import RATE, SIZE, Film, drawn, film

_GROUND = 800_000
_OTHERS = 700_000
_CARDS = 600_000
_BLACK = np.zeros(SIZE[::-1], np.uint8)


@dataclass(frozen=True, slots=True)
class FilmEdit:
    """What an edit makes of a film, and the quality (CRF) that it is then written with."""

    make: Callable[[Film], Film]
    quality: int = 23


def _each(edit: Callable[[Image.Image], Image.Image]) -> Callable[[Film], Film]:
    return lambda pictures: [np.asarray(edit(Image.fromarray(picture))) for picture in pictures]


def _clip(share: float) -> Callable[[Film], Film]:
    def edit(pictures: Film) -> Film:
        first, length = round(0.35 * len(pictures)), round(share * len(pictures))
        return pictures[first : first + length]

    return edit


def _speed(factor: float) -> Callable[[Film], Film]:
    def edit(pictures: Film) -> Film:
        return [pictures[int(place)] for place in np.arange(0, len(pictures), factor)]

    return edit


def _bars(share: float) -> Callable[[Film], Film]:
    """Black bars above and below, together `share` of the height."""
    width, height = SIZE
    bar = round(share * height / 2)

    def edit(picture: Image.Image) -> Image.Image:
        target = Image.new("L", SIZE)
        target.paste(picture.resize((width, height - 2 * bar)), (0, bar))
        return target

    return _each(edit)


def _inside(share: float, ground: NDArray[np.uint8]) -> Callable[[Film], Film]:
    """Put the film, its sides `share` of the whole, upon a ground that stands still."""
    size = round(SIZE[0] * share), round(SIZE[1] * share)

    def edit(picture: Image.Image) -> Image.Image:
        target = Image.fromarray(ground).copy()
        target.paste(picture.resize(size), (SIZE[0] - size[0] - 12, SIZE[1] - size[1] - 9))
        return target

    return _each(edit)


def _compiled(share: float) -> Callable[[Film], Film]:
    """Put a part of the film, `share` of it, between two others."""

    def edit(pictures: Film) -> Film:
        return [*film(_OTHERS), *_clip(share)(pictures), *film(_OTHERS + 1)]

    return edit


def _written(picture: Image.Image) -> Image.Image:
    target = picture.copy()
    pen = ImageDraw.Draw(target)
    for line in range(2):
        pen.rectangle((30, 150 + 18 * line, 226, 163 + 18 * line), fill=20)
        pen.text((40, 151 + 18 * line), "what somebody wrote over it", fill=240)
    return target


def _dropped(pictures: Film) -> Film:
    """Leave out every second half second."""
    half = RATE // 2
    return [picture for number, picture in enumerate(pictures) if number // half % 2 == 0]


def _shuffled(pictures: Film) -> Film:
    """Cut the first half into pieces of two seconds and put those in another order."""
    pieces = [pictures[start : start + 2 * RATE] for start in range(0, len(pictures) // 2, 2 * RATE)]
    order = np.random.default_rng(1).permutation(len(pieces))
    return [picture for number in order for picture in pieces[number]]


def openings(cards: int) -> Callable[[Film], Film]:
    """Put the same `cards`, a second each, before every film: what the films of one maker share."""
    return lambda pictures: [*(drawn(_CARDS + card) for card in range(cards) for _ in range(RATE)), *pictures]


FILM_EDITS: dict[str, FilmEdit] = {
    "recompressed": FilmEdit(list, 38),
    "half the size": FilmEdit(_each(lambda picture: picture.resize((SIZE[0] // 2, SIZE[1] // 2)))),
    "clip, 50 %": FilmEdit(_clip(0.5)),
    "clip, 20 %": FilmEdit(_clip(0.2)),
    "clip, 10 %": FilmEdit(_clip(0.1)),
    "speed x1.25": FilmEdit(_speed(1.25)),
    "speed x1.5": FilmEdit(_speed(1.5)),
    "speed x2": FilmEdit(_speed(2)),
    "speed x4": FilmEdit(_speed(4)),
    "slow motion x0.5": FilmEdit(_speed(0.5)),
    "clip, 50 %, speed x2": FilmEdit(lambda pictures: _speed(2)(_clip(0.5)(pictures))),
    "half of the frames dropped": FilmEdit(_dropped),
    "backward": FilmEdit(lambda pictures: pictures[::-1]),
    "pieces in another order": FilmEdit(_shuffled),
    "three times over": FilmEdit(lambda pictures: 3 * _clip(0.3)(pictures)),
    "mirrored": FilmEdit(lambda pictures: [picture[:, ::-1] for picture in pictures]),
    "a quarter turn": FilmEdit(lambda pictures: [np.rot90(picture) for picture in pictures]),
    "text laid over it": FilmEdit(_each(_written)),
    "bars, 10 %": FilmEdit(_bars(0.1)),
    "bars, 25 %": FilmEdit(_bars(0.25)),
    "picture in picture, 50 %, plain": FilmEdit(_inside(0.5, _BLACK + 90)),
    "picture in picture, 35 %, plain": FilmEdit(_inside(0.35, _BLACK + 90)),
    "picture in picture, 50 %, busy": FilmEdit(_inside(0.5, drawn(_GROUND))),
    "picture in picture, 35 %, busy": FilmEdit(_inside(0.35, drawn(_GROUND))),
    "50 % among others": FilmEdit(_compiled(0.5)),
    "20 % among others": FilmEdit(_compiled(0.2)),
    "10 % among others": FilmEdit(_compiled(0.1)),
    "cropped to 80 % a side": FilmEdit(_each(lambda picture: picture.crop((26, 19, 230, 173)))),
    "cropped to 60 % a side": FilmEdit(_each(lambda picture: picture.crop((51, 38, 205, 154)))),
    "turned by 10 degrees": FilmEdit(_each(lambda picture: picture.rotate(10))),
}
"""The edits by name, as the table has them."""
