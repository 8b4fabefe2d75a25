"""Reading a database as it is at one moment, while others go on writing to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction


@contextmanager
def still(using: str) -> Iterator[None]:
    """Let all that the block reads be of one moment. Nobody waits. Inside a transaction nothing changes."""
    connection = connections[using]
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(using=using):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")  # `atomic` would take the lock of whoever writes
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
