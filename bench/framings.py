"""Edits that put a picture into something larger: borders, bars, pads, screenshots, collages, prints."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps

Random = np.random.Generator
Apply = Callable[[Image.Image, Random, Image.Image], Image.Image]
Colour = tuple[int, int, int]

_SYLLABLES = ("an", "be", "du", "en", "ga", "ho", "ka", "lo", "me", "na", "pu", "ra", "sti", "um", "vo", "zi")


def words(chance: Random, count: int) -> str:
    """Return `count` invented words."""
    return " ".join("".join(chance.choice(_SYLLABLES, int(chance.integers(1, 4)))) for _ in range(count))


def bordered(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
    """Put an even white frame of 4 to 15 % around."""
    return ImageOps.expand(picture, round(picture.height * chance.uniform(0.04, 0.15)), "white")


def bordered_unevenly(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
    """Put a frame of some colour around, each side of a width of its own."""
    sides = [round(picture.height * share) for share in chance.uniform(0.03, 0.25, 4)]
    return ImageOps.expand(picture, (sides[0], sides[1], sides[2], sides[3]), _colour(chance))


def letterboxed(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
    """Put black bars above and below."""
    return ImageOps.expand(picture, (0, round(picture.height * chance.uniform(0.08, 0.3))), "black")


def pillarboxed(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
    """Put black bars left and right."""
    return ImageOps.expand(picture, (round(picture.width * chance.uniform(0.1, 0.4)), 0), "black")


def padded(picture: Image.Image, _: Random, __: Image.Image) -> Image.Image:
    """Make a square, or what is as tall as a phone, of the picture before itself enlarged and blurred."""
    width, height = picture.size
    size = (max(picture.size),) * 2 if width != height else (width, height * 3 // 2)
    pad = ImageOps.fit(picture, size).filter(ImageFilter.GaussianBlur(max(size) / 25))
    pad.paste(picture, ((size[0] - width) // 2, (size[1] - height) // 2))
    return pad


def scanned(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
    """Lay a print with a narrow white edge on the grey lid of a scanner, whose light is uneven."""
    edge = ImageOps.expand(picture, round(picture.height * 0.02), "#f4f1ea")
    size = round(edge.width * chance.uniform(1.2, 1.5)), round(edge.height * chance.uniform(1.2, 1.5))
    fall = np.linspace(205, 225, size[1], dtype=np.float32)[:, None, None]
    lid = fall + 1.5 * chance.standard_normal((size[1], size[0], 3), np.float32)
    page = Image.fromarray(np.clip(lid, 0, 255).astype(np.uint8))
    page.paste(edge, (round(size[0] * 0.05), round(size[1] * 0.05)))
    return page


def on_phone(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
    """Make a screenshot of a phone: a bar above, the picture over the width, a post with buttons below."""
    return _phone(picture, chance, (255, 255, 255), (30, 30, 30))


def on_dark_phone(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
    """Make the same screenshot in dark colours."""
    return _phone(picture, chance, (18, 18, 20), (220, 220, 220))


def _phone(picture: Image.Image, chance: Random, ground: Colour, ink: Colour) -> Image.Image:
    width = 540
    shown = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    top = 110 + int(chance.integers(0, 60))
    page = Image.new("RGB", (width, max(1100, top + shown.height + 160)), ground)
    pen = ImageDraw.Draw(page)
    pen.text((20, 8), "12:41", ink, ImageFont.load_default(22))
    pen.rectangle((width - 70, 12, width - 30, 28), outline=ink, width=2)
    pen.ellipse((20, 50, 80, 110 - 6), _colour(chance))
    pen.text((95, 60), words(chance, 2), ink, ImageFont.load_default(24))
    page.paste(shown, (0, top))
    below = top + shown.height
    for place in range(3):
        pen.ellipse((20 + 60 * place, below + 15, 56 + 60 * place, below + 51), outline=ink, width=3)
    _text(pen, chance, (20, below + 65, width - 20, page.height - 60), 22, ink)
    return page


def on_page(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
    """Make a screenshot of a web page: a bar of the browser, a heading, the picture between wide margins."""
    width = round(560 * picture.width / max(picture.size))
    shown = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    page = Image.new("RGB", (1280, 800), (250, 250, 250))
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, 1280, 60), (225, 228, 232))
    pen.rounded_rectangle((120, 14, 900, 46), 14, "white")
    pen.text((140, 18), "https://" + words(chance, 1) + ".example", (60, 60, 60), ImageFont.load_default(18))
    left, top = int(chance.integers(60, 560)), int(chance.integers(90, 140))
    pen.text((left, top), words(chance, 5), (20, 20, 20), ImageFont.load_default(32))
    page.paste(shown, (left, top + 60))
    _text(pen, chance, (left, top + 75 + shown.height, left + 600, 790), 18, (40, 40, 40))
    return page


def among_text(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
    """Set the picture into a column of text, with text beside it too."""
    width = 420
    shown = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    page = Image.new("RGB", (1000, shown.height + 520), "white")
    pen = ImageDraw.Draw(page)
    left, top, ink = 60, int(chance.integers(180, 320)), (25, 25, 25)
    _text(pen, chance, (60, 30, 940, top - 20), 20, ink)
    page.paste(shown, (left, top))
    _text(pen, chance, (left + width + 25, top, 940, top + shown.height), 20, ink)
    _text(pen, chance, (60, top + shown.height + 20, 940, page.height - 20), 20, ink)
    return page


def captioned(picture: Image.Image, chance: Random, _: Image.Image) -> Image.Image:
    """Put a white bar with large words above the picture."""
    bar = round(picture.height * 0.2)
    page = ImageOps.expand(picture, (0, bar, 0, 0), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(max(8, round(bar * 0.4)))
    pen.text((bar // 4, bar // 5), words(chance, 4), "black", font)
    return page


def beside(picture: Image.Image, _: Random, other: Image.Image) -> Image.Image:
    """Put another picture of the same height to the right."""
    second = ImageOps.fit(other, picture.size)
    page = Image.new("RGB", (picture.width * 2 + 8, picture.height), "white")
    page.paste(picture, (0, 0))
    page.paste(second, (picture.width + 8, 0))
    return page


def one_of_four(picture: Image.Image, chance: Random, other: Image.Image) -> Image.Image:
    """Make it one of four pictures in a square; the three others are parts of another picture."""
    width, height = picture.size
    place = int(chance.integers(4))
    page = Image.new("RGB", (width * 2 + 6, height * 2 + 6), "black")
    for number in range(4):
        part = other.crop((0, 0, other.width, other.height - number * other.height // 6))
        shown = picture if number == place else ImageOps.fit(part, picture.size)
        page.paste(shown, ((width + 6) * (number % 2), (height + 6) * (number // 2)))
    return page


def pasted(share: float) -> Apply:
    """Return the edit that pastes the picture, `share` as wide as the other one, on that one."""

    def act(picture: Image.Image, chance: Random, other: Image.Image) -> Image.Image:
        page = ImageOps.fit(other, picture.size)
        small = picture.resize(
            (round(picture.width * share), round(picture.height * share)), Image.Resampling.LANCZOS
        )
        left = int(chance.integers(0, page.width - small.width + 1))
        page.paste(small, (left, int(chance.integers(0, page.height - small.height + 1))))
        return page

    return act


def _text(
    pen: ImageDraw.ImageDraw, chance: Random, box: tuple[int, int, int, int], size: int, ink: Colour
) -> None:
    """Fill `box` with lines of words."""
    left, top, right, bottom = box
    font = ImageFont.load_default(size)
    while top + size * 1.3 < bottom:
        line = words(chance, 14)
        while pen.textlength(line, font) > right - left:
            line = line.rpartition(" ")[0] or "o"
        pen.text((left, top), line, ink, font)
        top += round(size * 1.4)


def _colour(chance: Random) -> Colour:
    red, green, blue = (int(value) for value in chance.integers(0, 256, 3))
    return red, green, blue
