"""Locks by which those who work on one thing come one after the other, on PostgreSQL; see `alone`."""

from __future__ import annotations

from enum import IntEnum

from django.db import connections


class Lock(IntEnum):
    """What is worked on; each number stands for one thing in a database."""

    PLACES = 0x6C757774
    STAKES = 0x6C757775
    RETENTION = 0x6C757776
    WORDS = 0x6C757777
    ADMINISTRATORS = 0x6C757778
    NOTICES = 0x6C757779
    CASES = 0x6C75777A


def alone(using: str, lock: Lock) -> None:
    """Let nobody else have `lock` until the transaction of the caller ends. Only inside one.

    On SQLite whoever writes is alone from the start of the transaction.
    """
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(lock)])
