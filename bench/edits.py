"""What happens to pictures on their way, one pure function an edit: the battery that recall is measured on.

An edit takes the picture, a source of chance that is seeded for this picture and edit, and another picture
for collages and pastes, which stands in no list. The groups are those of the table that is published.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from bench import framings
from bench.alterations import (
    Apply,
    blurred,
    cropped,
    curve,
    cut_on_one_side,
    hue,
    noisy,
    off_a_screen,
    peppered,
    plain,
    recompressed,
    resized,
    straightened,
    then,
    transposed,
    turned,
)
from bench.overlays import watermarked, with_face, with_logo, written


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: its name, the group that it is reported under, and the function that does it."""

    name: str
    group: str
    apply: Apply

    def of(self, picture: Image.Image, other: Image.Image, seed: int) -> Image.Image:
        """Return `picture` edited; the same for the same pictures and seed on every run."""
        chance = np.random.default_rng([seed, zlib.crc32(self.name.encode())])
        return self.apply(picture, chance, other).convert("RGB")


_MIRRORED = transposed(Image.Transpose.FLIP_LEFT_RIGHT)
_QUARTER = transposed(Image.Transpose.ROTATE_90)

_GROUPS: dict[str, Sequence[tuple[str, Apply]]] = {
    "recompressed": [
        *((f"JPEG {quality}", recompressed(quality)) for quality in (70, 40, 20, 10)),
        ("WebP 30", recompressed(30, "WEBP")),
        *((f"size x {share}", resized(share)) for share in (0.25, 0.5, 2.0)),
        ("half size, JPEG 30, twice", then(resized(0.5), recompressed(30), resized(2.0), recompressed(30))),
    ],
    "colour": [
        ("brighter", curve(lambda values: values * 1.35)),
        ("darker", curve(lambda values: values * 0.6)),
        ("more contrast", plain(lambda picture: ImageEnhance.Contrast(picture).enhance(1.6))),
        ("gamma 1.8", curve(lambda values: values**1.8)),
        ("grey", plain(lambda picture: picture.convert("L"))),
        ("sepia", plain(lambda picture: ImageOps.colorize(picture.convert("L"), "#201008", "#ffeecc"))),
        ("hue", plain(hue)),
        ("saturated", plain(lambda picture: ImageEnhance.Color(picture).enhance(2))),
    ],
    "blur, noise": [
        ("blur 2", blurred(2)),
        ("blur 4", blurred(4)),
        ("noise 15", noisy(15)),
        ("noise 35", noisy(35)),
        ("salt and pepper", peppered),
        ("sharpened", plain(lambda picture: picture.filter(ImageFilter.UnsharpMask(3, 200)))),
    ],
    "overlay": [
        ("small text", written(0.05, 2)),
        ("large text", written(0.12, 3)),
        ("logo 15 %", with_logo),
        ("emoji 40 %", with_face),
        ("watermark", watermarked),
    ],
    "crop to 10 %": [(f"crop {percent} %", cropped(percent)) for percent in (5, 10)],
    "crop 20-50 %": [
        *((f"crop {percent} %", cropped(percent)) for percent in (20, 30, 40, 50)),
        ("one side 25 %", cut_on_one_side),
    ],
    "quarter turns, mirror": [
        (how.name.lower().replace("_", " "), transposed(how)) for how in Image.Transpose
    ],
    "turn 1-2": [(f"turn {degrees}", turned(degrees)) for degrees in (1, -2)],
    "turn 5-15": [
        *((f"turn {degrees}", turned(degrees)) for degrees in (5, -10, 15)),
        ("turn 10, cut", straightened(10)),
    ],
    "turn 30-45": [("turn 30", turned(30)), ("turn -45", turned(-45)), ("turn 30, cut", straightened(30))],
    "border": [
        ("white border", framings.bordered),
        ("uneven border of a colour", framings.bordered_unevenly),
        ("letterbox", framings.letterboxed),
        ("pillarbox", framings.pillarboxed),
        ("blurred pad", framings.padded),
        ("scanned print", framings.scanned),
    ],
    "screenshot": [
        ("phone", framings.on_phone),
        ("phone, dark", framings.on_dark_phone),
        ("web page", framings.on_page),
        ("among text", framings.among_text),
    ],
    "collage, paste": [
        ("two side by side", framings.beside),
        ("four", framings.one_of_four),
        ("pasted at 60 %", framings.pasted(0.6)),
        ("pasted at 40 %", framings.pasted(0.4)),
    ],
    "stretch": [("1.3 wide", resized(1.3, 1.0)), ("1.3 high", resized(1.0, 1.3))],
    "photo of a screen": [
        ("slant", off_a_screen(0.04, 0.0)),
        ("slant, moire", off_a_screen(0.04, 0.25)),
        ("strong slant, moire", off_a_screen(0.12, 0.25)),
    ],
    "combination": [
        ("crop 10 %, JPEG 40", then(cropped(10), recompressed(40))),
        ("mirror, border, JPEG 40", then(_MIRRORED, framings.bordered, recompressed(40))),
        (
            "grey, phone, half size",
            then(plain(lambda picture: picture.convert("L").convert("RGB")), framings.on_phone, resized(0.5)),
        ),
        ("quarter turn, letterbox", then(_QUARTER, framings.letterboxed)),
        ("crop 20 %, mirror, text, noise", then(cropped(20), _MIRRORED, written(0.06, 2), noisy(12))),
        ("phone, photo of the screen", then(framings.on_phone, off_a_screen(0.03, 0.15))),
        ("caption bar, logo, JPEG 40", then(framings.captioned, with_logo, recompressed(40))),
    ],
}

EDITS: tuple[Edit, ...] = tuple(
    Edit(name, group, apply) for group, edits in _GROUPS.items() for name, apply in edits
)
GROUPS: tuple[str, ...] = tuple(_GROUPS)
