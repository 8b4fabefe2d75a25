"""From the bytes of a picture to one grey raster, small enough to hash fast and large enough to hash well.

JPEG goes through simplejpeg: grey only, scaled in the DCT domain to a shorter side of at least 512
pixels. Everything else, and each JPEG that simplejpeg refuses, goes through Pillow. The orientation that
EXIF asks for is never applied: the field's own tools don't, and eleven of a hundred camera photos would
land beyond the radius. Transparency is dropped and colour becomes ITU-R 601 luma, as in the field.

A picture that breaks off is decoded as far as it goes, the rest stays flat. Whether enough is left is
for the quality of its PDQ to say, which falls as the picture empties.

Of what moves or has pages (GIF, APNG, WebP, AVIF, HEIC, TIFF) each frame is a picture of its own, up to a
bound; of a camera's raw file the JPEG in it is the picture.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from itertools import islice
from typing import cast

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image, ImageFile, UnidentifiedImageError

from luwte.lab.fingerprints import cr3, heif, raws
from luwte.lab.fingerprints.jpegs import frame_header

SHORTER_SIDE = 512
MAX_PIXELS = 256_000_000
"""The largest JPEG that is decoded, in pixels; scaled decoding keeps its memory small."""
MAX_PIXELS_UNSCALED = 128_000_000
"""The largest picture of any other format, which has to be decoded whole."""

MAX_SIDE = 65_535
"""The longest side of a picture; nothing that a camera or a person makes is longer."""

MAX_FRAMES = 256
"""The frames or pages of one picture that are decoded; the later ones are left out."""
MAX_PIXELS_IN_FRAMES = 256_000_000
"""The pixels that all frames after the first may have together."""

_MAY_BE_RAW = (b"II*\0", b"MM\0*", b"IIU\0", b"IIRO", b"IIRS", b"MMOR", b"FUJIFILMCCD-RAW")
_BEYOND = (b"\xff\x0a", b"\0\0\0\x0cJXL", b"FUJIFILMCCD-RAW", b"IIU\0", b"IIRO", b"IIRS", b"MMOR")
_WITH_FRAMES = frozenset(("GIF", "PNG", "WEBP", "TIFF", "AVIF"))
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "JPEG2000", "AVIF", "ICO", "PSD", "QOI")


class Reason(StrEnum):
    """Why a picture or a video has no perceptual fingerprint, or no whole one; what coverage shows."""

    FORMAT = "picture format that is not decoded"
    DEPTH = "JPEG with more than 8 bits a sample"
    DAMAGED = "damaged picture"
    PIXELS = "picture with too many pixels"
    MEMORY = "picture that needs too much memory"
    LARGE = "file too large to decode"
    VIDEO_FORMAT = "video format that is not decoded"
    VIDEO_DAMAGED = "damaged video"
    VIDEO_EMPTY = "video without a picture track"
    VIDEO_PART = "video that was looked at only in part"
    HASHER = "picture on which the licensed hasher failed"
    DEADLINE = "decoding took longer than the deadline"
    STOPPED = "decoding stopped the worker"


class Undecodable(Exception):
    """A picture that cannot be decoded, and why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class GreyPicture:
    """`width` and `height` of the whole picture in pixels; `grey` is its luma (H, W), scaled down or not."""

    width: int
    height: int
    grey: NDArray[np.uint8]


def decode_grey(content: bytes) -> GreyPicture:
    """Return the picture in `content`, its first frame or page, as luma. Raises `Undecodable`."""
    return next(decode_frames(content))


def decode_frames(content: bytes) -> Iterator[GreyPicture]:
    """Give the frames or pages of the picture in `content` as luma, in order, at most `MAX_FRAMES`.

    Raises `Undecodable` where there is no first one; a later one that is damaged or too large ends them.
    """
    if content[:3] == b"\xff\xd8\xff":
        yield _decode_jpeg_somehow(content)
        return
    frames = _frames(content)
    first = _next(frames, content)
    if first is None:
        raise Undecodable(Reason.DAMAGED)
    yield first
    while (frame := _later(frames, content)) is not None:
        yield frame


def _frames(content: bytes) -> Iterator[GreyPicture]:
    may_be_raw = content.startswith(_MAY_BE_RAW) or cr3.is_cr3(content)
    preview = raws.preview(content) if may_be_raw else None
    if preview is not None:
        yield _decode_jpeg_somehow(preview)
    elif heif.is_heif(content):
        yield from _decode_heif(content)
    else:
        yield from _decode_with_pillow(content)


