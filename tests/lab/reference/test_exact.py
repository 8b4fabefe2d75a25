from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from luwte.lab.reference import exact, exact_numpy
from luwte.lab.reference.exact import ExactList

_FEW = st.binary(min_size=1, max_size=1)


def rows(digests: list[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(digests), np.uint8).reshape(len(digests), 16)


def pairs(listed: list[bytes], asked: list[bytes]) -> list[tuple[int, int]]:
    """What both engines find, which must be the same in the same order."""
    found = ExactList(rows(listed)).find(rows(asked))
    query, reference = exact_numpy.Digests(rows(listed)).find(rows(asked))
    assert found.query.tolist() == query.tolist()
    assert found.reference.tolist() == reference.tolist()
    return list(zip(query.tolist(), reference.tolist(), strict=True))


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


@pytest.mark.parametrize("first", [16, 1])
def test_a_long_list_is_searched_even_where_all_begin_alike(first: int) -> None:
    """With one first byte all digests lie in a few of the stretches that the compiled core leaps to."""
    dice = random.Random(first)
    listed = sorted(bytes([dice.randrange(first)]) + dice.randbytes(15) for _ in range(20_000))
    listed[7:9] = [listed[8]] * 2
    asked = [*dice.sample(listed, 200), listed[8], *(dice.randbytes(16) for _ in range(200))]
    row = {digest: number for number, digest in reversed(list(enumerate(listed)))}
    found = dict(reversed(pairs(listed, asked)))
    assert found == {place: row[digest] for place, digest in enumerate(asked) if digest in row}
    assert [pair for pair in pairs(listed, asked) if pair[0] == 200] == [(200, 7), (200, 8)]


def test_the_compiled_core_wants_digests_of_one_width() -> None:
    if exact.ENGINE == "numpy":
        pytest.skip("there is no compiled core here")
    with pytest.raises(ValueError, match="width"):
        ExactList(rows([b"m" * 16])).find(np.zeros((1, 20), np.uint8))
    with pytest.raises(ValueError, match="four bytes"):
        ExactList(np.zeros((1, 3), np.uint8))


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
