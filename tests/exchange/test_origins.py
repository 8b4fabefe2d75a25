from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.exchange.building import ColumnBuilder
from luwte.exchange.columns import Columns
from luwte.exchange.entries import CONFIRMED_AS, CONFIRMED_IN, Entry
from luwte.exchange.errors import Unusable
from luwte.exchange.origins import confirmed_as, origins


def name(number: int) -> str:
    return f"{number:032x}"


def listed(
    said: dict[int, Any],
    count: int = 6,
    series: dict[int, str] | None = None,
    clusters: dict[int, str] | None = None,
) -> Columns:
    """Return a list of so many entries of which some are `said` to be others."""
    builder = ColumnBuilder()
    for number in range(count):
        attributes = {"category": "1"}
        if number in said:
            origin = said[number]
            attributes[CONFIRMED_AS] = name(origin) if isinstance(origin, int) else origin
        if number in (clusters or {}):
            attributes[CONFIRMED_IN] = (clusters or {})[number]
        md5 = (number + 1).to_bytes(16)
        builder.add(Entry(name(number), (series or {}).get(number, "s-1"), md5=md5, attributes=attributes))
    return builder.finish()


def named(columns: Columns) -> list[int]:
    found = origins(columns)
    return [int.from_bytes(found.id_of(entry)) for entry in range(len(columns))]


def test_a_list_without_copies_names_each_entry_by_itself() -> None:
    columns = listed({})
    assert named(columns) == [0, 1, 2, 3, 4, 5]
    assert [origins(columns).family(entry).tolist() for entry in (0, 5)] == [[0], [5]]


def test_a_chain_ends_at_the_first_of_them_all() -> None:
    columns = listed({0: 3, 3: 5, 2: 3})
    assert named(columns) == [5, 1, 5, 5, 4, 5]
    found = origins(columns)
    assert {tuple(sorted(found.family(entry).tolist())) for entry in (0, 2, 3, 5)} == {(0, 2, 3, 5)}
    assert found.family(1).tolist() == [1]
    said = {copy: one.origin for copy, one in confirmed_as(columns).items()}
    assert said == {name(0): name(3), name(3): name(5), name(2): name(3)}


def test_an_origin_that_the_list_lacks_is_named_all_the_same() -> None:
    columns = listed({1: 0xFF, 2: 1, 4: 0})
    assert named(columns) == [0, 0xFF, 0xFF, 3, 0, 5]
    assert sorted(origins(columns).family(2).tolist()) == [1, 2]


@pytest.mark.parametrize("said", [{1: 1}, {1: 2, 2: 1}, {0: 1, 1: 2, 2: 3, 3: 1}])
def test_a_circle_is_refused(said: dict[int, int]) -> None:
    with pytest.raises(Unusable, match="circle"):
        origins(listed(said))


@pytest.mark.parametrize("origin", ["", "zz", name(1).upper() + "a", "A" * 32, name(1) + "\n"])
def test_what_is_no_id_is_refused(origin: str) -> None:
    with pytest.raises(Unusable, match=CONFIRMED_AS):
        origins(listed({2: origin}))


def test_a_copy_says_in_which_clusters_it_was_confirmed() -> None:
    both = f"{name(0xC1)} {name(0xC2)}"
    found = origins(listed({1: 0, 2: 0}, clusters={2: both, 3: both}))
    assert [found.decided_in(entry) for entry in range(4)] == [None, (), (name(0xC1), name(0xC2)), None]


@pytest.mark.parametrize("clusters", ["", "zz", name(1) + " ", name(1) + "\n", " ".join([name(1)] * 16)])
def test_what_are_no_clusters_is_refused(clusters: str) -> None:
    with pytest.raises(Unusable, match=CONFIRMED_IN):
        origins(listed({2: 1}, clusters={2: clusters}))


def test_a_copy_of_something_in_another_series_is_refused() -> None:
    with pytest.raises(Unusable, match="another series"):
        origins(listed({2: 1}, series={2: "s-2"}))
    with pytest.raises(Unusable, match="another series"):
        origins(listed({2: 1, 1: 0}, series={0: "s-2"}))


def test_a_name_that_is_written_with_escapes_does_not_hide_a_copy() -> None:
    columns = listed({2: 1})
    whole = columns.attributes.tobytes()
    hidden = whole.replace(b'"confirmed_as"', b'"\\u0063onfirmed_as"')
    offsets = np.array(columns.attribute_offsets)
    offsets[3:] += len(hidden) - len(whole)
    changed = replace(columns, attributes=np.frombuffer(hidden, np.uint8), attribute_offsets=offsets)
    assert json.loads(hidden[int(offsets[2]) : int(offsets[3])])[CONFIRMED_AS] == name(1)
    assert named(changed) == [0, 1, 1, 3, 4, 5]


def test_a_long_chain_takes_no_longer_than_it_is() -> None:
    count = 20_000
    columns = listed({number: number - 1 for number in range(1, count)}, count)
    assert set(named(columns)) == {0}


@given(st.dictionaries(st.integers(0, 7), st.integers(0, 9), max_size=8))
def test_each_copy_goes_by_the_end_of_its_chain_or_the_list_is_refused(said: dict[int, int]) -> None:
    def end(entry: int) -> int | None:
        for _ in range(10):
            if entry not in said:
                return entry
            entry = said[entry]
        return None

    ends = [end(entry) for entry in range(8)]
    columns = listed(said, 8)
    if None in ends:
        with pytest.raises(Unusable):
            origins(columns)
        return
    assert named(columns) == ends
    found = origins(columns)
    for entry in range(8):
        same = [other for other in range(8) if ends[other] == ends[entry]]
        assert sorted(found.family(entry).tolist()) == same
