"""What happens to pictures on their way, in grey: the edits that a model of likelihoods is fitted on.

Half of them keep the whole picture, the others cut it, turn it or put it among something else. Each takes a
grey picture and another one, which stands beside or behind it in a collage, and returns what comes out.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Grey = Image.Image
Edit = Callable[[Grey, Grey], Grey]
_RESAMPLE = Image.Resampling.BICUBIC
_WHITE, _BLACK = 250, 12


def _plain(change: Callable[[Grey], Grey]) -> Edit:
    return lambda picture, _: change(picture)


def _jpeg(quality: int) -> Callable[[Grey], Grey]:
    def through(picture: Grey) -> Grey:
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality)
        return Image.open(io.BytesIO(file.getvalue())).convert("L")

    return through


def _sized(share: float, stretch: float = 1.0) -> Callable[[Grey], Grey]:
    def sized(picture: Grey) -> Grey:
        size = max(1, round(picture.width * share * stretch)), max(1, round(picture.height * share))
        return picture.resize(size, Image.Resampling.LANCZOS)

    return sized


def _cut(left: float, top: float, right: float, bottom: float) -> Callable[[Grey], Grey]:
    """The part of a picture between these shares of its width and height."""

    def cut(picture: Grey) -> Grey:
        width, height = picture.size
        box = round(left * width), round(top * height), round(right * width), round(bottom * height)
        return picture.crop(box)

    return cut


def _turned(degrees: float, *, whole: bool = False) -> Callable[[Grey], Grey]:
    return lambda picture: picture.rotate(degrees, _RESAMPLE, expand=whole, fillcolor=_BLACK)


def _lighter(gamma: float) -> Callable[[Grey], Grey]:
    curve = [round(255 * (level / 255) ** gamma) for level in range(256)]
    return lambda picture: picture.point(curve)


def _bar(picture: Grey) -> Grey:
    """A bar with letters over the lower part."""
    result = picture.copy()
    width, height = result.size
    pen = ImageDraw.Draw(result)
    pen.rectangle([0, round(height * 0.72), width, round(height * 0.9)], fill=_WHITE)
    pen.text(
        (width // 20, round(height * 0.75)), "Found on the internet", fill=_BLACK, font_size=height // 12
    )
    return result


def _disc(picture: Grey) -> Grey:
    """A disc over the middle."""
    result = picture.copy()
    width, height = result.size
    reach = min(result.size) * 0.2
    middle = [width / 2 - reach, height / 2 - reach, width / 2 + reach, height / 2 + reach]
    ImageDraw.Draw(result).ellipse(middle, fill=_WHITE)
    return result


def _framed(picture: Grey) -> Grey:
    return ImageOps.expand(picture, round(min(picture.size) * 0.12), _WHITE)


def _screenshot(picture: Grey) -> Grey:
    """On a phone: bars and lines of text above and below."""
    width = picture.width
    screen = Image.new("L", (width, round(width * 2)), _BLACK)
    shown = picture.resize((width, min(screen.height, round(picture.height))), _RESAMPLE)
    screen.paste(shown, (0, (screen.height - shown.height) // 2))
    pen = ImageDraw.Draw(screen)
    pen.text((width // 20, width // 40), "9:41   photos   3 of 12", fill=_WHITE, font_size=width // 16)
    pen.text((width // 20, round(width * 1.88)), "share   like   delete", fill=_WHITE, font_size=width // 16)
    return screen


def _collage(picture: Grey, other: Grey) -> Grey:
    """Side by side with another one."""
    result = Image.new("L", (2 * picture.width + 12, picture.height), _WHITE)
    result.paste(picture, (0, 0))
    result.paste(other.resize(picture.size, _RESAMPLE), (picture.width + 12, 0))
    return result


def _pasted(share: float) -> Edit:
    """On another picture, `share` of its sides."""

    def pasted(picture: Grey, other: Grey) -> Grey:
        ground = other.resize(picture.size, _RESAMPLE)
        shown = _sized(share)(picture)
        ground.paste(shown, (round(picture.width * 0.1), round(picture.height * (0.9 - share))))
        return ground

    return pasted


def _noisy(picture: Grey) -> Grey:
    """Film grain, the same each time: a picture of bytes out of a hash, laid over in strips."""
    noise = Image.frombytes("L", (256, 256), _grain()).point(
        [128 + (level - 128) // 4 for level in range(256)]
    )
    film = Image.new("L", picture.size)
    for left in range(0, picture.width, 256):
        for top in range(0, picture.height, 256):
            film.paste(noise, (left, top))
    return ImageChops.add(picture, film, offset=-128)


def _grain() -> bytes:
    from hashlib import shake_256

    return shake_256(b"grain").digest(256 * 256)


def _then(*edits: Callable[[Grey], Grey]) -> Callable[[Grey], Grey]:
    def all_of_them(picture: Grey) -> Grey:
        for edit in edits:
            picture = edit(picture)
        return picture

    return all_of_them


EDITS: dict[str, Edit] = {
    "recompressed": _plain(_jpeg(25)),
    "halved": _plain(_sized(0.5)),
    "small": _plain(_sized(0.25)),
    "stretched": _plain(_sized(1.0, 1.25)),
    "lighter": _plain(_lighter(0.6)),
    "darker": _plain(_lighter(1.8)),
    "flat": _plain(lambda picture: picture.point([60 + level // 2 for level in range(256)])),
    "blurred": _plain(lambda picture: picture.filter(ImageFilter.GaussianBlur(2))),
    "grain": _plain(_noisy),
    "barred": _plain(_bar),
    "disc": _plain(_disc),
    "framed": _plain(_framed),
    "screenshot": _plain(_screenshot),
    "mirrored": _plain(ImageOps.mirror),
    "turned a quarter": _plain(lambda picture: picture.transpose(Image.Transpose.ROTATE_90)),
    "turned 3 degrees": _plain(_turned(3)),
    "turned 15 degrees": _plain(_turned(15, whole=True)),
    "turned 130 degrees": _plain(_turned(130, whole=True)),
    "cut to .9": _plain(_cut(0.05, 0.05, 0.95, 0.95)),
    "cut to .7": _plain(_cut(0.2, 0.1, 0.9, 0.8)),
    "cut to .5": _plain(_cut(0.3, 0.2, 0.8, 0.7)),
    "upper half": _plain(_cut(0, 0, 1, 0.5)),
    "right side": _plain(_cut(0.4, 0, 1, 1)),
    "collage": _collage,
    "pasted at .6": _pasted(0.6),
    "pasted at .4": _pasted(0.4),
    "mirrored, cut, recompressed": _plain(_then(ImageOps.mirror, _cut(0.1, 0, 0.8, 0.8), _jpeg(40))),
    "turned, framed, small": _plain(_then(_turned(7), _framed, _sized(0.6))),
    "screenshot, cut, blurred": _plain(
        _then(_screenshot, _cut(0, 0.2, 1, 0.9), lambda picture: picture.filter(ImageFilter.GaussianBlur(1)))
    ),
}
