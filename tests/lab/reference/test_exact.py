from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from luwte.lab.reference.exact import ExactList

_FEW = st.binary(min_size=1, max_size=1)


def rows(digests: list[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(digests), np.uint8).reshape(len(digests), 16)


def pairs(listed: list[bytes], asked: list[bytes]) -> list[tuple[int, int]]:
    found = ExactList(rows(listed)).find(rows(asked))
    return sorted(zip(found.query.tolist(), found.reference.tolist(), strict=True))


def plainly(listed: list[bytes], asked: list[bytes]) -> list[tuple[int, int]]:
    return [
        (query, row) for query, one in enumerate(asked) for row, other in enumerate(listed) if one == other
    ]


@given(st.lists(st.tuples(_FEW, _FEW), max_size=30), st.lists(st.tuples(_FEW, _FEW), max_size=30))
def test_the_pairs_are_those_of_a_plain_comparison(
    listed: list[tuple[bytes, bytes]], asked: list[tuple[bytes, bytes]]
) -> None:
    """The first and the last byte vary, so some share the first eight bytes and not the whole."""
    held, wanted = ([first + b"m" * 14 + last for first, last in part] for part in (listed, asked))
    assert pairs(sorted(held), wanted) == plainly(sorted(held), wanted)


def test_digests_with_the_same_beginning_are_told_apart() -> None:
    listed = [b"m" * 8 + bytes([number]) * 8 for number in range(4)]
    assert pairs(listed, [b"m" * 8 + b"\2" * 8, b"m" * 8 + b"\7" * 8]) == [(0, 2)]


def test_the_first_and_the_last_of_a_list_are_found_and_what_lies_around_it_is_not() -> None:
    dice = random.Random(1)
    listed = sorted(dice.randbytes(16) for _ in range(1000))
    asked = [listed[-1], listed[0], bytes(16), b"\xff" * 16]
    assert pairs(listed, asked) == [(0, 999), (1, 0)]


def test_a_list_without_digests_finds_nothing() -> None:
    assert pairs([], [b"m" * 16]) == []
    assert pairs([b"m" * 16], []) == []
