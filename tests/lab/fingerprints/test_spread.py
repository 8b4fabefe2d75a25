from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.lab.fingerprints.spread import Spread


@given(st.integers(2, 40), st.integers(1, 2000))
def test_first_and_last_are_kept_and_the_rest_is_even(most: int, count: int) -> None:
    spread: Spread[int] = Spread(most)
    for number in range(count):
        spread.add(number)
    found = spread.items()
    steps = [after - before for before, after in pairwise(found)]
    assert min(count, most // 2) <= len(found) <= most
    assert (found[0], found[-1]) == (0, count - 1)
    assert len(set(steps[:-1])) <= 1
    assert all(step > 0 for step in steps)
    assert not steps[:-1] or steps[-1] <= steps[0]


def test_few_are_kept_whole() -> None:
    spread: Spread[str] = Spread(8)
    for each in "luwte":
        spread.add(each)
    assert spread.items() == list("luwte")


@pytest.mark.parametrize("count", [7, 100, 1000])
def test_what_is_not_wanted_may_be_skipped_unseen(count: int) -> None:
    spread: Spread[int] = Spread(8)
    for number in range(count):
        if spread.wants:
            spread.add(number)
        else:
            spread.skip()
    found = spread.items()
    assert found[0] == 0
    assert 4 <= len(found) <= 8
    assert found[-1] >= count // 2


def test_nothing_is_nothing() -> None:
    assert Spread[int](4).items() == []
