"""Values in lists of a bounded length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.base.chunks import CHUNK, chunks


@given(st.lists(st.integers(), max_size=60), st.integers(1, 20))
def test_every_value_comes_once_in_its_order_and_no_list_is_too_long(values: list[int], most: int) -> None:
    found = list(chunks(values, most))
    assert [one for some in found for one in some] == values
    assert all(0 < len(some) <= most for some in found)


@pytest.mark.parametrize("count", [0, CHUNK, CHUNK + 1])
def test_there_are_no_more_lists_than_needed(count: int) -> None:
    assert len(list(chunks(range(count)))) == -(-count // CHUNK)


def test_what_goes_meanwhile_is_still_given() -> None:
    """As rows that are deleted while the lists are worked off."""
    rows = dict.fromkeys(range(5))
    for some in chunks(iter(rows), 2):
        for one in some:
            del rows[one]
    assert not rows
