"""SQLite databases that a scan keeps while it runs, readable by their owner alone, and leaves when cut off.

Each says by a key what it belongs to: one with another key, or a damaged one, is begun anew.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from luwte.base.faults import fault_point

_LOGS = ("-wal", "-shm")
_ABOUT = "CREATE TABLE about (key TEXT NOT NULL) STRICT;"


def open_partial(path: Path, key: str, tables: str, *, threads: bool = False) -> sqlite3.Connection:
    """Return the database at `path`, as it is if it is whole and its key is `key`, else begun with `tables`.

    With `threads` any thread may use it. Raises `sqlite3.Error` or `OSError` when it cannot be made.
    """
    return _kept(path, key, threads=threads) or _begun(path, key, tables, threads=threads)


def remove_partial(path: Path) -> None:
    """Remove the database at `path`, which nobody has open, and its logs; it may be missing."""
    for name in ("", *_LOGS):
        with suppress(FileNotFoundError):
            path.with_name(path.name + name).unlink()
            fault_point("scan.remove")


def remove_logs(path: Path) -> None:
    """Remove the logs of the database at `path` if it is gone: without it they say nothing."""
    if not path.exists():
        remove_partial(path)


@contextmanager
def at_once(database: sqlite3.Connection) -> Iterator[None]:
    """Write to `database` all that the block writes, or nothing of it."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            database.execute("ROLLBACK")
        raise


def _kept(path: Path, key: str, *, threads: bool) -> sqlite3.Connection | None:
    if not path.exists():
        return None
    database = _connected(path, threads=threads)
    try:
        (sound,) = database.execute("PRAGMA quick_check(1)").fetchone()
        if sound == "ok" and database.execute("SELECT key FROM about").fetchall() == [(key,)]:
            return database
    except sqlite3.DatabaseError:
        pass
    database.close()
    return None


def _begun(path: Path, key: str, tables: str, *, threads: bool) -> sqlite3.Connection:
    remove_partial(path)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    database = _connected(path, threads=threads)
    try:
        database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _ABOUT + tables)
        database.execute("INSERT INTO about VALUES (?)", (key,))
    except sqlite3.Error:
        database.close()
        remove_partial(path)
        raise
    return database


def _connected(path: Path, *, threads: bool) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=not threads)
