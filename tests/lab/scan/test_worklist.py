from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from luwte.base.errors import BadInput
from luwte.exchange.rows import WorklistRow
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.units import NamedMatch
from luwte.lab.scan.worklist import read_rows
from tests.support.ledgers import row, worklist

MATCHED = Seen(
    "a.jpg", "live", 9, "picture", b"m" * 16, b"s" * 20, b"h" * 32, 4, 3, b"p" * 32, 80, b"v" * 256
)
OTHER = Seen(
    "b.jpg",
    "deleted",
    8,
    "picture",
    b"n" * 16,
    b"t" * 20,
    b"i" * 32,
    4,
    3,
    b"q" * 32,
    80,
    b"w" * 256,
)
BROKEN = Seen("c.jpg", "live", 7, error="bad sector")
MATCHES = (NamedMatch("e" * 32, "one", "identical", None), NamedMatch("f" * 32, "two", "near", 12))


ROWS = (row(0, MATCHED, MATCHES), row(1, OTHER), row(2, BROKEN))


def written(folder: Path) -> Path:
    return worklist(folder, ROWS, {"tool": "luwte"})


def test_rows_come_back_one_a_file_and_one_more_for_each_further_series(tmp_path: Path) -> None:
    digests = (("6d" * 16, "73" * 20, "68" * 32), ("6e" * 16, "74" * 20, "69" * 32))
    expected = [
        WorklistRow(
            "a.jpg",
            "live",
            9,
            *digests[0],
            "picture",
            "70" * 32,
            "identical",
            None,
            "e" * 32,
            "one",
            None,
            "identical",
            "/evidence/a.E01",
            pdq_quality=80,
        ),
        WorklistRow(
            "a.jpg",
            "live",
            9,
            *digests[0],
            "picture",
            "70" * 32,
            "near",
            12,
            "f" * 32,
            "two",
            None,
            "identical",
            "/evidence/a.E01",
            pdq_quality=80,
        ),
        WorklistRow(
            "b.jpg",
            "deleted",
            8,
            *digests[1],
            "picture",
            None,
            "unknown",
            None,
            None,
            None,
            None,
            "unknown_imagery",
            "/evidence/a.E01",
        ),
        WorklistRow(
            "c.jpg",
            "live",
            7,
            None,
            None,
            None,
            "other",
            None,
            "unknown",
            None,
            None,
            None,
            "bad sector",
            "unreadable",
            "/evidence/a.E01",
        ),
    ]
    assert list(read_rows(written(tmp_path))) == expected
    assert list(read_rows(tmp_path)) == expected


def test_no_perceptual_code_of_an_unmatched_file_is_in_it(tmp_path: Path) -> None:
    content = written(tmp_path).read_bytes()
    assert b"p" * 32 in content
    assert b"n" * 16 in content
    assert b"q" * 32 not in content
    assert b"w" * 32 not in content


def test_it_is_one_file_for_its_owner_alone(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["worklist.sqlite"]


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE t (a)")


def newer(path: Path) -> None:
    written(path.parent)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version=99")


def older(path: Path, schema: int) -> None:
    """Write a worklist as Luwte wrote it before there were clusters."""
    written(path.parent)
    with closing(sqlite3.connect(path)) as database:
        database.execute("ALTER TABLE match DROP COLUMN cluster")
        database.execute("ALTER TABLE match DROP COLUMN likelihood")
        database.execute(f"PRAGMA user_version={schema}")


def test_an_older_worklist_is_read_without_clusters(tmp_path: Path) -> None:
    expected = list(read_rows(written(tmp_path)))
    older(tmp_path / "worklist.sqlite", 1)
    assert list(read_rows(tmp_path)) == expected


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: None, "There is no worklist"),
        (lambda path: path.write_bytes(b"no database" * 100), "not a readable worklist"),
        (foreign, "is not a worklist"),
        (newer, "newer Luwte"),
        (lambda path: older(path, 0), "no schema of a worklist"),
    ],
)
def test_anything_else_is_refused_in_one_sentence(tmp_path: Path, make: object, told: str) -> None:
    make(tmp_path / "worklist.sqlite")  # type: ignore[operator]
    with pytest.raises(BadInput, match=told):
        list(read_rows(tmp_path / "worklist.sqlite"))


def test_the_bytes_do_not_depend_on_the_order_in_which_files_are_finished(tmp_path: Path) -> None:
    content = written(tmp_path).read_bytes()
    other = tmp_path / "other"
    other.mkdir()
    assert worklist(other, ROWS[::-1], {"tool": "luwte"}).read_bytes() == content
    assert [file.name for file in other.iterdir()] == ["worklist.sqlite"]
