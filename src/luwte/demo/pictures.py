"""Drawn, photo-like, benign pictures from a seed, for the demo, the tests and the benches.

A picture is a ground of soft colours, one or two painted scenes, uneven light and film grain. The light
and the ground carry strong noise at every scale that PDQ looks at, which keeps the pictures of any two
seeds far apart (the tests measure at least 80 of 256 bits over 500 seeds).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from luwte.demo.dice import Dice
from luwte.demo.scenes import PAINTERS
from luwte.lab.fingerprints.pdq import pdq_hash

# The field takes 50; ten more keep a picture above it after it was recompressed or resized.
LOWEST_QUALITY = 60
GRAIN_SIDE = 256


def draw(seed: int, width: int = 640, height: int = 480) -> Image.Image:
    """Return the picture of `seed` (0 or more) in RGB; its PDQ quality is at least 50.

    The quality is measured, and the picture drawn again from the next sub-seed until it is at least
    `LOWEST_QUALITY`, which keeps a margin. One seed shows the same scene at every size.
    """
    attempt = 0
    while True:
        picture = _draw_once(Dice(seed, attempt), width, height)
        if quality_of(picture) >= LOWEST_QUALITY:
            return picture
        attempt += 1


def quality_of(picture: Image.Image) -> int:
    """Return the PDQ quality (0..100) of `picture`, measured at a longer side of at most 640."""
    small = picture.convert("L")
    small.thumbnail((640, 640), Image.Resampling.BOX)
    return pdq_hash(np.asarray(small))[1]


def _draw_once(dice: Dice, width: int, height: int) -> Image.Image:
    picture = _ground(dice, width, height)
    for painter in _chosen(dice):
        PAINTERS[painter](picture, dice)
    light = _cloud(dice, (width, height), dice.uniform(0.45, 0.65))
    return _lit(picture, light, _grain(dice))


def _chosen(dice: Dice) -> list[int]:
    return dice.shuffled(len(PAINTERS))[: dice.whole(1, 2)]


def _ground(dice: Dice, width: int, height: int) -> Image.Image:
    """A soft ground: one small noise picture a channel, around a gradient in a direction of its own."""
    rows, columns = 12, 16
    down, across = np.mgrid[0:rows, 0:columns] / 16.0
    slope = dice.uniform(-160, 160) * down + dice.uniform(-160, 160) * across
    channels = [
        slope + level + dice.uniforms(rows * columns, -45, 45).reshape(rows, columns)
        for level in dice.colour()
    ]
    small = np.clip(np.stack(channels, axis=-1), 0, 255).astype(np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)


def _cloud(dice: Dice, size: tuple[int, int], depth: float) -> Image.Image:
    """Light and shadow in grey: noise at three scales; `depth` 0..1 says how dark the shadows are."""
    total = np.zeros((48, 64))
    for columns, share in ((4, 0.35), (8, 0.35), (16, 0.3)):
        rows = columns * 3 // 4
        cells = Image.fromarray(dice.uniforms(rows * columns).reshape(rows, columns).astype(np.float32))
        total += share * np.asarray(cells.resize((64, 48), Image.Resampling.BICUBIC))
    spread = (total - total.min()) / max(float(np.ptp(total)), 1e-6)
    shade = (255 * (1 - depth + depth * spread)).astype(np.uint8)
    return Image.fromarray(shade).resize(size, Image.Resampling.BILINEAR)


def _grain(dice: Dice) -> NDArray[np.int16]:
    side = GRAIN_SIDE
    octets = dice.raw(side * side // 8).view(np.uint8).reshape(side, side)
    return (octets >> 4).astype(np.int16) - 8


def _lit(picture: Image.Image, light: Image.Image, grain: NDArray[np.int16]) -> Image.Image:
    """Return `picture` times `light`, with `grain` laid over it; whole numbers only, so it is exact."""
    shade = np.asarray(light).astype(np.uint16)
    painted = np.asarray(picture)
    height, width = shade.shape
    film = np.tile(grain, (-(-height // GRAIN_SIDE), -(-width // GRAIN_SIDE)))[:height, :width]
    result = np.empty((height, width, 3), np.uint8)
    for channel in range(3):
        lit = (painted[..., channel] * shade) >> np.uint16(8)
        result[..., channel] = np.clip(lit.astype(np.int16) + film, 0, 255)
    return Image.fromarray(result)
