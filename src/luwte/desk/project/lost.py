"""Which databases a process works with, where their files are, and whether one that stood once is lost."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db.migrations.executor import MigrationExecutor

from luwte.base.files import write_bytes
from luwte.desk.project.databases import ACCOUNTS
from luwte.desk.project.errors import DatabaseLost
from luwte.desk.project.folder import casework_folder, desk_folder
from luwte.desk.project.worlds import World
from luwte.desk.vault.place import KEYS_FILE, vault_folder

MARK_FILE = "set-up"
"""In the folder of the desk: says that the databases stood once, wherever its keys and its databases are."""


def aliases() -> tuple[str, ...]:
    """Return the databases of the world of this process."""
    here: World = settings.WORLD
    return here.aliases


def file_of(alias: str) -> Path | None:
    """Return the SQLite file of a database, None for a server."""
    database = settings.DATABASES[alias]
    return Path(str(database["NAME"])) if database["ENGINE"].endswith("sqlite3") else None


def file_is_there(alias: str) -> bool:
    """Return whether a database can be there: of a server that is not seen from here."""
    path = file_of(alias)
    return path is None or path.is_file()


def mark_set_up(folder: Path) -> None:
    """Keep that the desk in `folder` stands: a database that is gone from now on is lost, never made anew."""
    if not (file := folder / MARK_FILE).exists():
        write_bytes(file, b"")


def check_none_lost(known: Iterable[str]) -> None:
    """Raise `DatabaseLost` for one of the databases `known` that was there."""
    for path in filter(None, map(file_of, filter(was_set_up, known))):
        if not path.exists() or (path.is_file() and path.stat().st_size == 0):
            raise DatabaseLost(str(path))


def check_not_emptied(alias: str, executor: MigrationExecutor) -> None:
    """Raise `DatabaseLost` for a database that answers and has none of its tables: a server has no file."""
    if was_set_up(alias) and not executor.loader.applied_migrations:
        raise DatabaseLost(str(settings.DATABASES[alias]["NAME"]))


def was_set_up(alias: str) -> bool:
    """Whether `init` or a restore ended once for a database, as far as the world of this process may know.

    A desk of an earlier version has no mark; its ring, where `init` puts one, was made when both stood.
    """
    if alias == ACCOUNTS:
        return (casework_folder() / MARK_FILE).exists()
    marks = (desk_folder() / MARK_FILE, vault_folder() / KEYS_FILE)
    return settings.WORLD != World.CASEWORK and any(mark.exists() for mark in marks)
