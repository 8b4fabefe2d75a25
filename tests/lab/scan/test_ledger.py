"""The ledger keeps what is done, takes back what is not, and is begun anew where nothing holds any more."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from luwte.base.errors import Failure
from luwte.lab.scan.ledger import NAME, Ledger
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.units import Batch, End, NamedMatch, Row, Trouble, Unit
from tests.support.ledgers import CARRIER, row

MARK = "0" * 16
SEEN = Seen("a.jpg", "live", 9, "picture", b"m" * 16, b"s" * 20, b"h" * 32, 4, 3, b"p" * 32, 80)
MATCH = NamedMatch("e" * 32, "one", "near", 12)


def rows(*roots: int) -> tuple[Row, ...]:
    return tuple(row(root, SEEN, [MATCH]) for root in roots)


def opened(folder: Path, key: str = "key", identity: str = "as it was") -> Ledger:
    ledger = Ledger(folder / NAME, key)
    ledger.begin(0, "/evidence/a.E01", CARRIER, identity)
    return ledger


def held(folder: Path, table: str = "file") -> list[int]:
    with closing(sqlite3.connect(folder / NAME)) as database:
        return [root for (root,) in database.execute(f"SELECT root FROM {table} ORDER BY root")]


def test_what_is_done_is_kept_and_the_rest_taken_back(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        ledger.lend(Unit(0), "here", 0.0)
        ledger.settle(Unit(0), Batch(2, rows(0, 1, 3), (Trouble(1, "x", 2), Trouble(3, "y", 1)), mark=MARK))
    with opened(tmp_path) as again:
        assert again.earlier == 3
        assert again.stand(0, verify=True).done == {0: (2, MARK)}
    assert (held(tmp_path), held(tmp_path, "match"), held(tmp_path, "problem")) == ([0, 1], [0, 1], [1])
    with closing(sqlite3.connect(tmp_path / NAME)) as database:
        assert database.execute("SELECT count(*) FROM lease").fetchone() == (0,)


def test_space_is_kept_once_it_was_searched_to_its_end(tmp_path: Path) -> None:
    walked = End(1, MARK, ended=True, whole=True, file_systems=("ext4",), problems=(("z", 3),))
    with opened(tmp_path) as ledger:
        ledger.settle(Unit(0), Batch(1, rows(0), mark=MARK, end=walked))
        ledger.settle(Unit(0, "space"), Batch(0, rows(1)))
    with opened(tmp_path) as again:
        assert held(tmp_path) == [0]
        again.settle(Unit(0, "space"), Batch(0, rows(1), end=walked))
    with opened(tmp_path) as again:
        stand = again.stand(0, verify=False)
    assert held(tmp_path) == [0, 1]
    assert (stand.roots, stand.space) == (1, True)
    assert stand.next(0, None) == Unit(0, "files", 1, None, MARK)
    assert held(tmp_path, "problem") == [-1]


def test_a_unit_that_is_lost_takes_with_it_what_is_not_done_of_it(tmp_path: Path) -> None:
    unit, other = Unit(0, first=0, last=8), Unit(0, first=8, last=16)
    with opened(tmp_path) as ledger:
        ledger.lend(unit, "node one", 1.0)
        ledger.settle(unit, Batch(3, rows(0, 1, 2, 5), (Trouble(5, "x", 1),), mark=MARK))
        ledger.settle(other, Batch(9, rows(8, 10), mark=MARK))
        ledger.lose(unit, why=None)
        assert (held(tmp_path), held(tmp_path, "problem")) == ([0, 1, 2, 8, 10], [])
        ledger.lose(Unit(0, first=3, last=8), why="nobody could read it")
        assert held(tmp_path, "problem") == [3]
        assert ledger.stand(0, verify=False).broke == 1


def test_marks_that_do_not_meet_are_seen(tmp_path: Path) -> None:
    first, second = Unit(0, first=0, last=2), Unit(0, first=2, last=4)
    with opened(tmp_path) as ledger:
        ledger.settle(first, Batch(2, rows(0, 1), first_mark=MARK, mark="a" * 16))
        ledger.settle(second, Batch(4, rows(2, 3), first_mark="a" * 16, mark="b" * 16))
        assert ledger.seen_differently() == []
        ledger.settle(Unit(0, first=4), Batch(5, rows(4), first_mark="c" * 16, mark=MARK))
        assert ledger.seen_differently() == [0]


@pytest.mark.parametrize(("key", "identity"), [("other", "as it was"), ("key", "other")])
def test_another_scan_and_another_carrier_begin_anew(tmp_path: Path, key: str, identity: str) -> None:
    with opened(tmp_path) as ledger:
        ledger.settle(Unit(0), Batch(1, rows(0), mark=MARK))
    with opened(tmp_path, key, identity) as again:
        assert again.stand(0, verify=False).done == {}
    assert held(tmp_path) == []


@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_a_damaged_one_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    with opened(tmp_path) as ledger:
        assert ledger.earlier == 0


def test_it_is_for_its_owner_alone_and_goes_whole(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ledger.settle(Unit(0), Batch(1, rows(0), mark=MARK))
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    ledger.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_batch_that_fails_leaves_nothing_and_says_so(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        bad = rows(1)[0]._replace(kind=None)  # type: ignore[arg-type]
        with pytest.raises(Failure, match="could not be written"):
            ledger.settle(Unit(0), Batch(2, (*rows(0), bad), mark=MARK))
        assert ledger.stand(0, verify=False).done == {}
    assert held(tmp_path) == []
