"""Families of pictures that look alike and are no copies of each other: what must not be taken for a match.

Each family draws sets. The members of a set share what is shared by who photographs twice: the wall, the
garment, the scene a moment later, the cloth, the style of a map, the form of a document, a program.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bench import framings
from bench.paintings import HEIGHT, WIDTH, cloud, painted

Random = np.random.Generator
Draw = Callable[[Random, Random], Image.Image]


def members(family: str, number: int, count: int) -> list[Image.Image]:
    """Return `count` pictures of set `number` of `family` (a key of `FAMILIES`)."""
    draw = FAMILIES[family]
    return [
        draw(np.random.default_rng([number, 77]), np.random.default_rng([number, member]))
        for member in range(count)
    ]


def same_wall(shared: Random, own: Random) -> Image.Image:
    """One papered wall, seen from the same place, with another thing before it each time."""
    wall = _cloth(shared)
    ImageDraw.Draw(wall).rectangle((0, HEIGHT * 4 // 5, WIDTH, HEIGHT), (90, 70, 50))
    return _thing(wall, own, HEIGHT * 0.28)


def same_garment(shared: Random, own: Random) -> Image.Image:
    """One garment on one hanger before one wall, hung anew: the folds and the place differ."""
    cloth = _cloth(shared)
    wall = Image.new("RGB", (WIDTH, HEIGHT), tuple(int(value) for value in shared.integers(120, 235, 3)))
    outline = np.array(
        [(0.3, 0.2), (0.45, 0.14), (0.55, 0.14), (0.7, 0.2), (0.64, 0.45), (0.68, 0.92), (0.32, 0.92)]
    )
    outline = outline + own.normal(0, 0.015, outline.shape) + own.normal(0, 0.02, 2)
    mask = Image.new("L", (WIDTH, HEIGHT))
    ImageDraw.Draw(mask).polygon([(x * WIDTH, y * HEIGHT) for x, y in outline], 255)
    folds = 0.75 + 0.5 * cloud(own, WIDTH, HEIGHT, 1.9)[..., None]
    moved = np.roll(np.asarray(cloth, np.float32), tuple(own.integers(-30, 30, 2)), (0, 1))
    wall.paste(Image.fromarray(np.clip(moved * folds, 0, 255).astype(np.uint8)), (0, 0), mask)
    return wall


def burst(shared: Random, own: Random) -> Image.Image:
    """The same scene a moment later: the camera moved a little and something else stands in front."""
    scene = painted(int(shared.integers(1 << 30)) * 5 + 4, WIDTH * 5 // 4, HEIGHT * 5 // 4)
    size = own.uniform(0.78, 0.95)
    width, height = round(scene.width * size), round(scene.height * size)
    left, top = (int(own.integers(0, room)) for room in (scene.width - width, scene.height - height))
    shown = scene.crop((left, top, left + width, top + height)).resize((WIDTH, HEIGHT))
    return _thing(shown, own, HEIGHT * 0.22)


def texture(shared: Random, own: Random) -> Image.Image:
    """Another piece of the same cloth or ground."""
    return _cloth(shared, own)


def street_map(shared: Random, own: Random) -> Image.Image:
    """Another map in the same style: streets, blocks and water elsewhere."""
    ground, street, water = (tuple(int(value) for value in shared.integers(150, 250, 3)) for _ in range(3))
    page = Image.new("RGB", (WIDTH, HEIGHT), ground)
    pen = ImageDraw.Draw(page)
    pen.polygon([tuple(own.uniform((0, 0), (WIDTH, HEIGHT))) for _ in range(5)], water)
    for number in range(26):
        one, other = own.uniform((-50, -50), (WIDTH + 50, HEIGHT + 50), (2, 2))
        pen.line([tuple(one), tuple(other)], street if number % 4 else "#e8b040", 3 + 5 * (number % 4 == 0))
    for _ in range(12):
        place = own.uniform((0, 0), (WIDTH * 0.9, HEIGHT * 0.95))
        pen.text(tuple(place), framings.words(own, 1), "#404040", ImageFont.load_default(13))
    return page


def document(shared: Random, own: Random) -> Image.Image:
    """The same form, filled in with other words."""
    page = Image.new("RGB", (HEIGHT, WIDTH), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((20, 20, 100, 60), tuple(int(value) for value in shared.integers(0, 200, 3)))
    pen.text((120, 25), framings.words(shared, 3), "black", ImageFont.load_default(26))
    for row in range(12):
        top = 90 + row * 36
        pen.text((20, top), framings.words(shared, 1), "#202020", ImageFont.load_default(13))
        pen.rectangle((140, top - 4, HEIGHT - 20, top + 22), outline="#808080")
        pen.text((148, top), framings.words(own, 4), "#1a1a60", ImageFont.load_default(14))
    return page


def screen_of_text(shared: Random, own: Random) -> Image.Image:
    """The same program with other text in it."""
    page = Image.new("RGB", (WIDTH, HEIGHT), tuple(int(value) for value in shared.integers(225, 255, 3)))
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, WIDTH, 34), tuple(int(value) for value in shared.integers(20, 160, 3)))
    pen.text((12, 6), framings.words(shared, 2), "white", ImageFont.load_default(18))
    pen.rectangle((0, 34, 110, HEIGHT), "#d8dce2")
    for row in range(9):
        pen.text((10, 50 + row * 34), framings.words(shared, 1), "#303030", ImageFont.load_default(13))
    for row in range(20):
        pen.text((124, 46 + row * 18), framings.words(own, 12), "#202020", ImageFont.load_default(13))
    return page


FAMILIES: dict[str, Draw] = {
    "same wall": same_wall,
    "same garment": same_garment,
    "burst series": burst,
    "texture": texture,
    "map": street_map,
    "document": document,
    "screen of text": screen_of_text,
}


def _cloth(shared: Random, own: Random | None = None) -> Image.Image:
    """Woven or printed cloth; with `own`, another piece of it."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] + (own.uniform(0, 500, (2, 1, 1)) if own else 0)
    page = np.broadcast_to(shared.uniform(60, 200, 3), (HEIGHT, WIDTH, 3)).copy()
    for _ in range(int(shared.integers(2, 5))):
        turn, period = shared.uniform(0, np.pi), shared.uniform(9, 60)
        wave = np.sin((x * np.cos(turn) + y * np.sin(turn)) * 2 * np.pi / period)
        page += shared.uniform(-60, 60, 3) * (wave > shared.uniform(-0.5, 0.8))[..., None]
    page += (own or shared).normal(0, 6, page.shape)
    return Image.fromarray(np.clip(page, 0, 255).astype(np.uint8))


def _thing(page: Image.Image, own: Random, reach: float) -> Image.Image:
    """Paint a thing of its own before `page`, with its shadow."""
    place = own.uniform((WIDTH * 0.25, HEIGHT * 0.35), (WIDTH * 0.75, HEIGHT * 0.75))
    corners = [tuple(place + reach * own.uniform(-1, 1, 2)) for _ in range(7)]
    mask = Image.new("L", page.size)
    ImageDraw.Draw(mask).polygon(corners, 255)
    page.paste("black", (8, 10), mask.filter(ImageFilter.GaussianBlur(8)).point(lambda value: value // 2))
    page.paste(painted(int(own.integers(1 << 30)) * 5 + 2, *page.size), (0, 0), mask)
    return page
