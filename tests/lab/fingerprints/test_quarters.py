from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

from luwte.lab.fingerprints import quarters
from luwte.lab.fingerprints.keypoints import MOST_IN_PART, MOST_PARTS, Keypoints, find_keypoints
from luwte.lab.fingerprints.quarters import find_closely, put_into
from tests.support.drawn import drawn


def grey(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("L"), np.uint8)


def pasted(small: Image.Image, page: Image.Image, place: tuple[int, int]) -> Image.Image:
    shown = page.copy()
    shown.paste(small, place)
    return shown


def rough(size: tuple[int, int]) -> Image.Image:
    """Blots of two sizes: keypoints of many scales."""
    dice = np.random.default_rng(4)
    coarse, fine = (
        Image.fromarray(dice.integers(0, 256, (side * 3 // 4, side), np.uint8)).resize(
            size, Image.Resampling.BICUBIC
        )
        for side in (24, 80)
    )
    return Image.blend(coarse, fine, 0.4)


PLAIN = drawn(3, 640, 480)
PAGE = Image.new("RGB", (800, 600), "white")
COLLAGE = pasted(drawn(9, 397, 297), pasted(PLAIN.resize((397, 297)), PAGE, (0, 0)), (403, 303))


@pytest.mark.parametrize("seed", range(6))
def test_a_picture_by_itself_is_looked_at_once(seed: int) -> None:
    assert find_closely(grey(drawn(seed, 640, 480))).parts == ()


@pytest.mark.parametrize(
    "picture",
    [
        COLLAGE,
        ImageOps.expand(PLAIN, 60, "white"),
        ImageOps.expand(PLAIN.resize((320, 240)), (0, 300), "white"),
        pasted(PLAIN.resize((360, 270)), drawn(5, 640, 480), (130, 90)),
    ],
    ids=["collage", "border", "screen", "paste"],
)
def test_what_stands_in_a_picture_has_its_quarters_looked_at(picture: Image.Image) -> None:
    found = find_closely(grey(picture))
    whole = find_keypoints(grey(picture))
    assert np.array_equal(found.descriptors, whole.descriptors)
    assert np.array_equal(found.places, whole.places)
    assert len(found.parts) == MOST_PARTS
    for part in found.parts:
        assert len(part) <= MOST_IN_PART
        assert (part.width, part.height) == (whole.width, whole.height)
        assert part.parts == ()


@pytest.mark.parametrize("size", [(1024, 768), (700, 1010), (513, 401)])
def test_what_a_quarter_shows_stands_at_its_place_in_the_whole(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarters, "put_into", lambda _: True)
    monkeypatch.setattr(quarters, "MOST_IN_PART", 2000)
    pixels = grey(rough(size))
    found, whole = find_closely(pixels), find_keypoints(pixels, 2000)
    for number, part in enumerate(found.parts):
        across, down = np.median(part.places[:, :2] / (found.width, found.height), axis=0)
        assert ((across > 0.5), (down > 0.5)) == (bool(number % 2), number > 1)
        shifts = _shifts(part, whole)
        assert len(shifts) >= 8
        assert np.abs(np.median(shifts, axis=0)).max() < 0.3


def _shifts(part: Keypoints, whole: Keypoints) -> NDArray[np.float32]:
    """How far those of `part` that `whole` has too lie from there, and how much larger they are (octaves)."""
    found = []
    for descriptor, place in zip(part.descriptors.astype(int), part.places, strict=True):
        far = np.linalg.norm(whole.descriptors.astype(int) - descriptor, axis=1)
        there = whole.places[int(far.argmin())]
        if far.min() < 120 and np.hypot(*(place[:2] - there[:2])) < 4:
            found.append((*(place[:2] - there[:2]), np.log2(place[2] / there[2])))
    return np.array(found, np.float32)


def test_lines_one_way_are_no_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarters, "photo_boxes", lambda _: [])
    page = drawn(3, 640, 480)
    assert not put_into(grey(page))
    pen = ImageDraw.Draw(page)
    pen.rectangle((100, 0, 110, 480), "white")
    assert not put_into(grey(page))
    pen.rectangle((0, 300, 640, 310), "white")
    assert put_into(grey(page))


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (5, 9000), (9000, 40), (70, 3000), (320, 320)])
def test_pictures_of_one_colour_and_odd_shapes_are_looked_at(shape: tuple[int, int]) -> None:
    found = find_closely(np.full(shape, 200, np.uint8))
    assert len(found) == 0
    assert all(len(part) == 0 for part in found.parts)


def test_a_small_picture_is_not_looked_at_twice() -> None:
    small = COLLAGE.resize((300, 225))
    assert find_closely(grey(small)).parts == ()
