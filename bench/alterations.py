"""What may be done to the pixels of a picture: saved anew, resized, cropped, turned, recoloured, blurred."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Random = np.random.Generator
Apply = Callable[[Image.Image, Random, Image.Image], Image.Image]
"""An edit of a picture, given a source of chance, and another picture for what puts two together."""

SAVED_AT = 90
"""The JPEG quality that each edited picture is saved at in the end."""


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
