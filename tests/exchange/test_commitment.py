"""What a list commits to: every series can be shown, nothing else follows, and equal lists agree."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from math import log2

import pytest

from luwte.crypto.merkle import leaf_hash, root_of
from luwte.crypto.merkle_several import check_several
from luwte.exchange.building import ColumnBuilder
from luwte.exchange.columns import Columns
from luwte.exchange.commitment import LEAST, commit
from luwte.exchange.entries import Entry
from tests.support.exchange import entries

CONTENT, SECRET = "ab" * 16, bytes(range(32))


def _columns(found: list[Entry]) -> Columns:
    builder = ColumnBuilder()
    for one in found:
        builder.add(one)
    return builder.finish()


def test_each_series_leads_to_the_root_by_its_entries_alone() -> None:
    found = entries(40)
    made = commit(_columns(found), CONTENT, SECRET)
    assert [one.series for one in made.receipts] == ["series 0", "series 1", "series 2"]
    for one in made.receipts:
        ids = sorted(bytes.fromhex(entry.id) for entry in found if entry.series == one.series)
        assert (one.entries, one.ids) == (len(ids), root_of(map(leaf_hash, ids)))
        place = made.place(one)
        check_several({place: one.leaf}, made.size, made.proof(place), made.root)
        assert len(made.proof(place)) == log2(made.size)
        assert one.name == sha256(one.veil + one.series.encode()).digest()


def test_every_place_is_proven() -> None:
    made = commit(_columns(entries(9)), CONTENT, SECRET)
    leaves = sorted([*(one.leaf for one in made.receipts), *made.filler])
    for place in range(0, made.size, 37):
        check_several({place: leaves[place]}, made.size, made.proof(place), made.root)


def test_the_same_list_gives_the_same_tree_in_any_order() -> None:
    found = entries(40)
    assert commit(_columns(found), CONTENT, SECRET) == commit(_columns(found[::-1]), CONTENT, SECRET)


def test_another_list_or_another_maker_gives_leaves_that_share_nothing() -> None:
    columns = _columns(entries(40))
    first = commit(columns, CONTENT, SECRET)
    for other in (commit(columns, "cd" * 16, SECRET), commit(columns, CONTENT, bytes(32))):
        seen = {
            one for made in (first, other) for one in (*made.filler, *(row.leaf for row in made.receipts))
        }
        assert len(seen) == first.size + other.size
        for one, another in zip(first.receipts, other.receipts, strict=True):
            assert len({one.salt, one.veil, one.name, another.salt, another.veil, another.name}) == 6


@pytest.mark.parametrize(("series", "size"), [(1, LEAST), (LEAST - 1, LEAST), (LEAST, 2 * LEAST)])
def test_the_size_tells_no_more_than_a_power_of_two(series: int, size: int) -> None:
    found = [replace(one, series=f"s{number}") for number, one in enumerate(entries(series))]
    made = commit(_columns(found), CONTENT, SECRET)
    assert (made.size, len(made.filler)) == (size, size - series)


def test_the_order_of_the_leaves_is_not_that_of_the_names() -> None:
    found = [replace(one, series=f"s{number:03}") for number, one in enumerate(entries(200))]
    made = commit(_columns(found), CONTENT, SECRET)
    places = [made.place(one) for one in made.receipts]
    assert places != sorted(places)
    assert max(places) > made.size // 2


def test_a_changed_entry_changes_its_series_and_no_other() -> None:
    found = entries(40)
    first = commit(_columns(found), CONTENT, SECRET)
    later = commit(_columns(found[1:]), CONTENT, SECRET)
    changed = [
        one.series
        for one, other in zip(first.receipts, later.receipts, strict=True)
        if one.leaf != other.leaf
    ]
    assert changed == [found[0].series]
    assert first.root != later.root
