"""What whoever owns a database can do to a desk from outside, past what keeps rows as they are."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

from luwte.desk.project.databases import ENVIRONMENT, FILES


def as_owner(home: Path, *statements: str, alias: str = "default") -> None:
    """Run statements in a database of the desk in `home`, or of this test's own on PostgreSQL."""
    if address := os.environ.get(ENVIRONMENT[alias]):
        with psycopg.connect(address) as server:
            server.execute("SET session_replication_role = replica")
            for statement in statements:
                server.execute(statement.encode())
        return
    with closing(sqlite3.connect(home / "desk" / FILES[alias])) as file, file:
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            file.execute(statement)
