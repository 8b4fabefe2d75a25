from __future__ import annotations

import tracemalloc
from math import inf, nan

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.windows import Window, window_hash
from tests.support.drawn import drawn

WHOLE = Window(2.0, 0.0, 0.0, 0.0, 128, 96, mirrored=False)


def grey(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("L"), np.uint8)


def bits_between(window: Window, picture: Image.Image, seed: int = 1) -> int:
    found = window_hash(grey(picture), window)
    assert found is not None
    wanted = pdq_hash(grey(drawn(seed)))[0]
    return (int.from_bytes(found[0], "big") ^ int.from_bytes(wanted, "big")).bit_count()


def test_the_whole_picture_has_its_own_hash() -> None:
    assert bits_between(WHOLE, drawn(1)) <= 6


def test_a_picture_among_others_has_the_hash_of_the_picture() -> None:
    screen = drawn(2, 1280, 960).copy()
    screen.paste(drawn(1), (320, 400))
    window = Window(1.0, 0.0, 63.75, 79.75, 128, 96, mirrored=False)
    assert bits_between(window, screen) <= 6
    assert bits_between(WHOLE, screen) > 80


def test_a_turned_picture_is_set_upright() -> None:
    turned = drawn(1).transpose(Image.Transpose.ROTATE_270)  # clockwise, by a quarter
    assert bits_between(Window(2.0, 90.0, 191.0, 0.0, 128, 96, mirrored=False), turned) <= 6


def test_a_mirrored_picture_is_mirrored_back() -> None:
    window = Window(2.0, 0.0, 0.0, 0.0, 128, 96, mirrored=True)
    assert bits_between(window, ImageOps.mirror(drawn(1))) <= 6


@pytest.mark.parametrize(("shift", "shown"), [(-40, True), (-60, False), (40, True), (60, False)])
def test_a_window_must_lie_in_the_picture_for_the_most_part(shift: float, shown: bool) -> None:
    window = Window(2.0, 0.0, shift, 0.0, 128, 96, mirrored=False)
    assert (window_hash(grey(drawn(1)), window) is not None) is shown


@pytest.mark.parametrize("scale", [0.0, -1.0, nan, inf, 1e300, 1e-300, 1e-3])
def test_a_window_without_a_size_has_no_hash(scale: float) -> None:
    assert window_hash(grey(drawn(1)), Window(scale, 0.0, 9.0, 9.0, 128, 96, mirrored=False)) is None


@pytest.mark.parametrize("place", [nan, inf, -1e300])
def test_a_window_nowhere_has_no_hash(place: float) -> None:
    assert window_hash(grey(drawn(1)), Window(2.0, place, 0.0, 0.0, 128, 96, mirrored=False)) is None or (
        place == -1e300  # an angle however large is an angle
    )
    assert window_hash(grey(drawn(1)), Window(2.0, 0.0, place, 0.0, 128, 96, mirrored=False)) is None


@pytest.mark.parametrize(("width", "height"), [(0, 128), (128, 0), (129, 128), (64, 64), (128, -1), (128, 1)])
def test_a_reference_of_no_such_size_has_no_hash(width: int, height: int) -> None:
    window = Window(2.0, 0.0, 0.0, 0.0, width, height, mirrored=False)
    assert window_hash(grey(drawn(1)), window) is None


@pytest.mark.parametrize("mirrored", [False, True])
def test_no_more_memory_than_the_picture(mirrored: bool) -> None:
    large = np.tile(grey(drawn(1)), (4, 4))
    window = Window(2.0, 3.0, 0.0, 0.0, 128, 96, mirrored=mirrored)
    window_hash(large, window)
    tracemalloc.start()
    window_hash(large, window)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= large.size + 512 * 512 + 100_000


@pytest.mark.parametrize(("width", "height"), [(1, 1), (300, 1), (40, 30)])
def test_a_picture_too_small_for_a_window_has_no_hash_or_one(width: int, height: int) -> None:
    found = window_hash(
        np.full((height, width), 9, np.uint8), Window(0.3, 0.0, 0.0, 0.0, 128, 96, mirrored=False)
    )
    assert found is None or found[1] < 50
