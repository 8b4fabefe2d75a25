"""What a database reports, as one sentence that says what to do."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, OperationalError

from luwte.desk.project.errors import (
    DatabaseAway,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseReadOnly,
    DatabaseRefused,
    RoleMayNot,
)
from luwte.desk.project.folder import kept_in
from luwte.desk.project.lost import aliases, file_of

ROOM = 1 << 20
"""Bytes: with less than this free, a disk counts as full."""


@contextmanager
def database_sentences() -> Iterator[None]:
    """Turn what the database reports into one sentence: busy, full, read-only, damaged or away.

    Only what is said of the server or the file is repeated: of a statement that was refused, the text may
    hold values of a row.
    """
    try:
        yield
    except (DatabaseError, sqlite3.Error) as error:
        text = str(error).lower()
        if "locked" in text or "lock timeout" in text:
            raise DatabaseBusy from error
        stopped = "i/o error" in text or "unable to open" in text
        if "full" in text or "no space left" in text or (stopped and _no_room()):
            raise DatabaseFull from error
        if "readonly" in text or "read-only" in text or (stopped and _only_read()):
            raise DatabaseReadOnly from error
        if "permission denied" in text:
            raise RoleMayNot(str(error).strip().splitlines()[0]) from error
        if "deadlock" in text:
            raise DatabaseBusy from error
        if "not a database" in text or "malformed" in text:
            raise DatabaseDamaged from error
        if not isinstance(error, OperationalError | sqlite3.OperationalError):
            raise DatabaseRefused(type(error).__name__) from error
        raise DatabaseAway(str(error).strip().splitlines()[0] if text.strip() else "no reason") from error


def _no_room() -> bool:
    """Whether the disk of the desk is full: SQLite calls that an I/O error where it cannot grow its index."""
    return shutil.disk_usage(kept_in()).free < ROOM


def _only_read() -> bool:
    """Whether the files of the desk are there, and nothing can be written beside them, as SQLite must."""
    folders = {path.parent for path in map(file_of, aliases()) if path is not None and path.exists()}
    return any(not os.access(folder, os.W_OK) for folder in folders)
