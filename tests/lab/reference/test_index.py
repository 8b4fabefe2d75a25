from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luwte.exchange.building import ColumnBuilder
from luwte.exchange.bundle import Bundle, open_bundle, write_bundle
from luwte.exchange.entries import CONFIRMED_AS, Entry
from luwte.exchange.home import Home
from luwte.lab.reference.index import Digested, Pictured, ReferenceIndex
from tests.support.exchange import CLOCK, entries

NOTHING = Digested(0, None, None, None)


def entry(number: int, series: str = "a", **fingerprints: object) -> Entry:
    return Entry(f"{number:032x}", series, **fingerprints)  # type: ignore[arg-type]


def index_of(*listed: Entry) -> ReferenceIndex:
    builder = ColumnBuilder()
    for one in listed:
        builder.add(one)
    columns = builder.finish()
    return ReferenceIndex(Bundle(**vars(columns), statement=None))  # type: ignore[arg-type]


def flipped(value: bytes, bits: int) -> bytes:
    changed = int.from_bytes(value)
    for bit in random.Random(bits).sample(range(256), bits):
        changed ^= 1 << bit
    return changed.to_bytes(32)


def test_every_digest_alone_finds_its_entry(tmp_path: Path, home: Path) -> None:
    keeper = Home.open()
    listed = entries(300)
    write_bundle(tmp_path / "list", listed, keeper, CLOCK)
    index = ReferenceIndex(open_bundle(tmp_path / "list", keeper))
    for name in ("md5", "sha1", "sha256"):
        files = [
            Digested(1, **{other: getattr(one, other) if other == name else None for other in _NAMES})
            for one in listed
        ]
        found = index.exact(files)
        assert [[index.entry_id(entry) for entry in entries] for entries in found] == [
            [one.id] for one in listed
        ]
        assert [index.series(entries[0]) for entries in found] == [one.series for one in listed]


_NAMES = ("md5", "sha1", "sha256")


def test_one_digest_in_several_series_finds_all_of_them() -> None:
    index = index_of(entry(1, "a", md5=b"m" * 16), entry(2, "b", md5=b"m" * 16), entry(3, md5=b"n" * 16))
    found = index.exact([Digested(5, b"m" * 16, b"s" * 20, b"h" * 32)])
    assert [index.series(number) for number in found[0]] == ["a", "b"]


def test_a_file_made_to_share_an_md5_is_not_the_picture() -> None:
    index = index_of(entry(1, md5=b"m" * 16, sha256=b"h" * 32))
    assert index.exact([Digested(5, b"m" * 16, b"s" * 20, b"x" * 32)]) == [[]]
    assert index.exact([Digested(5, b"m" * 16, None, None)]) == [[0]]


def test_an_empty_file_is_nobodys_picture() -> None:
    index = index_of(entry(1, md5=b"m" * 16))
    assert index.exact([Digested(0, b"m" * 16, None, None), NOTHING]) == [[], []]


def test_a_file_of_unknown_size_is_found_by_its_digest() -> None:
    index = index_of(entry(1, md5=b"m" * 16))
    assert index.exact([Digested(None, b"m" * 16, None, None)]) == [[0]]


def test_values_that_end_in_zero_bytes_are_told_apart() -> None:
    index = index_of(entry(1, md5=b"m" * 15 + b"\0"), entry(2, md5=b"m" * 14 + b"\0\0"))
    assert index.exact([Digested(5, b"m" * 15 + b"\0", None, None)]) == [[0]]


@pytest.mark.parametrize(("bits", "found"), [(0, True), (31, True), (32, False)])
@pytest.mark.parametrize("row", [0, 5])
def test_near_is_within_the_radius_of_any_variant(bits: int, found: bool, row: int) -> None:
    source = random.Random(1)
    variants = [source.randbytes(32) for _ in range(8)]
    index = index_of(entry(1, pdq=flipped(variants[row], bits), pdq_quality=80))
    assert index.near([Pictured(b"".join(variants), 80)], 31, 50) == [[(0, bits)] if found else []]


@pytest.mark.parametrize(
    ("listed", "asked", "found"),
    [(50, 50, True), (49, 80, False), (80, 49, False), (None, 80, True), (80, None, True), (100, 100, True)],
)
def test_quality_counts_on_both_sides_where_it_is_known(
    listed: int | None, asked: int | None, found: bool
) -> None:
    index = index_of(
        entry(1, pdq=b"p" * 32, pdq_quality=listed), entry(2, pdq=bytes(range(32)), pdq_quality=90)
    )
    assert index.near([Pictured(b"p" * 32, asked)], 31, 50) == [[(0, 0)] if found else []]


def test_no_pictures_and_no_hashes_are_no_matches() -> None:
    index = index_of(entry(1, md5=b"m" * 16))
    assert index.near([], 31, 50) == []
    assert index.near([Pictured(b"p" * 32, 90)], 31, 50) == [[]]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_near_equals_a_plain_comparison_of_all_pairs(seed: int) -> None:
    source = random.Random(seed)
    listed = [
        entry(number, pdq=source.randbytes(32), pdq_quality=source.choice([None, 40, 50, 90]))
        for number in range(40)
    ]
    index = index_of(*listed)
    queries = [flipped(source.choice(listed).pdq or b"", source.randrange(60)) for _ in range(20)]
    expected = [
        [
            (number, gap)
            for number, one in enumerate(listed)
            if one.pdq_quality in (None, 50, 90)
            and (gap := (int.from_bytes(one.pdq or b"") ^ int.from_bytes(query)).bit_count()) <= 31
        ]
        for query in queries
    ]
    assert index.near([Pictured(query, 90) for query in queries], 31, 50) == expected
    assert np.any([bool(found) for found in expected])


def test_an_entry_is_found_by_its_id_and_no_other() -> None:
    index = index_of(*(entry(number, md5=bytes([number]) * 16) for number in (3, 9, 7)))
    assert [index.entry_number(f"{number:032x}") for number in (3, 7, 9)] == [0, 1, 2]
    assert [index.entry_number(f"{number:032x}") for number in (0, 4, 10)] == [None] * 3


def test_an_id_that_only_copies_go_by_finds_the_first_of_them() -> None:
    origin = f"{5:032x}"
    known = [entry(number, md5=bytes([number] * 16)) for number in (3, 5)]
    copies = [
        replace(entry(number, md5=bytes([number] * 16)), attributes={CONFIRMED_AS: origin})
        for number in (4, 7)
    ]
    without, complete = index_of(known[0], *copies), index_of(*known, *copies)
    assert [without.entry_id(number) for number in (1, 2)] == [origin, origin]
    assert (without.entry_number(origin), complete.entry_number(origin)) == (1, 2)


def test_entries_that_pdq_tells_apart_are_counted_once() -> None:
    shown = entry(1, pdq=bytes(32)), entry(2, frames=bytes(64)), entry(3, md5=b"m" * 16)
    assert index_of(*shown).pictured == 2


def test_the_distance_of_an_entry_is_that_of_the_nearest_of_what_it_and_the_file_show() -> None:
    known, frames = bytes(32), bytes([255]) * 64
    index = index_of(
        entry(0, pdq=known),
        entry(1, md5=b"m" * 16),
        entry(2, md5=b"n" * 16, frames=frames + bytes([240]) * 32),
    )
    low = known[:31] + bytes([7])
    assert [index.distance(number, low) for number in range(3)] == [3, None, 128 + 3]
    assert index.distance(0, flipped(known, 90) + flipped(known, 2) + flipped(known, 5)) == 2
