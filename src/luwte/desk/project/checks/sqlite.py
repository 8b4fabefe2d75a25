"""The embedded database: that a commit is on disk when it is said to be, and that rows keep together."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage
from django.db import connections

from luwte.desk.audit.append_only import guards
from luwte.desk.project.checks import Check, databases, finding

WANTED = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}


def commits_are_on_disk() -> Iterator[CheckMessage]:
    """See `luwte.desk.project.databases`, which sets this for each connection."""
    for alias in _here():
        with connections[alias].cursor() as cursor:
            for pragma, wanted in WANTED.items():
                found = str(cursor.execute(f"PRAGMA {pragma}").fetchone()[0])
                if found != wanted:
                    yield finding(
                        "sqlite.durable",
                        f"{settings.DATABASES[alias]['NAME']} has {pragma} {found}, not {wanted}.",
                        "Move it to a local disk that can hold a write-ahead log.",
                    )


def records_are_guarded() -> Iterator[CheckMessage]:
    """Each trigger that keeps the rows of a record is there."""
    for alias in _here():
        with connections[alias].cursor() as cursor:
            rows = cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        if missing := guards(alias, "sqlite") - {name for (name,) in rows}:
            yield unguarded(str(settings.DATABASES[alias]["NAME"]), missing)


def unguarded(where: str, missing: set[str]) -> CheckMessage:
    """Return what is to be said of triggers that are missing or switched off."""
    some = ", ".join(sorted(missing)[:3])
    return finding(
        "database.triggers",
        f"{len(missing)} triggers that keep records as they are are missing in {where}: {some}.",
        "Somebody took them out: verify the record with `luwte audit verify` and see docs/runbook.md.",
    )


def _here() -> list[str]:
    return [alias for alias in databases() if connections[alias].vendor == "sqlite"]


CHECKS: tuple[Check, ...] = (commits_are_on_disk, records_are_guarded)
