"""Acts in a log, and the way around what keeps its rows: what a thief of the database could do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction

from luwte.desk.audit.acts import Act
from luwte.desk.audit.log import Log
from tests.support.desk import NOON


def acts(log: Log, count: int) -> None:
    """Record so many acts, in one transaction."""
    with transaction.atomic(using=log.using):
        for number in range(count):
            log.record(Act.DECIDED, NOON, by="telling", about=f"{number:032x}")


@contextmanager
def without_triggers(using: str) -> Iterator[None]:
    """Let rows that stay be changed, as whoever owns the database can."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        kept = cursor.fetchall()
        for name, _ in kept:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in kept:
            cursor.execute(sql)
