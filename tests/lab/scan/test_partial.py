from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from luwte.lab.scan.partial import at_once, open_partial, remove_logs, remove_partial

TABLES = "CREATE TABLE number (value INTEGER NOT NULL) STRICT;"


def values(database: sqlite3.Connection) -> list[int]:
    return [value for (value,) in database.execute("SELECT value FROM number ORDER BY value")]


def filled(path: Path) -> None:
    with closing(open_partial(path, "mine", TABLES)) as database:
        database.execute("INSERT INTO number VALUES (7)")


def test_it_is_found_again_by_its_key_and_begun_anew_under_another(tmp_path: Path) -> None:
    path = tmp_path / "some.partial"
    filled(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with closing(open_partial(path, "mine", TABLES)) as database:
        assert values(database) == [7]
    with closing(open_partial(path, "another", TABLES)) as database:
        assert values(database) == []


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(4000)])
def test_what_is_damaged_is_begun_anew(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "some.partial"
    path.write_bytes(content)
    with closing(open_partial(path, "mine", TABLES)) as database:
        assert values(database) == []


def test_a_block_that_fails_writes_nothing(tmp_path: Path) -> None:
    with closing(open_partial(tmp_path / "some.partial", "mine", TABLES)) as database:
        with at_once(database):
            database.execute("INSERT INTO number VALUES (1)")
        with pytest.raises(ZeroDivisionError), at_once(database):
            database.execute("INSERT INTO number VALUES (2)")
            raise ZeroDivisionError
        assert values(database) == [1]


def test_logs_go_with_their_database_and_never_without(tmp_path: Path) -> None:
    path, log = tmp_path / "some.partial", tmp_path / "some.partial-wal"
    database = open_partial(path, "mine", TABLES)
    assert log.exists()
    remove_logs(path)
    assert log.exists()
    database.close()
    log.write_bytes(b"left")
    remove_partial(path)
    assert list(tmp_path.iterdir()) == []
    log.write_bytes(b"left")
    remove_logs(path)
    assert list(tmp_path.iterdir()) == []
