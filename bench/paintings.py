"""Varied drawn pictures for measuring recognition: the demo's scenes, leaves, relief, mosaics, shapes.

Things that cover each other, of sizes by a power law, have the edges and the spectrum of photos (A. Lee,
D. Mumford, J. Huang, Occlusion models for natural images, IJCV 41, 2001); relief is noise of 1/f in low sun.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from luwte.demo.pictures import draw, quality_of

Random = np.random.Generator
WIDTH, HEIGHT = 560, 420
LEAST_QUALITY = 60


def painted(seed: int, width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """Return picture number `seed`; one in five is the demo's, the others of four kinds of their own.

    Every picture has a PDQ quality of at least `LEAST_QUALITY`; it is drawn again until it has.
    """
    kind = seed % (len(_PAINTERS) + 1)
    if kind == len(_PAINTERS):
        return draw(seed, width, height)
    attempt = 0
    while True:
        picture = _PAINTERS[kind](np.random.default_rng([seed, attempt]), width, height)
        if quality_of(picture) >= LEAST_QUALITY:
            return picture
        attempt += 1


def leaves(chance: Random, width: int, height: int) -> Image.Image:
    """Round and square things of all sizes that cover each other, each with a texture of its own."""
    page, patches = _coloured(cloud(chance, width, height, 1.2), chance), [_patch(chance) for _ in range(6)]
    for reach in np.sort(_power(chance, 140, 6, 0.28 * height))[::-1]:
        place = chance.uniform((0, 0), (width, height))
        mask = Image.new("L", (width, height))
        pen, box = ImageDraw.Draw(mask), (*(place - reach), *(place + reach * chance.uniform(0.5, 1.6)))
        if box[2] > box[0] and box[3] > box[1]:
            (pen.ellipse if chance.random() < 0.6 else pen.rectangle)(box, 255)
            page.paste(patches[int(chance.integers(6))], (0, 0), mask)
    return page.filter(ImageFilter.GaussianBlur(0.6))


def relief(chance: Random, width: int, height: int) -> Image.Image:
    """Land seen from above under a low sun, with water in the valleys."""
    land = cloud(chance, width, height, chance.uniform(1.6, 2.2))
    slope = np.gradient(land, axis=1) - np.gradient(land, axis=0)
    light = np.clip(0.5 + 6 * slope / (slope.std() * 10), 0, 1)
    page = np.asarray(_coloured(land, chance), np.float32) * (0.35 + 0.9 * light[..., None])
    page[land < np.quantile(land, chance.uniform(0.05, 0.3))] = chance.uniform(20, 120, 3)
    return Image.fromarray(np.clip(page + chance.normal(0, 4, page.shape), 0, 255).astype(np.uint8))


def mosaic(chance: Random, width: int, height: int) -> Image.Image:
    """Cells around points, each of a colour, in uneven light."""
    count = int(chance.integers(12, 90))
    points = chance.uniform((0, 0), (width, height), (count, 2))
    y, x = np.mgrid[0:height:2, 0:width:2]
    near = ((x[..., None] - points[:, 0]) ** 2 + (y[..., None] - points[:, 1]) ** 2).argmin(-1)
    cells = chance.uniform(20, 235, (count, 3))[near].repeat(2, 0).repeat(2, 1)[:height, :width]
    light = 0.5 + 0.8 * cloud(chance, width, height, 2.0)[..., None]
    return Image.fromarray(np.clip(cells * light + chance.normal(0, 5, cells.shape), 0, 255).astype(np.uint8))


def still_life(chance: Random, width: int, height: int) -> Image.Image:
    """A few large things on a ground with a gradient, with soft shadows: much that is smooth."""
    ground = np.linspace(chance.uniform(60, 220, 3), chance.uniform(60, 220, 3), height)[:, None]
    page = Image.fromarray(np.broadcast_to(ground, (height, width, 3)).astype(np.uint8))
    for _ in range(int(chance.integers(3, 9))):
        place, reach = chance.uniform((0, 0), (width, height)), chance.uniform(0.08, 0.3, 2) * height
        shape = Image.new("L", (width, height))
        corners = place + reach * chance.uniform(-1, 1, (int(chance.integers(3, 9)), 2))
        ImageDraw.Draw(shape).polygon([tuple(corner) for corner in corners], 255)
        shadow = shape.filter(ImageFilter.GaussianBlur(9)).point(lambda value: value // 2)
        page.paste("black", (12, 14), shadow)
        page.paste(_patch(chance), (0, 0), shape)
    noise = chance.normal(0, 3, (height, width, 3))
    return Image.fromarray(np.clip(np.asarray(page) + noise, 0, 255).astype(np.uint8))


def cloud(chance: Random, width: int, height: int, steep: float) -> NDArray[np.float64]:
    """Return noise (H, W) of 0 to 1 whose amplitude falls as the frequency to the power `steep`."""
    down, across = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)
    far = np.hypot(down, across)
    far[0, 0] = 1
    waves = (chance.normal(size=far.shape) + 1j * chance.normal(size=far.shape)) / far**steep
    waves[0, 0] = 0
    noise = np.fft.irfft2(waves, (height, width))
    shown: NDArray[np.float64] = (noise - noise.min()) / np.ptp(noise)
    return shown


def _patch(chance: Random) -> Image.Image:
    """A surface of a colour of its own, as large as a picture: flat, of cloth, or of stone."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH] if chance.random() < 0.5 else np.zeros((2, HEIGHT, WIDTH))
    period, turn = chance.uniform(4, 40), chance.uniform(0, np.pi)
    waves = np.sin((rows * np.cos(turn) + columns * np.sin(turn)) * 2 * np.pi / period)
    rough = chance.uniform(0, 14)
    grain = chance.normal(0, 1, (HEIGHT // 4, WIDTH // 4)).repeat(4, 0).repeat(4, 1)
    page = chance.uniform(15, 240, 3) + (chance.uniform(5, 40) * waves + rough * grain)[..., None]
    return Image.fromarray(np.clip(page, 0, 255).astype(np.uint8))


def _coloured(heights: NDArray[np.float64], chance: Random) -> Image.Image:
    """Colours between three of chance, by height."""
    stops = chance.uniform(10, 245, (3, 3))
    bands = [np.interp(heights, [0, 0.5, 1], stops[:, channel]) for channel in range(3)]
    return Image.fromarray(np.stack(bands, -1).astype(np.uint8))


def _power(chance: Random, count: int, least: float, most: float) -> NDArray[np.float64]:
    """Sizes from `least` to `most` whose number falls as their cube."""
    share = chance.random(count)
    sizes: NDArray[np.float64] = (least**-2 + share * (most**-2 - least**-2)) ** -0.5
    return sizes


_PAINTERS: tuple[Callable[[Random, int, int], Image.Image], ...] = (leaves, relief, mosaic, still_life)
