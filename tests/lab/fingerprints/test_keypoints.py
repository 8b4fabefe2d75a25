"""Keypoints of drawn pictures: what is found, of what nothing is, and what a mirrored picture would give."""

from __future__ import annotations

import subprocess
import sys

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from luwte.lab.fingerprints import keypoints as finding
from luwte.lab.fingerprints.keypoints import MOST, SIDE, Keypoints, best, find_keypoints
from luwte.lab.fingerprints.local_codes import Rotation
from tests.support.drawn import drawn
from tests.support.engines import compiled_paths

Grey = NDArray[np.uint8]
CONTRAST = 0.02


@pytest.fixture(params=["opencv", *compiled_paths()])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each engine in turn, behind the public face."""
    name = str(request.param)
    monkeypatch.setattr(finding, "_found", finding._by_opencv if name == "opencv" else on_path(name))
    return name


def on_path(path: str) -> finding.Find:
    from luwte import _native

    return lambda grey, most: _native.sift_keypoints(grey, CONTRAST, most, path)


def blob(deviation: float, height: float = 100, ramp: tuple[float, float] = (0, 0)) -> Grey:
    """A bright Gaussian blob in the middle, on a ground that gets brighter towards `ramp` (x, y)."""
    y, x = np.mgrid[:256, :256] - 127.0
    values = 110 + height * np.exp(-(x**2 + y**2) / (2 * deviation**2)) + ramp[0] * x + ramp[1] * y
    return np.asarray(np.clip(values + 0.5, 0, 255), np.uint8)


def in_the_middle(found: Keypoints) -> NDArray[np.float32]:
    """The strongest keypoint within 3 pixels of the middle of a blob."""
    near = np.hypot(found.places[:, 0] - 127, found.places[:, 1] - 127) < 3
    return np.asarray(found.places[near][0], np.float32)


def grey(seed: int) -> Grey:
    return np.asarray(drawn(seed).convert("L"))


def disc(angle: float = 0) -> Grey:
    """A dark disc on a light ground, with a lighter spot at its rim in the direction `angle` (clockwise)."""
    picture = np.full((256, 256), 220, np.uint8)
    cv2.circle(picture, (128, 128), 20, 30, -1)
    turn = np.radians(angle)
    cv2.circle(picture, (round(128 + 22 * np.cos(turn)), round(128 + 22 * np.sin(turn))), 9, 250, -1)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 2), np.uint8)


def made(count: int, seed: int = 0, width: int = 256, height: int = 192) -> Keypoints:
    """Keypoints at random places: what their descriptors hold says which is which."""
    dice = np.random.default_rng(seed)
    places = dice.uniform((0, 0, 2, 0), (width, height, 40, 360), (count, 4)).astype(np.float32)
    return Keypoints(width, height, dice.integers(0, 256, (count, 128), np.uint8), places)


def nearest(keypoints: Keypoints, x: float, y: float) -> int:
    return int(np.hypot(keypoints.places[:, 0] - x, keypoints.places[:, 1] - y).argmin())


@pytest.mark.parametrize("deviation", [2.5, 4, 6, 9, 14, 22])
def test_a_blob_is_found_in_its_middle_at_its_own_scale(engine: str, deviation: float) -> None:
    """A Gaussian blob is an extremum at its own deviation: a diameter of two (Lindeberg, IJCV 30 (1998))."""
    x, y, size, _ = in_the_middle(find_keypoints(blob(deviation)))
    assert abs(x - 127) < 0.1
    assert abs(y - 127) < 0.1
    assert abs(np.log2(size / (2 * deviation))) < 0.2


@pytest.mark.parametrize("turned", [0, 40, 90, 135, 180, 222, 270, 355])
def test_a_keypoint_looks_towards_the_light(engine: str, turned: int) -> None:
    """In degrees clockwise from the x-axis, the y-axis pointing down."""
    turn = np.radians(turned)
    found = find_keypoints(blob(8, 30, (0.6 * np.cos(turn), 0.6 * np.sin(turn))))
    assert abs((in_the_middle(found)[3] - turned + 180) % 360 - 180) < 6


@pytest.mark.parametrize("path", compiled_paths())
@pytest.mark.parametrize("seed", range(6))
def test_the_compiled_core_finds_what_opencv_does(path: str, seed: int) -> None:
    """So a list made with either serves a query made with the other."""
    small = np.asarray(cv2.resize(grey(seed), (256, 192), interpolation=cv2.INTER_AREA), np.uint8)
    ours, theirs = on_path(path)(small, MOST), finding._by_opencv(small, MOST)
    assert abs(len(ours[0]) - len(theirs[0])) <= 0.02 * len(theirs[0])
    apart = np.hypot(*(ours[0][None, :, :2] - theirs[0][:, None, :2]).transpose(2, 0, 1))
    scales = np.abs(np.log2(ours[0][None, :, 2] / theirs[0][:, None, 2]))
    angles = np.abs((ours[0][None, :, 3] - theirs[0][:, None, 3] + 180) % 360 - 180)
    far = apart / 0.05 + scales / 0.01 + angles / 0.5
    same, there = far.argmin(axis=1), far.min(axis=1) < 1
    assert there.mean() >= 0.98
    ours_of = ours[1][same[there]]
    differing = np.abs(ours_of.astype(int) - theirs[1][there]).max(axis=1)
    assert np.mean(differing <= 2) >= 0.98
    rotation = Rotation(bytes(32))
    bits = np.bitwise_count(rotation.bits(ours_of) ^ rotation.bits(theirs[1][there])).sum(axis=1)
    assert np.mean(bits <= 2) >= 0.98


@pytest.mark.parametrize("path", compiled_paths()[1:])
@pytest.mark.parametrize("shape", [(192, 256), (256, 256), (33, 256), (61, 47), (100, 1), (11, 12), (7, 900)])
def test_every_path_gives_the_same_bytes(path: str, shape: tuple[int, int]) -> None:
    dice = np.random.default_rng(shape)
    for seed in range(3):
        picture = np.asarray(cv2.resize(grey(seed), shape[::-1]), np.uint8)
        for each in (picture, dice.integers(0, 256, shape, np.uint8)):
            for ours, theirs in zip(on_path(path)(each, MOST), on_path("")(each, MOST), strict=True):
                np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("path", compiled_paths())
@pytest.mark.parametrize("shape", [(0, 9), (9, 0), (1, 1), (1, 1024), (1024, 1), (5, 5), (6, 6), (10, 700)])
def test_the_compiled_core_takes_the_smallest_pictures(path: str, shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    places, descriptors = on_path(path)(noise, 5)
    assert len(places) == len(descriptors) <= 5
    assert np.isfinite(places).all()


@pytest.mark.parametrize("path", compiled_paths())
def test_the_compiled_core_refuses_what_is_too_large_and_finds_no_more_than_asked(path: str) -> None:
    for shape in ((1025, 4), (4, 1025)):
        with pytest.raises(ValueError, match="at most 1024 pixels"):
            on_path(path)(np.zeros(shape, np.uint8), 5)
    noise = np.random.default_rng(1).integers(0, 256, (256, 256), np.uint8)
    whole = on_path(path)(noise, 250)
    assert len(whole[0]) == 250
    for most in (0, 1, 17):
        places, descriptors = on_path(path)(noise, most)
        np.testing.assert_array_equal(places, whole[0][:most])
        np.testing.assert_array_equal(descriptors, whole[1][:most])


def test_places_are_pixels_of_the_small_picture_within_its_bounds() -> None:
    found = find_keypoints(grey(2))
    assert (found.width, found.height) == (SIDE, SIDE * 480 // 640)
    assert found.descriptors.shape == (len(found), 128)
    assert found.descriptors.dtype == np.uint8
    assert found.places.shape == (len(found), 4)
    assert found.places.dtype == np.float32
    assert 100 < len(found) <= MOST
    assert (found.places[:, :2] >= 0).all()
    assert (found.places[:, :2] < (found.width, found.height)).all()
    assert found.places[:, 0].max() > found.height


def test_the_strongest_are_kept() -> None:
    picture = np.full((256, 256), 128, np.uint8)
    for number in range(6):
        cv2.circle(picture, (30 + 38 * number, 128), 8, 128 + 20 * (number + 1), -1)
    found = find_keypoints(np.asarray(cv2.GaussianBlur(picture, (0, 0), 2), np.uint8))
    few = find_keypoints(np.asarray(cv2.GaussianBlur(picture, (0, 0), 2), np.uint8), most=2)
    assert len(few) == 2
    np.testing.assert_array_equal(few.places, found.places[:2])
    assert abs(few.places[0, 0] - (30 + 38 * 5)) < 4


def test_a_disc_is_found_where_it_is_with_its_diameter() -> None:
    found = find_keypoints(disc())
    x, y, size, _ = found.places[nearest(found, 128, 128)]
    assert abs(x - 128) < 6
    assert abs(y - 128) < 6
    assert 20 < size < 60


@pytest.mark.parametrize("turned", [0, 30, 90, 200, 315])
def test_angles_are_clockwise_from_the_x_axis(turned: int) -> None:
    """Where the picture is turned clockwise, so is each angle, by as much."""
    upright = find_keypoints(disc())
    found = find_keypoints(disc(turned))
    ours, theirs = upright.places[nearest(upright, 128, 128)], found.places[nearest(found, 128, 128)]
    assert abs((theirs[3] - ours[3] - turned + 180) % 360 - 180) < 12


@pytest.mark.parametrize("seed", range(4))
def test_mirrored_keypoints_are_those_of_the_mirrored_picture(seed: int) -> None:
    """SIFT of the picture that really is mirrored, one by one: place, scale, angle and descriptor."""
    ours = find_keypoints(grey(seed), most=10_000).mirrored()
    theirs = find_keypoints(np.ascontiguousarray(grey(seed)[:, ::-1]), most=10_000)
    same = 0
    for place, descriptor in zip(ours.places, ours.descriptors.astype(int), strict=True):
        apart = np.hypot(*(theirs.places[:, :2] - place[:2]).T)
        angles = np.abs((theirs.places[:, 3] - place[3] + 180) % 360 - 180)
        near = (apart < 0.7) & (angles < 8) & (np.abs(np.log2(theirs.places[:, 2] / place[2])) < 0.2)
        differing = np.linalg.norm(theirs.descriptors[near].astype(int) - descriptor, axis=1)
        same += bool((differing < 130).any())  # unrelated ones are about 500 apart
    assert same >= 0.8 * len(ours)


def test_mirroring_twice_changes_nothing() -> None:
    found = made(40)
    again = found.mirrored().mirrored()
    np.testing.assert_array_equal(again.descriptors, found.descriptors)
    np.testing.assert_allclose(again.places, found.places, atol=1e-4)
    assert not np.array_equal(found.mirrored().descriptors, found.descriptors)


@pytest.mark.parametrize("level", [0, 127, 255])
def test_a_picture_of_one_colour_has_none(level: int) -> None:
    found = find_keypoints(np.full((480, 640), level, np.uint8))
    assert len(found) == 0
    assert found.descriptors.shape == (0, 128)
    assert found.places.shape == (0, 4)
    assert len(found.mirrored()) == 0


@pytest.mark.parametrize(
    "shape", [(0, 0), (0, 9), (9, 0), (1, 1), (31, 31), (1, 100_000), (100_000, 1), (20, 60_000)]
)
def test_a_picture_with_nothing_to_look_for_has_none(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    assert len(find_keypoints(noise)) == 0


@pytest.mark.parametrize(
    "shape", [(32, 32), (33, 255), (33, 256), (33, 257), (9_000, 9_000), (1_500, 10_000)]
)
def test_small_large_and_long_pictures_keep_their_bounds(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    found = find_keypoints(noise)
    assert len(found) <= MOST
    assert max(found.width, found.height) == min(max(shape), SIDE)
    assert (found.places[:, :2] <= (found.width, found.height)).all()


def test_the_same_picture_gives_the_same_keypoints_every_time() -> None:
    first, second = find_keypoints(grey(3)), find_keypoints(grey(3).copy())
    np.testing.assert_array_equal(first.descriptors, second.descriptors)
    np.testing.assert_array_equal(first.places, second.places)


def test_a_slice_of_a_larger_picture_is_taken() -> None:
    whole = np.zeros((600, 800), np.uint8)
    whole[60:540, 80:720] = grey(3)
    np.testing.assert_array_equal(
        find_keypoints(whole[60:540, 80:720]).places, find_keypoints(grey(3)).places
    )


def test_the_best_are_half_the_strongest_and_half_spread() -> None:
    found = made(250)
    found.places[:200, :2] = 5  # the strongest crowd in one corner
    chosen = best(found, 64)
    rows = [int(np.flatnonzero((found.descriptors == one).all(axis=1))[0]) for one in chosen.descriptors]
    assert rows[:32] == list(range(32))
    assert rows == sorted(set(rows))
    assert len(rows) == 64
    assert sum(row >= 200 for row in rows) >= 28


@pytest.mark.parametrize(
    ("count", "most", "left"), [(0, 64, 0), (63, 64, 63), (64, 64, 64), (65, 64, 64), (9, 1, 1)]
)
def test_no_more_than_the_most_are_the_best(count: int, most: int, left: int) -> None:
    assert len(best(made(count), most)) == left


def test_a_place_on_the_very_edge_has_a_cell() -> None:
    found = made(100)
    found.places[:, :2] = (found.width, found.height)
    found.places[::2, :2] = 0
    assert len(best(found, 64)) == 64


def test_a_worker_of_the_fast_pass_does_not_load_opencv() -> None:
    """It costs 60 MB and a third of a second in each worker, which never looks for keypoints."""
    program = """
import sys
import luwte.lab.fingerprints.fingerprint, luwte.lab.fingerprints.local_codes, luwte.lab.reference.index
import luwte.lab.reference.codes
assert "cv2" not in sys.modules
from luwte.lab.fingerprints.keypoints import find_keypoints
import numpy
find_keypoints(numpy.zeros((300, 300), numpy.uint8))
assert "cv2" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
