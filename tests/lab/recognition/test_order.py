"""Frames in order: what two sequences have in common, held against trying all of it."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from luwte.lab.recognition.order import MOST_PASSED, Step, longest_run, looks_in_order
from tests.support.hashes import random_hashes, with_flipped_bits

LOOKS = random_hashes(3, 40)


def plainly(like: NDArray[np.bool_]) -> int:
    """How long the longest run is, by trying each."""
    pairs = [tuple(pair) for pair in np.argwhere(like)]
    for length in range(len(pairs), 0, -1):
        for chosen in combinations(pairs, length):
            if all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(chosen)):
                return length
    return 0


def alike(asked: list[int], known: list[int]) -> NDArray[np.bool_]:
    return np.array([[one == other for other in known] for one in asked], bool).reshape(
        len(asked), len(known)
    )


def looks(asked: list[int], known: list[int]) -> int:
    """How many looks a file of these scenes shows in the order of a video of those."""
    return looks_in_order(alike(asked, known), LOOKS[known])


@settings(max_examples=80, deadline=None)
@given(like=st.lists(st.lists(st.booleans(), min_size=4, max_size=4), max_size=4))
def test_a_run_is_the_longest_that_ascends_on_both_sides(like: list[list[bool]]) -> None:
    matrix = np.array(like, bool).reshape(-1, 4)
    run = longest_run(matrix)
    assert len(run) == plainly(matrix)
    assert all(matrix[step] for step in run)
    assert all(one.asked < other.asked and one.known < other.known for one, other in pairwise(run))


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (5, 0), (3, 4)])
def test_nothing_alike_is_no_run(shape: tuple[int, int]) -> None:
    nothing = np.zeros(shape, bool)
    assert longest_run(nothing) == []
    assert looks_in_order(nothing, LOOKS[: shape[1]]) == 0


KNOWN = list(range(20))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (KNOWN, 20),
        (KNOWN[::-1], 20),
        (KNOWN[::2], 10),
        (KNOWN[::4], 5),
        ([scene for scene in KNOWN for _ in range(3)], 20),
        (KNOWN[8:14], 6),
        ([*range(30, 36), *KNOWN[8:14], *range(36, 40)], 6),
        (3 * KNOWN[4:9], 5),
        ([scene for pair in zip(KNOWN[:6], range(30, 36), strict=True) for scene in pair], 6),
        ([], 0),
        ([7], 1),
    ],
)
def test_looks_count_whatever_the_speed_and_whatever_is_between(asked: list[int], found: int) -> None:
    assert looks(asked, KNOWN) == found


def test_frames_in_no_order_are_few_in_order() -> None:
    asked = [15, 2, 9, 18, 5, 12, 0, 7, 16, 3]
    assert looks(asked, KNOWN) <= 4
    assert looks(sorted(asked), KNOWN) == 10


def test_what_stands_far_apart_on_both_sides_is_no_run() -> None:
    """A logo, a title and a last picture that two films share, and nothing between."""
    asked, known = [0, 1, *range(20, 30), 2], [0, 1, *range(30, 40), 2]
    assert looks(asked, known) == 2
    assert looks([0, 1, *range(20, 30), 2], [0, 1, 2]) == 3
    assert looks([0, 1, *range(20, 20 + MOST_PASSED), 2], [0, 1, *range(30, 40), 2]) == 3
    assert looks([0, 1, *range(20, 21 + MOST_PASSED), 2], [0, 1, *range(30, 40), 2]) == 2


def test_what_does_not_move_is_one_look() -> None:
    still = with_flipped_bits(np.repeat(LOOKS[:1], 30, axis=0), np.full(30, 4), 5)
    assert looks_in_order(np.ones((30, 30), bool), still) == 1
    assert looks([0, 1] * 15, [0, 1] * 15) == 2


def test_the_longest_film_takes_a_moment() -> None:
    like = np.ones((1024, 1024), bool)
    assert longest_run(like) == [Step(number, number) for number in range(1024)]
