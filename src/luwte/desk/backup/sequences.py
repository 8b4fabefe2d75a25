"""The last number that a database gave to a row of a table: that of a row that is gone is not given again.

The record names staff by the number of their account, so a number must never come to stand for another.
"""

from __future__ import annotations

from django.db import connections
from django.db.models import AutoField, Model


def last_number(model: type[Model], alias: str) -> int:
    """Return the last number given in the table of `model`; 0 for none, or where keys are no numbers."""
    column = _numbered(model)
    if column is None:
        return 0
    table, connection = model._meta.db_table, connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', column])
            cursor.execute(f"SELECT last_value, is_called FROM {_one(cursor.fetchone())}")  # noqa: S608 - quoted by the server
            found = cursor.fetchone()
            return int(found[0]) if found and found[1] else 0
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        return int(found[0]) if found else 0


def go_on_after(model: type[Model], alias: str, last: int) -> None:
    """Let the next row of a table have a number after `last`."""
    column = _numbered(model)
    if column is None or last < 1:
        return
    table, connection = model._meta.db_table, connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [f'"{table}"', column, last])
            return
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def _numbered(model: type[Model]) -> str | None:
    key = model._meta.pk
    return key.column if isinstance(key, AutoField) or key.get_internal_type().endswith("AutoField") else None


def _one(row: tuple[object, ...] | None) -> str:
    """The server names the sequence, quoted where it must be."""
    return str(row[0]) if row else ""
