"""What the ledger holds of a deep pass: what is wanted and left, and findings that come and go whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from luwte.lab.scan.deep_ledger import (
    NO_CONTENT,
    NOT_FOUND_AGAIN,
    TOO_SMALL,
    Closely,
    DeepLedger,
    Stretch,
    withdraw,
)
from luwte.lab.scan.hearing import Opened
from luwte.lab.scan.ledger import NAME, Ledger
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.units import NAME_BYTES, Batch, CloseLook, End, NamedMatch, NearBefore, Row, Unit, Wanted
from tests.support.ledgers import CARRIER, row

MATCH = NamedMatch("e" * 32, "one", "same_picture", 12, 998)
KNOWN = NamedMatch("f" * 32, "two", "identical", None)
END = End(9, "0" * 16, ended=True, whole=True)


def digest(number: int) -> bytes:
    """Return a digest of which the order is that of the numbers backwards."""
    return bytes((255 - number,)) * 32


def picture(number: int, **changes: object) -> Seen:
    seen = Seen(f"{number}.jpg", "live", 9, "picture", b"m" * 16, b"s" * 20, digest(number), 640, 480)
    return replace(seen, **changes)  # type: ignore[arg-type]


def opened(folder: Path, rows: list[Row], space: list[Row] | None = None) -> Ledger:
    ledger = Ledger(folder / NAME, "key")
    ledger.begin(0, "/evidence/a.E01", CARRIER, "as it was")
    ledger.settle(Unit(0), Batch(9, tuple(rows), mark="0" * 16, end=END))
    ledger.settle(Unit(0, "space", 9), Batch(9, tuple(space or ()), end=END))
    return ledger


ROWS = [
    row(0, picture(0)),
    row(1, picture(1, width=63)),
    row(2, picture(2), [KNOWN]),
    row(3, picture(3)),
    row(3, picture(4))._replace(place=1),
    row(4, picture(0))._replace(path="copy.jpg"),
    row(6, picture(6, kind="video")),
    row(7, picture(7, error="damaged picture")),
    row(8, picture(8)),
]


def names(*numbers: int) -> bytes:
    return b"".join(sorted(digest(number)[:NAME_BYTES] for number in numbers))


def rows_of(ledger: Ledger, table: str) -> list[tuple[object, ...]]:
    with ledger.reading() as database:
        return database.execute(f"SELECT * FROM {table}").fetchall()


def test_unknown_pictures_and_videos_of_a_useful_size_are_wanted_once(tmp_path: Path) -> None:
    with opened(tmp_path, ROWS, [row(9, picture(9))]) as ledger:
        deep = DeepLedger(ledger, "model")
        assert deep.left() == (6, 54)
        files, space = deep.stretches()
        unit, rest = deep.cut(files, 100) or (None, None)
        assert unit == Unit(
            0, "files", 0, 9, wanted=Wanted(((0, 1), (3, 4), (6, 7), (8, 9)), names(0, 3, 4, 6, 8), "model")
        )
        assert rest == Stretch(0, "files", 9, 9)
        assert deep.cut(Stretch(0, "files", 9, 9), 100) is None
        unit, _ = deep.cut(space, 100) or (None, None)
        assert unit == Unit(0, "space", 9, None, wanted=Wanted((), names(9), "model"))


def test_a_unit_holds_about_as_many_as_asked_and_no_root_in_part(tmp_path: Path) -> None:
    with opened(tmp_path, ROWS) as ledger:
        deep = DeepLedger(ledger, "model")
        first, rest = deep.cut(deep.stretches()[0], 2) or (Unit(0), Stretch(0, "files", 0, 0))
        assert first.wanted == Wanted(((0, 1), (3, 4)), names(0, 3, 4), "model")
        second, _ = deep.cut(rest, 2) or (Unit(0), rest)
        assert second.wanted == Wanted(((6, 7), (8, 9)), names(6, 8), "model")


def test_what_was_looked_at_is_done_for_every_copy_and_for_good(tmp_path: Path) -> None:
    with opened(tmp_path, ROWS) as ledger:
        DeepLedger(ledger, "model").settle(
            Batch(0, looks=(CloseLook(9, digest(0)), CloseLook(9, digest(8), "x")))
        )
    with Ledger(tmp_path / NAME, "key") as again:
        again.begin(0, "/evidence/a.E01", CARRIER, "as it was")
        deep = DeepLedger(again, "model")
        assert deep.left() == (3, 27)
        assert deep.counted() == Closely(2, {"x": 1, NOT_FOUND_AGAIN: 3, TOO_SMALL: 1})
        assert DeepLedger(again, "another model").left() == (5, 45)


def test_what_is_given_up_is_counted_with_its_reason(tmp_path: Path) -> None:
    with opened(tmp_path, ROWS) as ledger:
        deep = DeepLedger(ledger, "model")
        deep.settle(Batch(0, looks=(CloseLook(9, digest(3)),)))
        deep.give_up(Stretch(0, "files", 0, 4), "its machine was lost")
        assert deep.left().pictures == 2
        assert deep.counted().reasons["its machine was lost"] == 3, "two copies of one, and another"


def test_rows_of_a_list_of_hashes_are_no_pictures_to_look_at(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / NAME, "key")
    ledger.begin(0, "/evidence/list.csv", Opened("list", 100, ()), "as it was")
    ledger.settle(Unit(0), Batch(1, (row(0, picture(0, width=None, height=None)),), mark="0" * 16))
    deep = DeepLedger(ledger, "model")
    assert deep.left().pictures == 0
    assert deep.counted() == Closely(0, {NO_CONTENT: 1})
    ledger.discard()


def test_findings_are_put_beside_those_of_the_fast_pass_and_taken_away_again(tmp_path: Path) -> None:
    with opened(tmp_path, ROWS) as ledger:
        before = [rows_of(ledger, table) for table in ("file", "match")]
        deep = DeepLedger(ledger, "model")
        deep.settle(Batch(0, looks=(CloseLook(9, digest(0), None, b"p" * 32, 90, (MATCH,)),)))
        assert [rows_of(ledger, table) for table in ("file", "match")] == before
        deep.apply()
        changed = [values for values in rows_of(ledger, "file") if values not in before[0]]
        assert [(values[1], values[-3], values[-1]) for values in changed] == [
            (0, "same_picture", "same_picture"),
            (4, "same_picture", "same_picture"),
        ]
        assert (0, 4, 0, 0, "same_picture", 12, "e" * 32, "one", 998, 1, "", None) in rows_of(ledger, "match")
        deep.apply()
        assert len(rows_of(ledger, "match")) == 3
        withdraw(ledger)
        assert [rows_of(ledger, table) for table in ("file", "match")] == before


@pytest.mark.parametrize("sort", ["same_scene", "near"])
def test_a_file_counts_under_its_best_match(tmp_path: Path, sort: str) -> None:
    with opened(tmp_path, ROWS) as ledger:
        deep = DeepLedger(ledger, "model")
        best = MATCH._replace(verdict=sort, series="two")  # type: ignore[arg-type]
        deep.settle(Batch(0, looks=(CloseLook(9, digest(3), None, None, None, (best, MATCH)),)))
        deep.apply()
        (found,) = [values for values in rows_of(ledger, "file") if values[3] == "3.jpg"]
        assert (found[-3], found[-1]) == (sort, sort)


FAST = NamedMatch("a" * 32, "one", "near", 12, None, 1)
BOX = NamedMatch("b" * 32, "two", "near", 40, None, 0, itself=50)
LICENSED = NamedMatch("c" * 32, "three", "near", None)
FOUND_NEAR = [
    row(0, picture(0, pdq=b"q" * 32, pdq_quality=80), [FAST, BOX, LICENSED]),
    row(1, picture(0, pdq=b"q" * 32, pdq_quality=80), [FAST, BOX, LICENSED])._replace(path="copy.jpg"),
    row(2, picture(2), [KNOWN, BOX]),
    row(3, picture(3, kind="video"), [FAST]),
    row(4, picture(4)),
]


def test_pictures_that_were_near_are_wanted_too_with_what_they_were_near(tmp_path: Path) -> None:
    with opened(tmp_path, FOUND_NEAR) as ledger:
        deep = DeepLedger(ledger, "model")
        unit, _ = deep.cut(deep.stretches()[0], 100) or (Unit(0), None)
        assert unit.wanted is not None
        assert unit.wanted.names == names(0, 4)
        name = digest(0)[:NAME_BYTES].hex()
        assert unit.wanted.near == (
            NearBefore(name, FAST.entry, 12, 1),
            NearBefore(name, BOX.entry, 40, 0, 50),
            NearBefore(name, LICENSED.entry, None, 1),
        )


def test_what_was_near_moves_and_is_put_back_whole(tmp_path: Path) -> None:
    with opened(tmp_path, FOUND_NEAR) as ledger:
        before = [rows_of(ledger, table) for table in ("file", "match")]
        deep = DeepLedger(ledger, "model")
        raised = FAST._replace(verdict="same_picture", likelihood=999)
        look = CloseLook(9, digest(0), None, b"p" * 32, 90, (raised, BOX._replace(likelihood=10)))
        deep.settle(Batch(0, looks=(look, CloseLook(9, digest(4)))))
        assert deep.counted() == Closely(3, {})
        for _ in range(2):
            deep.apply()
            files = [(one[3], one[12], one[14], one[16]) for one in rows_of(ledger, "file")]
            assert files[:2] == [
                ("0.jpg", b"q" * 32, "same_picture", "same_picture"),
                ("copy.jpg", b"q" * 32, "same_picture", "same_picture"),
            ]
            assert [one[4:] for one in rows_of(ledger, "match")][:2] == [
                ("same_picture", 12, "a" * 32, "one", 999, 1, "", None),
                ("near", 40, "b" * 32, "two", 10, 0, "", 50),
            ]
        withdraw(ledger)
        assert [rows_of(ledger, table) for table in ("file", "match")] == before
        assert rows_of(ledger, "set_aside") == []


def test_what_was_near_and_could_not_be_looked_at_stays_as_it_was(tmp_path: Path) -> None:
    with opened(tmp_path, FOUND_NEAR) as ledger:
        before = [rows_of(ledger, table) for table in ("file", "match")]
        deep = DeepLedger(ledger, "model")
        deep.settle(Batch(0, looks=(CloseLook(9, digest(0), "damaged picture"),)))
        deep.apply()
        assert [rows_of(ledger, table) for table in ("file", "match")] == before
        assert deep.counted() == Closely(0, {"damaged picture": 2, NOT_FOUND_AGAIN: 1})
