"""What people put over a picture: text, a watermark, a logo, a face."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

from bench import framings
from bench.alterations import Apply, Random


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
