"""Films inside films: where they are found, and that nothing is where nothing is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from luwte.lab.fingerprints import film_boxes
from luwte.lab.fingerprints.boxes import MOST_BOXES
from luwte.lab.fingerprints.film_boxes import MOST_TOGETHER, Stretch, smaller
from luwte.lab.fingerprints.pdq import pdq_hash
from tests.support.drawn import drawn

HEIGHT, WIDTH = 288, 384
Raster = NDArray[np.uint8]


def scene(seed: int, width: int = WIDTH, height: int = HEIGHT) -> Raster:
    return np.asarray(drawn(seed, width, height).convert("L"), np.uint8)


def stretch(frames: list[Raster]) -> Stretch:
    found = Stretch()
    for frame in frames:
        assert found.takes(frame)
        found.add(frame)
    return found


def inside(ground: Raster, seed: int, noise: int = 0) -> Raster:
    """The scene of `seed` at half the size in `ground`."""
    frame = ground.copy()
    frame[100:244, 150:342] = scene(seed, 192, 144)
    pops = np.random.default_rng(seed).random(frame.shape) < 0.05
    noisy: Raster = np.clip(frame.astype(int) + noise * pops, 0, 255).astype(np.uint8)
    return noisy


def near(parts: list[Raster], seed: int, width: int = 192, height: int = 144) -> bool:
    wanted = np.frombuffer(pdq_hash(scene(seed, width, height))[0], np.uint8)
    hashes = [np.frombuffer(pdq_hash(part)[0], np.uint8) for part in parts]
    return any(np.bitwise_count(wanted ^ one).sum(dtype=int) <= 31 for one in hashes)


@pytest.mark.parametrize("noise", [0, 18])
@pytest.mark.parametrize("ground", [scene(7), np.full((HEIGHT, WIDTH), 90, np.uint8)], ids=["busy", "plain"])
def test_a_film_in_a_picture_that_stands_still_is_found_in_each_frame(ground: Raster, noise: int) -> None:
    parts = stretch([inside(ground, seed, noise) for seed in range(10, 16)]).parts()
    assert [near(part, seed) for part, seed in zip(parts, range(10, 16), strict=True)] == [True] * 6


def test_a_single_frame_in_a_busy_picture_is_not_enough() -> None:
    (parts,) = stretch([inside(scene(7), 10)]).parts()
    assert not near(parts, 10)


def test_bars_that_most_frames_show_are_cut_off_all() -> None:
    """A dark scene ends where its bars do, and has no box of its own."""
    frames = []
    for seed in range(20, 26):
        frame = np.zeros((HEIGHT, WIDTH), np.uint8)
        frame[48:240] = scene(seed, WIDTH, 192)
        if seed == 22:
            frame[40:90] = frame[200:248] = 3
        frames.append(frame)
    parts = stretch(frames).parts()
    assert [any(part.shape == (192, WIDTH) for part in found) for found in parts] == [True] * 6


def test_a_box_that_most_frames_have_is_one_of_the_others_too() -> None:
    """Before grounds that change as well, of which two are plain and the others busy."""
    frames = []
    for number, seed in enumerate(range(30, 36)):
        frame = np.full((HEIGHT, WIDTH), 120, np.uint8) if number < 2 else scene(50 + number).copy()
        frame[60:252, 80:336] = scene(seed, 256, 192)
        frames.append(frame)
    assert not near(stretch(frames[4:5]).parts()[0], 34, 256, 192)
    assert near(stretch(frames).parts()[4], 34, 256, 192)


def test_a_box_of_one_frame_stays_with_that_frame() -> None:
    boxed = np.full((HEIGHT, WIDTH), 240, np.uint8)
    boxed[40:232, 60:316] = scene(31, 256, 192)
    plain = [scene(seed) for seed in (2, 4)]
    found = stretch([*plain, boxed]).parts()
    assert near(found[2], 31, 256, 192)
    assert not any(near(parts, 31, 256, 192) for parts in found[:2])


def test_no_frame_has_more_parts_than_a_picture_may_have() -> None:
    frames = [inside(scene(7), seed) for seed in range(10, 16)]
    frames[0][20:80, 20:120] = frames[1][20:80, 20:120] = 255
    assert all(len(parts) <= MOST_BOXES for parts in stretch(frames).parts())


def test_a_head_that_moves_before_a_still_room_is_no_film() -> None:
    room, head = scene(5), scene(6, 90, 110)
    frames = []
    for step in range(8):
        frame = room.copy()
        rows, columns = np.ogrid[:110, :90]
        round_one = ((rows - 55) / 55) ** 2 + ((columns - 45) / 45) ** 2 <= 1
        frame[90 + step : 200 + step, 120 + 3 * step : 210 + 3 * step][round_one] = head[round_one]
        frames.append(frame)
    alone = [Stretch() for _ in frames]
    for one, frame in zip(alone, frames, strict=True):
        one.add(frame)
    assert sum(map(len, stretch(frames).parts())) <= sum(len(one.parts()[0]) for one in alone)


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (4000, 1), (33, 31)])
def test_frames_of_any_size_have_parts_or_none(shape: tuple[int, int]) -> None:
    dice = np.random.default_rng(1)
    frames = [dice.integers(0, 256, shape, np.uint8) for _ in range(4)]
    assert [len(parts) <= MOST_BOXES for parts in stretch(frames).parts()] == [True] * 4


def test_nothing_has_no_parts() -> None:
    assert Stretch().parts() == []


def test_a_stretch_ends_at_another_size_and_when_it_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    found = stretch([scene(1)] * (MOST_TOGETHER - 1))
    assert not found.takes(scene(1, 100, 100))
    found.add(scene(1))
    assert not found.takes(scene(1))
    monkeypatch.setattr(film_boxes, "MOST_BYTES", 3 * HEIGHT * WIDTH)
    short = stretch([scene(1)] * 3)
    assert not short.takes(scene(1))


def test_large_frames_are_kept_small_each_square_by_its_mean() -> None:
    fine = scene(3, 600, 512)
    tall = np.repeat(np.repeat(fine, 2, axis=0), 2, axis=1)
    tall[::2, ::2] = np.clip(tall[::2, ::2].astype(int) + 3, 0, 255)
    small = smaller(tall)
    assert (np.abs(small.astype(int) - fine) <= 1).all()
    found = stretch([np.zeros((4320, 7680), np.uint8)] * MOST_TOGETHER)
    assert found._bytes <= MOST_TOGETHER * 1000 * 600