def _decode_jpeg_somehow(content: bytes) -> GreyPicture:
    try:
        return _decode_jpeg(content)
    except Undecodable:
        raise
    except MemoryError:
        raise Undecodable(Reason.MEMORY) from None
    except Exception:  # Pillow may know better: CMYK, lossless, arithmetic, worse damage
        header = frame_header(content)
        if header is not None and header.bits > 8:
            raise Undecodable(Reason.DEPTH) from None
    found = _next(_decode_with_pillow(content), content)
    if found is None:
        raise Undecodable(Reason.DAMAGED)
    return found


def _decode_jpeg(content: bytes) -> GreyPicture:
    height, width, colours, _ = simplejpeg.decode_jpeg_header(content, strict=False)
    _check_size(width, height, MAX_PIXELS)
    if colours not in ("Gray", "YCbCr"):
        raise ValueError(colours)
    side = min(SHORTER_SIDE, height, width)
    grey = simplejpeg.decode_jpeg(content, "GRAY", min_height=side, min_width=side, strict=False)
    return GreyPicture(width, height, cast("NDArray[np.uint8]", grey[:, :, 0]))


def _check_size(width: int, height: int, pixels: int) -> None:
    if width * height > pixels or max(width, height) > MAX_SIDE:
        raise Undecodable(Reason.PIXELS)


def _next(frames: Iterator[GreyPicture], content: bytes) -> GreyPicture | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return next(frames, None)
    except Undecodable:
        raise
    except MemoryError:
        raise Undecodable(Reason.MEMORY) from None
    except Image.DecompressionBombError:
        raise Undecodable(Reason.PIXELS) from None
    except ImportError:
        raise Undecodable(Reason.FORMAT) from None
    except UnidentifiedImageError:
        raise Undecodable(Reason.FORMAT if _is_beyond(content[:16]) else Reason.DAMAGED) from None
    except Exception:  # Pillow's plugins raise nearly everything on damaged input
        raise Undecodable(Reason.DAMAGED) from None


def _later(frames: Iterator[GreyPicture], content: bytes) -> GreyPicture | None:
    try:
        return _next(frames, content)
    except Undecodable:
        return None


def _is_beyond(head: bytes) -> bool:
    """Whether this is a format (JPEG XL, camera raw) that no decoder here reads, sound or not."""
    return head.startswith(_BEYOND) or (head[4:8] == b"ftyp" and head[8:12] not in (b"avif", b"avis"))


def _decode_heif(content: bytes) -> Iterator[GreyPicture]:
    left = MAX_PIXELS_UNSCALED
    for still in islice(heif.stills(content), MAX_FRAMES):
        width, height = still.size
        _check_size(width, height, left)
        left -= width * height
        yield GreyPicture(width, height, np.asarray(_shrunk(_luma(still.to_pillow()))))


def _decode_with_pillow(content: bytes) -> Iterator[GreyPicture]:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with Image.open(BytesIO(content), formats=_FORMATS) as picture:
        width, height = picture.size
        if picture.format == "JPEG":
            picture.draft(picture.mode, (SHORTER_SIDE, SHORTER_SIDE))
        _check_size(picture.width, picture.height, MAX_PIXELS_UNSCALED)
        yield GreyPicture(width, height, np.asarray(_shrunk(_luma(picture))))
        if picture.format in _WITH_FRAMES:
            yield from _later_frames(picture)


def _later_frames(picture: Image.Image) -> Iterator[GreyPicture]:
    left = MAX_PIXELS_IN_FRAMES
    for number in range(1, MAX_FRAMES):
        try:
            picture.seek(number)
        except EOFError:
            return
        _check_size(picture.width, picture.height, left)
        left -= picture.width * picture.height
        yield GreyPicture(picture.width, picture.height, np.asarray(_shrunk(_luma(picture))))


def _luma(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith(("I", "F")):
        return _eight_bits(picture)
    return picture.convert("L")


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Sixteen bits lose their lower eight; wider and real values are stretched to their own range."""
    values = np.asarray(picture)
    if picture.mode.startswith("I;16"):
        return Image.fromarray((values.astype(np.uint16) >> 8).astype(np.uint8))
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if not np.isfinite(high - low):
        raise Undecodable(Reason.DAMAGED)
    scale = 255 / (high - low) if high > low else 0.0
    return Image.fromarray(np.nan_to_num((values - low) * scale).astype(np.uint8))


def _shrunk(grey: Image.Image) -> Image.Image:
    factor = min(grey.size) // SHORTER_SIDE
    return grey.reduce(factor) if factor > 1 else grey
