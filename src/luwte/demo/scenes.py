"""The scenes that `pictures.draw` paints: benign things only, never people, bodies or faces.

A painter takes a picture and a `Dice` and paints over the picture. Places and sizes are shares of the
picture, so that one seed gives the same scene at every size.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

import numpy as np
from PIL import Image, ImageDraw

from luwte.demo.dice import Colour, Dice

Painter = Callable[[Image.Image, Dice], None]
Point = tuple[float, float]
Wall = tuple[float, float, float, float]


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return the colour `share` (0..1) of the way from `one` to `other`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return (red, green, blue)


def hills(picture: Image.Image, dice: Dice) -> None:
    """Paint a sun and ranges of hills, one before the other."""
    width, height = picture.size
    pen = ImageDraw.Draw(picture)
    disc(pen, dice, picture.size, dice.colour(180, 255), radius=dice.uniform(0.04, 0.12))
    near, far = dice.colour(10, 120), dice.colour(90, 220)
    layers = dice.whole(3, 6)
    for layer in range(layers):
        ridge = _ridge(dice, (0.25 + 0.65 * layer / layers) * height, height * dice.uniform(0.08, 0.3))
        steps = [(width * place / (len(ridge) - 1), top) for place, top in enumerate(ridge)]
        pen.polygon([*steps, (width, height), (0, height)], fill=mixed(far, near, layer / (layers - 1)))


def bowls(picture: Image.Image, dice: Dice) -> None:
    """Paint a still life: a table with bowls and fruit and their shadows."""
    width, height = picture.size
    pen = ImageDraw.Draw(picture)
    edge = dice.uniform(0.35, 0.7) * height
    pen.polygon(
        [(0, edge), (width, edge * dice.uniform(0.8, 1.2)), (width, height), (0, height)], fill=dice.colour()
    )
    for _ in range(dice.whole(6, 14)):
        ball(pen, dice, picture.size, dice.uniform(0.05, 0.16))


def pebbles(picture: Image.Image, dice: Dice) -> None:
    """Paint a bed of round stones."""
    pen = ImageDraw.Draw(picture)
    for _ in range(dice.whole(60, 160)):
        ball(pen, dice, picture.size, dice.uniform(0.02, 0.09))


def tiles(picture: Image.Image, dice: Dice) -> None:
    """Paint a tiled floor, turned and seen at a slant, each tile with a colour of its own."""
    columns, rows = dice.whole(5, 14), dice.whole(5, 14)
    palette = [dice.colour() for _ in range(dice.whole(3, 7))]
    turn, lean = dice.uniform(0, pi), dice.uniform(0.5, 1.5)
    place = _slanted(picture.size, turn, lean)
    pen = ImageDraw.Draw(picture)
    joint = dice.colour(150, 240)
    for row in range(rows):
        for column in range(columns):
            corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
            shape = [place(x / columns, y / rows) for x, y in corners]
            pen.polygon(shape, fill=palette[dice.whole(0, len(palette) - 1)], outline=joint)


def weave(picture: Image.Image, dice: Dice) -> None:
    """Paint woven bands of uneven width in two directions."""
    pen = ImageDraw.Draw(picture)
    for turn in (dice.uniform(0, pi), dice.uniform(0, pi)):
        place = _slanted(picture.size, turn, 1.0)
        left = 0.0
        while left < 1.0:
            right = left + dice.uniform(0.02, 0.12)
            if dice.uniform() < 0.5:
                pen.polygon(
                    [place(left, 0), place(right, 0), place(right, 1), place(left, 1)], fill=dice.colour()
                )
            left = right


def leaves(picture: Image.Image, dice: Dice) -> None:
    """Paint leaves that lie over each other in every direction."""
    width, height = picture.size
    pen = ImageDraw.Draw(picture)
    green, brown = (40, dice.whole(90, 190), 50), (dice.whole(120, 200), 90, 40)
    for _ in range(dice.whole(40, 110)):
        x, y, turn = dice.uniforms(3).tolist()
        reach = dice.uniform(0.04, 0.14) * height
        tint = mixed(mixed(green, brown, dice.uniform()), dice.colour(), 0.35)
        outline = _leaf(x * width, y * height, reach, turn * 2 * pi)
        pen.polygon(outline, fill=tint)
        pen.line(
            [outline[0], outline[len(outline) // 2]],
            fill=mixed(tint, (255, 255, 255), 0.4),
            width=1 + height // 300,
        )


def skyline(picture: Image.Image, dice: Dice) -> None:
    """Paint buildings with lit and dark windows."""
    width, height = picture.size
    pen = ImageDraw.Draw(picture)
    left = 0.0
    while left < 1.0:
        right, top = left + dice.uniform(0.06, 0.2), dice.uniform(0.1, 0.75)
        wall, lit = dice.colour(20, 160), dice.colour(120, 255)
        pen.rectangle([left * width, top * height, right * width, height], fill=wall)
        _windows(pen, dice, (left * width, top * height, right * width, float(height)), lit)
        left = right


def lights(picture: Image.Image, dice: Dice) -> None:
    """Paint lights out of focus, in front of a dark ground."""
    pen = ImageDraw.Draw(picture, "RGBA")
    for _ in range(dice.whole(25, 70)):
        disc(
            pen,
            dice,
            picture.size,
            dice.colour(60, 255),
            radius=dice.uniform(0.02, 0.13),
            opacity=dice.whole(110, 230),
        )


PAINTERS: tuple[Painter, ...] = (hills, bowls, pebbles, tiles, weave, leaves, skyline, lights)


def disc(
    pen: ImageDraw.ImageDraw,
    dice: Dice,
    size: tuple[int, int],
    colour: Colour,
    *,
    radius: float,
    opacity: int = 255,
) -> None:
    """Paint one disc somewhere; `radius` is a share of the height, `opacity` 0..255."""
    x, y = dice.uniform() * size[0], dice.uniform() * size[1]
    reach = radius * size[1]
    pen.ellipse([x - reach, y - reach, x + reach, y + reach], fill=(*colour, opacity))


def ball(pen: ImageDraw.ImageDraw, dice: Dice, size: tuple[int, int], radius: float) -> None:
    """Paint one rounded thing somewhere, with its shadow and the light from the upper left."""
    x, y = dice.uniform() * size[0], dice.uniform() * size[1]
    wide, high = radius * size[1] * dice.uniform(0.8, 1.5), radius * size[1]
    colour = dice.colour()
    pen.ellipse(
        [x - wide, y - high * 0.5, x + wide * 1.3, y + high * 1.25], fill=mixed(colour, (0, 0, 0), 0.75)
    )
    for step in range(5):
        share, shift = 1 - step * 0.19, step * 0.09
        box = [
            x - wide * (share + shift), y - high * (share + shift),
            x + wide * (share - shift), y + high * (share - shift),
        ]  # fmt: skip
        pen.ellipse(box, fill=mixed(colour, (255, 255, 255), step * 0.13))


def _ridge(dice: Dice, level: float, swing: float) -> list[float]:
    points = dice.uniforms(dice.whole(4, 9), -1, 1)
    places = np.linspace(0, len(points) - 1, 160)
    smooth = np.interp(places, np.arange(len(points)), points)
    rough = dice.uniforms(len(places), -0.06, 0.06)
    return [float(top) for top in level + swing * (smooth + rough)]


def _leaf(x: float, y: float, reach: float, turn: float) -> list[Point]:
    angles = [2 * pi * step / 14 for step in range(14)]
    flat = [(reach * cos(angle), 0.38 * reach * sin(angle) * abs(sin(angle)) ** 0.5) for angle in angles]
    return [(x + a * cos(turn) - b * sin(turn), y + a * sin(turn) + b * cos(turn)) for a, b in flat]


def _slanted(
    size: tuple[int, int], turn: float, lean: float
) -> Callable[[float, float], tuple[float, float]]:
    """Return a map from the unit square to a turned, slanted square that covers the whole picture."""
    width, height = size
    reach = 1.5 * max(size)

    def place(x: float, y: float) -> Point:
        across, down = (x - 0.5) * reach, (y - 0.5) * reach * max(lean, 1.0)
        across += (lean - 1.0) * 0.3 * down
        return (
            width / 2 + across * cos(turn) - down * sin(turn),
            height / 2 + across * sin(turn) + down * cos(turn),
        )

    return place


def _windows(
    pen: ImageDraw.ImageDraw, dice: Dice, wall: tuple[float, float, float, float], lit: Colour
) -> None:
    left, top, right, bottom = wall
    columns, rows = dice.whole(2, 5), max(2, round((bottom - top) / (bottom + 1) * dice.whole(8, 20)))
    across, down = (right - left) / columns, (bottom - top) / rows
    for row in range(rows):
        for column in range(columns):
            if dice.uniform() < 0.55:
                x, y = left + (column + 0.2) * across, top + (row + 0.2) * down
                pen.rectangle([x, y, x + 0.6 * across, y + 0.6 * down], fill=lit)
