"""What crosses between machines comes out as it went in."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from luwte.lab.scan.executors.wire import MOST_BYTES, pack, pack_unit, unpack, unpack_unit
from luwte.lab.scan.units import Batch, CloseLook, End, NamedMatch, NearBefore, Row, Trouble, Unit, Wanted

MATCHED = Row(
    *(7, 1, "a/b.jpg", "deleted", 12, "picture", bytes(16), bytes(20), bytes(32), 640, 480, bytes(32), 90),
    *("near", None, "near"),
    (NamedMatch("0" * 32, "s", "near", 3), NamedMatch("1" * 32, "t", "near", None)),
)
UNREAD = Row(
    *(8, 0, "c", "live", None, "other", None, None, None, None, None, None, None),
    *("unknown", "content that could not be read", "unreadable"),
)
END = End(9, "00" * 8, ended=True, whole=False, file_systems=("ext4",), problems=(("odd", 2),), verified=True)
BATCH = Batch(9, (MATCHED, UNREAD), (Trouble(8, "odd", 1),), "11" * 8, "00" * 8, 5, 6, 7, END)
UNIT = Unit(1, "files", 7, 9, "11" * 8)
CLOSE = Unit(1, "files", 7, 12, wanted=Wanted(((7, 9), (11, 12)), bytes(range(64)), "model 1"))
FOUND = CloseLook(9, b"h" * 32, None, b"p" * 32, 90, (NamedMatch("2" * 32, "s", "same_picture", 8, 997),))
FAILED = CloseLook(9, b"i" * 32, "damaged picture")


NEAR = (NearBefore("00" * 16, "2" * 32, 12, 1), NearBefore("01" * 16, "3" * 32, None, 0))
LOOKED_INTO = Unit(1, "files", 7, 12, wanted=Wanted(((7, 9),), bytes(range(32)), "model 1", NEAR))


@pytest.mark.parametrize("unit", [UNIT, CLOSE, LOOKED_INTO])
def test_a_unit_comes_out_as_it_went_in(unit: Unit) -> None:
    assert unpack_unit(pack_unit(unit)) == unit


@pytest.mark.parametrize(
    "batch", [BATCH, Batch(0), replace(BATCH, end=None), Batch(7, looks=(FOUND, FAILED), end=END)]
)
def test_a_batch_comes_out_as_it_went_in(batch: Batch) -> None:
    assert [unpack(message) for message in pack(batch, UNIT)] == [batch]


def test_a_large_batch_says_how_far_it_is_only_when_all_is_told() -> None:
    rows = tuple(UNREAD._replace(place=place, path="a" * 900) for place in range(200))
    messages = list(pack(replace(BATCH, rows=rows), UNIT))
    parts = [unpack(message) for message in messages]
    assert len(parts) > 2
    assert max(map(len, messages)) <= MOST_BYTES
    assert sum((part.rows for part in parts), ()) == rows
    assert {(part.upto, part.end) for part in parts[:-1]} == {(7, None)}
    assert (parts[-1].upto, parts[-1].end) == (9, END)


def test_many_looks_are_told_in_several_messages() -> None:
    looks = (FOUND, FAILED) * 500
    messages = list(pack(Batch(7, looks=looks, end=END), CLOSE))
    parts = [unpack(message) for message in messages]
    assert max(map(len, messages)) <= MOST_BYTES
    assert sum((part.looks for part in parts), ()) == looks
    assert [part.end for part in parts] == [None] * (len(parts) - 1) + [END]


def test_a_row_that_is_larger_than_a_message_is_sent() -> None:
    large = UNREAD._replace(path="a" * 2 * MOST_BYTES)
    parts = [unpack(message) for message in pack(Batch(9, (UNREAD, large, UNREAD)), UNIT)]
    assert sum((part.rows for part in parts), ()) == (UNREAD, large, UNREAD)


def test_no_fingerprint_of_an_unmatched_file_crosses() -> None:
    (message,) = pack(Batch(9, (UNREAD,)), UNIT)
    assert json.loads(message)[1][0][11] is None
