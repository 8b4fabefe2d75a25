"""The rule of vPDQ, by hand: which frames count, what is like, and when two videos are the same one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.lab.recognition.films import FrameHash, Shares, shares


def frame(number: int, flipped: int = 0, quality: int = 90) -> FrameHash:
    """A frame of scene `number` (scenes are 128 bits apart or more), with some of its bits flipped."""
    scene = int.from_bytes(bytes([[0x00, 0xFF, 0x0F, 0x33, 0x55][number]]) * 32)
    return FrameHash((scene ^ ((1 << flipped) - 1)).to_bytes(32), quality)


def film(*numbers: int) -> list[FrameHash]:
    return [frame(number) for number in numbers]


@pytest.mark.parametrize(
    ("query", "reference", "expected"),
    [
        (film(0, 1, 2, 3), film(0, 1, 2, 3), Shares(1, 1)),
        (film(0, 1), film(0, 1, 2, 3), Shares(1, 0.5)),
        (film(0, 1, 2, 3), film(0, 4), Shares(0.25, 0.5)),
        (film(0, 1), film(2, 3), Shares(0, 0)),
        (film(3, 2, 1, 0), film(0, 1, 2, 3), Shares(1, 1)),
        # a scene that stands still counts once, on both sides
        (film(0, 0, 0, 0, 1), film(0), Shares(0.5, 1)),
        (film(0), film(0, 0, 0, 1), Shares(1, 0.5)),
        # within 31 bits is like, 32 is not
        ([frame(0, 31)], film(0), Shares(1, 1)),
        ([frame(0, 32)], film(0), Shares(0, 0)),
        # two frames may find the same one, and one may find two
        ([frame(0), frame(0, 5)], film(0), Shares(1, 1)),
        # from quality 50 a frame counts; below it is in no share
        ([frame(0), frame(1, quality=49)], film(0, 1), Shares(1, 0.5)),
        ([frame(0), frame(1, quality=50)], film(0, 1), Shares(1, 1)),
        # of equal hashes the first one stands, also when its quality is too low
        ([frame(0, quality=10), frame(0), frame(1)], film(0, 1), Shares(1, 0.5)),
        ([], film(0), Shares(0, 0)),
        (film(0), [], Shares(0, 0)),
        ([frame(0, quality=0)], film(0), Shares(0, 0)),
    ],
)
def test_shares(query: list[FrameHash], reference: list[FrameHash], expected: Shares) -> None:
    assert shares(query, reference) == expected


def test_four_fifths_of_the_query_and_nothing_of_the_reference_are_asked() -> None:
    assert shares(film(0, 1, 2, 3, 4), film(0, 1, 2, 3)).match()
    assert not shares(film(0, 1, 2, 3), film(0, 1, 2)).match()
    assert shares(film(0), film(0, 1, 2, 3)).match()
    assert not shares(film(0), film(0, 1, 2, 3)).match(reference=0.5)
    assert not Shares(0, 0).match()


@given(
    *[st.lists(st.builds(frame, st.integers(0, 4), st.integers(0, 40), st.integers(0, 100)), max_size=8)] * 2
)
def test_the_two_sides_are_each_others_mirror(one: list[FrameHash], other: list[FrameHash]) -> None:
    assert shares(one, other) == Shares(*reversed(shares(other, one)))
