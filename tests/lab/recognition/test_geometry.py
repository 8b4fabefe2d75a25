from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from luwte.demo.edits import border, crop
from luwte.lab.fingerprints.keypoints import Keypoints, find_keypoints
from luwte.lab.fingerprints.local_codes import LocalCodes, Rotation
from luwte.lab.recognition.geometry import Alignment, align, window_of
from tests.support.drawn import drawn

ROTATION = Rotation(bytes(range(32)))


def grey(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("L"), np.uint8)


def codes_of(seed: int) -> LocalCodes:
    return ROTATION.encode(find_keypoints(grey(drawn(seed))))


def aligned(picture: Image.Image, codes: LocalCodes, *, mirrored: bool = False) -> Alignment | None:
    keypoints = find_keypoints(grey(picture))
    keypoints = keypoints.mirrored() if mirrored else keypoints
    return align(keypoints, ROTATION.bits(keypoints.descriptors), codes)


def test_a_picture_lies_on_itself_at_two_pixels_a_step() -> None:
    codes = codes_of(1)
    found = aligned(drawn(1), codes)
    assert found is not None
    assert (found.inliers > 0.8 * len(codes), found.coverage > 0.9) == (True, True)
    assert found.scale == pytest.approx(2, abs=0.02)
    assert min(found.turn, 360 - found.turn) < 1
    assert np.hypot(*found.shift) < 2


def test_a_turned_picture_is_turned_back() -> None:
    found = aligned(drawn(1).rotate(-30, Image.Resampling.BICUBIC, expand=True), codes_of(1))
    assert found is not None
    assert found.turn == pytest.approx(30, abs=1)


def test_a_cut_shows_less_than_the_whole_and_more_closely() -> None:
    found = aligned(crop(drawn(4), 0.5), codes_of(4))
    assert found is not None
    assert (found.inliers >= 6, found.scale == pytest.approx(4, abs=0.15)) == (True, True)
    assert found.shift == pytest.approx((-128, -96), abs=6)
    assert found.coverage > 0.3  # of what the cut shows, not of the whole


def test_what_stands_in_a_frame_is_smaller() -> None:
    found = aligned(border(drawn(1), 0.15), codes_of(1))
    assert found is not None
    assert found.scale < 1.8


def test_a_mirrored_picture_lies_right_once_it_is_mirrored_back() -> None:
    picture = drawn(1).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    found = aligned(picture, codes_of(1), mirrored=True)
    assert found is not None
    assert (found.inliers > 25, found.scale == pytest.approx(2, abs=0.02)) == (True, True)
    straight = aligned(picture, codes_of(1))
    assert straight is None or straight.inliers < 8


@pytest.mark.parametrize("seed", range(2, 8))
def test_another_picture_does_not_lie_in_it(seed: int) -> None:
    found = aligned(drawn(1), codes_of(seed))
    assert found is None or found.inliers < 8


def test_half_of_a_picture_beside_something_else_covers_half() -> None:
    picture = drawn(1).copy()
    picture.paste(drawn(2).crop((320, 0, 640, 480)), (320, 0))
    whole, half = aligned(drawn(1), codes_of(1)), aligned(picture, codes_of(1))
    assert whole is not None
    assert half is not None
    assert half.coverage < 0.75 * whole.coverage


def test_the_same_comes_out_each_time() -> None:
    codes = codes_of(3)
    assert aligned(crop(drawn(3)), codes) == aligned(crop(drawn(3)), codes)


def points(count: int, place: float | None = None) -> Keypoints:
    places = np.ones((count, 4), np.float32)
    places[:, :2] = np.arange(count)[:, None] % 250 if place is None else place
    return Keypoints(256, 256, np.zeros((count, 128), np.uint8), places)


def equal_codes(count: int, place: int | None = None) -> LocalCodes:
    codes = np.zeros((count, 20), np.uint8)
    codes[:, 16:18] = (np.arange(count) % 128)[:, None] if place is None else place
    return LocalCodes(128, 128, codes)


@pytest.mark.parametrize("there", [None, 7])
@pytest.mark.parametrize("here", [None, 7])
def test_codes_that_are_all_equal_end_well(here: int | None, there: int | None) -> None:
    align(points(250, here), np.zeros((250, 16), np.uint8), equal_codes(64, there))


def test_one_place_is_one_inlier_however_many_keypoints_it_has() -> None:
    keypoints, codes = points(40, 50.0), equal_codes(40, 25)
    assert align(keypoints, np.zeros((40, 16), np.uint8), codes) is None


def test_keypoints_that_stand_twice_count_once() -> None:
    codes, keypoints = codes_of(1), find_keypoints(grey(drawn(1)))
    twice = keypoints.take(np.repeat(np.arange(len(keypoints)), 2))
    once = align(keypoints, ROTATION.bits(keypoints.descriptors), codes)
    both = align(twice, ROTATION.bits(twice.descriptors), codes)
    assert once is not None
    assert both is not None
    assert both.inliers == once.inliers


def test_a_pattern_that_repeats_ends_well() -> None:
    tile = np.asarray(drawn(1).convert("L").resize((32, 32)))
    grid = Image.fromarray(np.tile(tile, (12, 16)))
    codes = ROTATION.encode(find_keypoints(grey(grid)))
    found = aligned(grid, codes)
    assert found is not None
    assert found.inliers <= len(codes)


def test_a_code_is_paired_only_with_the_nearest_on_either_side() -> None:
    dice = np.random.default_rng(3)
    codes = np.zeros((12, 20), np.uint8)
    codes[:, :16] = dice.integers(0, 256, (12, 16))
    codes[:, 16:18] = dice.integers(10, 110, (12, 2))
    further = codes[:, :16].copy()
    further[:, 0] ^= 7
    keypoints = points(24)
    keypoints.places[:12, :2] = 2 * codes[:, 16:18]
    keypoints.places[12:, :2] = dice.integers(0, 250, (12, 2))
    reference = LocalCodes(128, 128, codes)
    found = align(keypoints, np.concatenate([further, dice.integers(0, 256, (12, 16), np.uint8)]), reference)
    assert found is not None
    assert found.inliers == 12
    nearer_elsewhere = align(keypoints, np.concatenate([further, codes[:, :16]]), reference)
    assert nearer_elsewhere is None or nearer_elsewhere.inliers < 6


@pytest.mark.parametrize(("asked", "known"), [(0, 0), (0, 9), (9, 0), (3, 3)])
def test_few_keypoints_say_nothing(asked: int, known: int) -> None:
    assert align(points(asked), np.zeros((asked, 16), np.uint8), equal_codes(known)) is None


@pytest.mark.parametrize("value", [np.nan, np.inf, -1e30])
def test_places_that_are_no_places_are_no_alignment(value: float) -> None:
    keypoints = points(40)
    keypoints.places[:] = value
    assert align(keypoints, np.zeros((40, 16), np.uint8), equal_codes(40)) is None


def test_a_window_is_what_the_alignment_says() -> None:
    found = window_of(Alignment(9, 0.5, 2.0, 30.0, (3.0, 4.0)), 128, 96, mirrored=True)
    assert (found.scale, found.turn, found.x, found.y) == (2.0, 30.0, 3.0, 4.0)
    assert (found.width, found.height, found.mirrored) == (128, 96, True)
    assert replace(found, mirrored=False) == window_of(
        Alignment(9, 0.5, 2.0, 30.0, (3.0, 4.0)), 128, 96, mirrored=False
    )
