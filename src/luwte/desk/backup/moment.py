"""One moment of both databases, while others go on writing to them.

The vault is looked at first and the register a moment later, and nobody commits to the vault in between: on
SQLite its write lock is held for that moment; on PostgreSQL, where no right is needed for it, the vault says
afterwards that nothing was committed, or both are looked at anew.

Whatever touches both writes in an order in which stopping between the two harms nobody: news of a person is
taken off the vault only when the register has it, an opening under break-glass is told to the person before
it is recorded as opened. So if a PostgreSQL never is quiet, a vault that is some milliseconds older is the
safe side: nothing that the register waits for is missing from it but people who came in meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from django.db import connections

from luwte.desk.audit.still import still
from luwte.desk.project.databases import BUSY_SECONDS

REGISTER, VAULT = "default", "vault"
TRIES = 50
_SNAPSHOT = "SELECT pg_current_snapshot()::text"


@contextmanager
def one_moment() -> Iterator[None]:
    """Let all that the block reads of both databases be of one moment. Writers wait for milliseconds."""
    with ExitStack() as held:
        if connections[VAULT].vendor == "postgresql":
            _on_servers(held)
        else:
            _in_files(held)
        yield


def _in_files(held: ExitStack) -> None:
    path = str(connections[VAULT].settings_dict["NAME"])
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as lock:
        lock.execute("BEGIN IMMEDIATE")
        for alias in (VAULT, REGISTER):
            held.enter_context(still(alias))
            _ask(alias, "SELECT count(*) FROM sqlite_master")
        lock.execute("ROLLBACK")


def _on_servers(held: ExitStack) -> None:
    beside = connections[VAULT].copy()
    held.callback(beside.close)
    for last in range(TRIES - 1, -1, -1):
        with ExitStack() as opened:
            opened.enter_context(still(VAULT))
            before = _ask(VAULT, _SNAPSHOT)
            opened.enter_context(still(REGISTER))
            _ask(REGISTER, "SELECT 1")
            with beside.cursor() as cursor:
                cursor.execute(_SNAPSHOT)
                after = cursor.fetchone()
            if before == after or not last:
                held.push(opened.pop_all())
                return


def _ask(alias: str, question: str) -> object:
    with connections[alias].cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()
