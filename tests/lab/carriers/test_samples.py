from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from luwte.lab.carriers.carrier import Unreadable
from luwte.lab.carriers.samples import Layout, as_picture, palette_of
from tests.support.drawn import drawn

SIZE = (61, 40)
COLOUR = drawn(3, *SIZE)
GREY = COLOUR.convert("L")


def seen(layout: Layout, samples: bytes) -> Image.Image:
    return Image.open(BytesIO(as_picture(layout, samples)[1]))


@pytest.mark.parametrize("picture", [COLOUR, GREY])
def test_bytes_are_taken_as_they_are(picture: Image.Image) -> None:
    suffix, content = as_picture(Layout(*SIZE, 8, len(picture.getbands())), picture.tobytes())
    assert suffix == {"RGB": "ppm", "L": "pgm"}[picture.mode]
    assert Image.open(BytesIO(content)).tobytes() == picture.tobytes()


def test_sixteen_bits_lose_their_lower_eight() -> None:
    wide = (np.asarray(GREY).astype(np.uint16) * 256 + 77).astype(">u2")
    assert seen(Layout(*SIZE, 16, 1), wide.tobytes()).tobytes() == GREY.tobytes()


@pytest.mark.parametrize(("bits", "inverted"), [(1, False), (1, True), (2, False), (4, True)])
def test_few_bits_are_stretched(bits: int, inverted: bool) -> None:
    most = (1 << bits) - 1
    values = np.asarray(GREY) >> (8 - bits)
    spread = (values[:, :, None] >> np.arange(bits - 1, -1, -1) & 1).astype(np.uint8)
    samples = np.packbits(spread.reshape(SIZE[1], -1), axis=1).tobytes()
    expected = values * (255 // most)
    found = np.asarray(seen(Layout(*SIZE, bits, 1, inverted=inverted), samples))
    assert (found == (255 - expected if inverted else expected)).all()


def test_a_palette_gives_its_colours() -> None:
    indexed = COLOUR.quantize(16)
    palette = bytes(indexed.getpalette() or ())
    assert palette_of(palette, 3) == palette
    assert palette_of(b"\1\2", 1) == b"\1\1\1\2\2\2"
    found = seen(Layout(*SIZE, 8, 1, palette), indexed.tobytes())
    assert found.tobytes() == indexed.convert("RGB").tobytes()


def test_ink_becomes_light() -> None:
    found = seen(Layout(2, 1, 8, 4), bytes((0, 255, 0, 0, 0, 0, 0, 255)))
    assert found.tobytes() == bytes((255, 0, 255, 0, 0, 0))
    assert palette_of(bytes((255, 0, 0, 0)), 4) == bytes((0, 255, 255))


def test_what_breaks_off_is_given_as_far_as_it_goes() -> None:
    half = GREY.tobytes()[: len(GREY.tobytes()) * 2 // 3]
    assert seen(Layout(*SIZE, 8, 1), half).tobytes() == half.ljust(len(GREY.tobytes()), b"\0")
    with pytest.raises(Unreadable, match="breaks off"):
        as_picture(Layout(*SIZE, 8, 1), half[:100])


@pytest.mark.parametrize(
    ("layout", "reason"),
    [
        (Layout(0, 9, 8, 1), "no sense"),
        (Layout(9, -1, 8, 1), "no sense"),
        (Layout(70_000, 9, 8, 1), "no sense"),
        (Layout(9, 9, 7, 1), "no sense"),
        (Layout(9, 9, 8, 5), "too much"),
        (Layout(65_000, 65_000, 8, 1), "too much"),
    ],
)
def test_measures_without_sense_are_refused(layout: Layout, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        as_picture(layout, bytes(1000))
