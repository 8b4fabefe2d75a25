"""What happens to pictures on their way, one pure function an edit: the battery that recall is measured on.

An edit takes the picture, a source of chance that is seeded for this picture and edit, and another picture
for collages and pastes, which stands in no list. The groups are those of the table that is published.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from bench import framings

Random = np.random.Generator
Apply = Callable[[Image.Image, Random, Image.Image], Image.Image]

SAVED_AT = 90
"""The JPEG quality that each edited picture is saved at in the end."""


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


def saved(picture: Image.Image, quality: int = SAVED_AT, form: str = "JPEG") -> bytes:
    """Return `picture` as a file."""
    file = io.BytesIO()
    picture.save(file, form, quality=quality)
    return file.getvalue()


def plain(act: Callable[[Image.Image], Image.Image]) -> Apply:
    """Return an edit that needs no chance and no other picture."""
    return lambda picture, _chance, _other: act(picture)


def then(*acts: Apply) -> Apply:
    """Return the edit that does all of `acts`, in order."""

    def apply(picture: Image.Image, chance: Random, other: Image.Image) -> Image.Image:
        for act in acts:
            picture = act(picture, chance, other)
        return picture

    return apply


def recompressed(quality: int, form: str = "JPEG") -> Apply:
    """Return the edit that saves at `quality`."""
    return plain(lambda picture: Image.open(io.BytesIO(saved(picture, quality, form))).convert("RGB"))


def resized(across: float, down: float | None = None) -> Apply:
    """Return the edit that multiplies the sides."""

    def act(picture: Image.Image) -> Image.Image:
        size = round(picture.width * across), round(picture.height * (down or across))
        return picture.resize(size, Image.Resampling.LANCZOS)

    return plain(act)


def cropped(percent: int) -> Apply:
    """Return the edit that takes `percent` of the area away, somewhere, and keeps the proportions."""

    def act(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
        share = (1 - percent / 100) ** 0.5
        width, height = round(picture.width * share), round(picture.height * share)
        left = int(chance.integers(0, picture.width - width + 1))
        top = int(chance.integers(0, picture.height - height + 1))
        return picture.crop((left, top, left + width, top + height))

    return act


def cut_on_one_side(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
    """Take a quarter away on one side."""
    width, height = picture.size
    boxes = [
        (width // 4, 0, width, height),
        (0, height // 4, width, height),
        (0, 0, width - width // 4, height),
        (0, 0, width, height - height // 4),
    ]
    return picture.crop(boxes[int(chance.integers(4))])


def turned(degrees: float) -> Apply:
    """Return the edit that turns freely, with black corners, as an editor does that keeps the size."""
    return plain(lambda picture: picture.rotate(degrees, Image.Resampling.BICUBIC))


def straightened(degrees: float) -> Apply:
    """Return the edit that turns and then cuts the black corners off."""

    def act(picture: Image.Image) -> Image.Image:
        wide, high = picture.size
        sine, cosine = np.sin(np.radians(abs(degrees))), np.cos(np.radians(degrees))
        share = 1 / (cosine + sine * max(wide / high, high / wide))
        left, top = wide * (1 - share) / 2, high * (1 - share) / 2
        whole = picture.rotate(degrees, Image.Resampling.BICUBIC)
        return whole.crop((round(left), round(top), round(wide - left), round(high - top)))

    return plain(act)


def transposed(how: Image.Transpose) -> Apply:
    """Return the edit that turns by quarters or mirrors."""
    return plain(lambda picture: picture.transpose(how))


def curve(act: Callable[[NDArray[Any]], NDArray[Any]]) -> Apply:
    """Return the edit that changes each value, 0 to 1, of (H, W, 3)."""

    def apply(picture: Image.Image) -> Image.Image:
        values = act(np.asarray(picture, np.float32) / 255)
        return Image.fromarray((np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8))

    return plain(apply)


def hue(picture: Image.Image) -> Image.Image:
    """Turn all colours by a sixth of the circle."""
    values = np.asarray(picture.convert("HSV")).copy()
    values[..., 0] += 42
    return Image.fromarray(values, "HSV").convert("RGB")


def noisy(deviation: float) -> Apply:
    """Return the edit that adds noise of this standard deviation."""

    def act(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
        noise = chance.standard_normal((picture.height, picture.width, 3), np.float32) * deviation
        return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))

    return act


def peppered(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
    """Set three in a hundred pixels to black or white."""
    values, lot = np.asarray(picture).copy(), chance.random((picture.height, picture.width))
    values[lot < 0.015], values[lot > 0.985] = 0, 255
    return Image.fromarray(values)


def blurred(radius: float) -> Apply:
    """Return the edit that blurs by a Gaussian of `radius` pixels."""
    return plain(lambda picture: picture.filter(ImageFilter.GaussianBlur(radius)))


def written(share: float, lines: int) -> Apply:
    """Return the edit that writes `lines` of text, each `share` of the height."""

    def act(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
        copy, size = picture.copy(), max(6, round(picture.height * share))
        pen, font = ImageDraw.Draw(copy), ImageFont.load_default(size)
        top = int(chance.integers(0, max(1, copy.height - round(1.3 * size) * lines)))
        for line in range(lines):
            place = (copy.width // 20, top + line * round(1.3 * size))
            pen.text(place, framings.words(chance, 5), "white", font, stroke_width=2, stroke_fill="black")
        return copy

    return act


def watermarked(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
    """Lay a grey word over the picture again and again, half seen through."""
    layer = Image.new("RGBA", picture.size)
    pen, font = ImageDraw.Draw(layer), ImageFont.load_default(max(8, picture.height // 16))
    word = framings.words(chance, 2)
    for top in range(0, picture.height, picture.height // 6):
        for left in range(-top % 70, picture.width, picture.width // 3):
            pen.text((left, top), word, (255, 255, 255, 90), font)
    return Image.alpha_composite(picture.convert("RGBA"), layer)


def with_logo(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
    """Put a round logo of 15 % of the width in a corner."""
    copy, side = picture.copy(), round(picture.width * 0.15)
    left = int(chance.choice([side // 5, copy.width - side - side // 5]))
    top = int(chance.choice([side // 5, copy.height - side - side // 5]))
    pen = ImageDraw.Draw(copy)
    pen.ellipse((left, top, left + side, top + side), "#d01020", "white", max(1, side // 20))
    third = side // 3
    pen.polygon(
        [
            (left + third, top + third),
            (left + third, top + 2 * third),
            (left + side - third, top + side // 2),
        ],
        "white",
    )
    return copy


def with_face(picture: Image.Image, _: Random, __: Image.Image) -> Image.Image:
    """Draw a smiling round face over 40 % of the height in the middle."""
    copy, side = picture.copy(), round(min(picture.size) * 0.4)
    left, top = (copy.width - side) // 2, (copy.height - side) // 2
    pen = ImageDraw.Draw(copy)
    pen.ellipse((left, top, left + side, top + side), "#ffcc22", "#b08000", max(1, side // 30))
    for eye in (0.3, 0.6):
        x, y = left + side * eye, top + side * 0.3
        pen.ellipse((x, y, x + side * 0.1, y + side * 0.15), "#402000")
    mouth = (left + side * 0.25, top + side * 0.35, left + side * 0.75, top + side * 0.8)
    pen.arc(mouth, 20, 160, "#402000", max(1, side // 20))
    return copy


def off_a_screen(slant: float, moire: float) -> Apply:
    """Return the edit that photographs a screen: seen at a slant, on a dark desk, with the screen's grid."""

    def act(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
        width, height = picture.size
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        inset = 0.06 + slant * chance.random((4, 2)).astype(np.float32)
        towards = np.sign(np.array([width / 2, height / 2], np.float32) - corners)
        moved = corners + towards * inset * np.array([width, height], np.float32)
        warp = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
        shown = np.asarray(picture, np.float32)
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        grid = np.sin(2 * np.pi * x / 2.3) * np.sin(2 * np.pi * (y + 0.07 * x) / 2.7)
        shown = shown * (1 + moire * grid[..., None])
        desk = 30 + 6 * chance.standard_normal((height, width, 3), np.float32)
        seen = cv2.warpPerspective(
            shown, warp, (width, height), dst=desk, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT
        )
        return Image.fromarray(np.clip(seen * 0.95 + 6, 0, 255).astype(np.uint8))

    return act


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
