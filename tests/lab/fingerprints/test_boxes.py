from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from luwte.lab.fingerprints.boxes import MOST_BOXES, Box, photo_boxes
from luwte.lab.fingerprints.fingerprint import FORMS_BYTES, boxes_in, frame_of, look_at
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.pictures import GreyPicture
from tests.support.drawn import drawn, encoded

SEEDS = range(12)
RADIUS = 31

Placed = tuple[Image.Image, Box]
Framing = Callable[[Image.Image], Placed]


def placed(page: Image.Image, photo: Image.Image, left: int, top: int) -> Placed:
    page.paste(photo, (left, top))
    return page, Box(left, top, left + photo.width, top + photo.height)


def bordered(colour: str, *sides: int) -> Framing:
    left, top, right, bottom = sides

    def frame(photo: Image.Image) -> Placed:
        size = (left + photo.width + right, top + photo.height + bottom)
        return placed(Image.new("RGB", size, colour), photo, left, top)

    return frame


def before_a_blurred_pad(photo: Image.Image) -> Placed:
    side = max(photo.size)
    page = ImageOps.fit(photo, (side, side)).filter(ImageFilter.GaussianBlur(side / 25))
    return placed(page, photo, (side - photo.width) // 2, (side - photo.height) // 2)


def on_a_phone(photo: Image.Image) -> Placed:
    page = Image.new("RGB", (photo.width, photo.height * 2), "white")
    pen = ImageDraw.Draw(page)
    pen.ellipse((20, 20, 70, 70), "navy")
    pen.text((90, 35), "een naam en een uur", "black", font_size=24)
    below = photo.height + 100
    for line in range(below + 20, page.height - 30, 30):
        pen.text((20, line), "regels die onder de foto staan", "black", font_size=20)
    return placed(page, photo, 0, 100)


def among_text(photo: Image.Image) -> Placed:
    page = Image.new("RGB", (1400, 900), "white")
    pen = ImageDraw.Draw(page)
    for line in range(20, 880, 26):
        pen.text((20, line), "woorden naast, boven en onder een foto " * 3, "black", font_size=18)
    pen.rectangle((280, 180, 300 + photo.width + 20, 200 + photo.height + 20), "white")
    return placed(page, photo, 300, 200)


def on_a_scanner(photo: Image.Image) -> Placed:
    rows = np.linspace(200, 222, photo.height * 3 // 2)[:, None]
    noise = 1.5 * np.random.default_rng(4).standard_normal((len(rows), photo.width * 3 // 2))
    page = Image.fromarray(np.clip(rows + noise, 0, 255).astype(np.uint8)).convert("RGB")
    return placed(page, photo, 30, 40)


FRAMINGS: dict[str, Framing] = {
    "a white border": bordered("white", 60, 60, 60, 60),
    "an uneven border of a colour": bordered("#3060a0", 20, 90, 140, 35),
    "bars above and below": bordered("black", 0, 110, 0, 110),
    "bars left and right": bordered("black", 170, 0, 170, 0),
    "a bar above": bordered("white", 0, 120, 0, 0),
    "a blurred pad": before_a_blurred_pad,
    "a phone": on_a_phone,
    "text around it": among_text,
    "the lid of a scanner": on_a_scanner,
}


def grey(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("L"))


def bits_apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


@pytest.mark.parametrize("name", FRAMINGS)
def test_a_photo_is_found_where_it_was_put(name: str) -> None:
    found = 0
    for seed in SEEDS:
        page, place = FRAMINGS[name](drawn(seed))
        boxes = photo_boxes(grey(page))
        found += any(np.abs(np.subtract(box, place)).max() <= 3 for box in boxes)
    assert found >= len(SEEDS) - 1


@pytest.mark.parametrize("name", FRAMINGS)
def test_its_hash_is_near_that_of_the_photo_and_that_of_the_whole_is_not(name: str) -> None:
    near = 0
    for seed in SEEDS:
        photo = drawn(seed)
        known = pdq_hash(grey(photo))[0]
        page = FRAMINGS[name](photo)[0]
        forms = look_at(encoded(page, quality=85)).variants or b""
        hashes = [forms[start : start + 32] for start in range(0, len(forms), 32)]
        assert bits_apart(known, hashes[0]) > RADIUS
        near += any(bits_apart(known, one) <= RADIUS for one in hashes[8:])
    assert near >= len(SEEDS) - 1


def test_most_pictures_have_no_box() -> None:
    assert sum(bool(photo_boxes(grey(drawn(seed)))) for seed in range(60)) <= 9


def test_a_picture_without_a_box_has_its_own_eight_hashes_and_no_others() -> None:
    plain = next(drawn(seed) for seed in range(20) if not photo_boxes(grey(drawn(seed))))
    forms = frame_of(GreyPicture(1, 1, grey(plain))).variants
    assert (len(forms), boxes_in(forms)) == (FORMS_BYTES, 0)


def test_a_box_with_little_in_it_is_not_kept() -> None:
    faint = np.random.default_rng(3).integers(118, 138, (300, 400), np.uint8)
    page = np.full((500, 600), 255, np.uint8)
    page[100:400, 100:500] = faint
    (box, *_) = photo_boxes(page)
    assert np.abs(np.subtract(box, (100, 100, 500, 400))).max() <= 6
    assert pdq_hash(box.of(page))[1] < 50
    assert boxes_in(frame_of(GreyPicture(600, 500, page)).variants) == 0


RANDOM = np.random.default_rng(27)
HOSTILE: dict[str, NDArray[np.uint8]] = {
    "one pixel": np.zeros((1, 1), np.uint8),
    "one row": RANDOM.integers(0, 256, (1, 60_000), np.uint8),
    "one column": RANDOM.integers(0, 256, (60_000, 1), np.uint8),
    "one colour": np.full((700, 500), 77, np.uint8),
    "noise": RANDOM.integers(0, 256, (600, 900), np.uint8),
    "stripes": np.tile(np.repeat(np.array([0, 255], np.uint8), 9), (700, 40)),
    "a chequered board": np.kron(np.indices((32, 32)).sum(0) % 2, np.full((20, 20), 255)).astype(np.uint8),
    "frames in frames": np.minimum.outer(np.arange(600), np.arange(800)).astype(np.uint8) // 10 * 90,
    "large": np.zeros((9_000, 7_000), np.uint8),
    "not contiguous": RANDOM.integers(0, 256, (900, 1200), np.uint8)[::-2, ::2],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_is_in_a_raster_the_boxes_are_few_and_inside_it(name: str) -> None:
    raster = HOSTILE[name]
    height, width = raster.shape
    boxes = photo_boxes(raster)
    assert len(boxes) <= MOST_BOXES
    for box in boxes:
        assert 0 <= box.left < box.right <= width
        assert 0 <= box.top < box.bottom <= height
        assert min(box.of(raster).shape) >= 5
    forms = frame_of(GreyPicture(width, height, raster)).variants
    assert len(forms) in {FORMS_BYTES * count for count in range(1, 2 + MOST_BOXES)}
