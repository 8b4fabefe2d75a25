"""Drawn pictures are the same every time, far apart, and good enough for PDQ."""

from __future__ import annotations

from functools import cache
from hashlib import sha256

import numpy as np
import pdqhash
import pytest
from numpy.typing import NDArray

from luwte.demo import edits, pictures
from luwte.demo.pictures import draw

SEEDS = 500
# SHA-256 over the pixels of seed 7 at 64 x 48, so that a changed drawing never goes unnoticed.
KNOWN_DRAWING = "05a7fc3ad71a623074849f7715b972f3e63f63219d23f3919c51d81432eac827"


@cache
def _hashes() -> tuple[NDArray[np.int32], list[int]]:
    """The hash bits (500, 256) and the qualities of 500 seeds, by the field's own PDQ."""
    measured = [pdqhash.compute(np.asarray(draw(seed))) for seed in range(SEEDS)]
    return np.array([bits for bits, _ in measured], np.int32), [quality for _, quality in measured]


def test_quality_is_at_least_fifty_for_every_seed() -> None:
    assert min(_hashes()[1]) >= 50


def test_any_two_seeds_are_far_apart() -> None:
    signs = 1 - 2 * _hashes()[0]
    distances = (256 - signs @ signs.T) // 2
    assert distances[np.triu_indices(SEEDS, 1)].min() > 80


def test_a_drawing_below_the_wanted_quality_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    qualities = iter([10, 59, 60])
    monkeypatch.setattr(pictures, "quality_of", lambda picture: next(qualities))
    again = draw(7, 64, 48)
    assert next(qualities, None) is None
    monkeypatch.setattr(pictures, "quality_of", lambda picture: 100)
    assert again.tobytes() != draw(7, 64, 48).tobytes()


def test_the_same_seed_gives_the_same_pixels() -> None:
    assert sha256(draw(7, 64, 48).tobytes()).hexdigest() == KNOWN_DRAWING


def test_one_seed_shows_the_same_scene_at_every_size() -> None:
    small, large = (pdqhash.compute(np.asarray(draw(5, *size)))[0] for size in ((640, 480), (1280, 960)))
    assert int((small != large).sum()) <= 31


@pytest.mark.parametrize("name", sorted(edits.FOUND_BY_PDQ.keys() - {"mirrored", "turned"}))
def test_copies_that_keep_the_picture_upright_stay_near(name: str) -> None:
    for seed in range(8):
        picture = draw(seed)
        assert _distance(picture, edits.EDITS[name](picture)) <= 31


def test_a_mirrored_copy_is_near_one_of_the_eight_variants() -> None:
    picture = draw(4)
    original = pdqhash.compute(np.asarray(picture))[0]
    variants = pdqhash.compute_dihedral(np.asarray(edits.mirror(picture)))[0]
    assert min(int((variant != original).sum()) for variant in variants) <= 31


@pytest.mark.parametrize("name", sorted(edits.MISSED_BY_PDQ))
def test_crops_and_frames_are_out_of_reach_of_the_hash_of_the_whole(name: str) -> None:
    picture = draw(4)
    assert _distance(picture, edits.EDITS[name](picture)) > 31


def _distance(one: object, other: object) -> int:
    first, second = (pdqhash.compute(np.asarray(picture))[0] for picture in (one, other))
    return int((first != second).sum())
