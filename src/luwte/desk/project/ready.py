"""Setting the desk up, checking that it stands, and saying in one sentence what its database lacks."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from luwte.base.files import make_folder
from luwte.base.locks import exclusive
from luwte.crypto.keyring import KeyRing, KeyRingMissing
from luwte.desk.project.errors import (
    DatabaseAway,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseLost,
    DeskIsNewer,
    DeskNotReady,
    KeysLost,
)
from luwte.desk.project.folder import desk_folder, make_secret_key
from luwte.exchange.home import Home

ALIASES = ("default", "vault")
ROOM = 1 << 20
"""Bytes: with less than this free, a disk counts as full."""


def start() -> None:
    """Load Django with the desk's settings. Raises `BadInput` for settings that cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luwte.desk.project.settings")
    django.setup()


def init() -> Path:
    """Make what is missing: folder, secret, tables, key ring; return the folder. Twice is fine."""
    folder = make_folder(Home.open().path / "desk")
    with exclusive(folder):
        make_secret_key(folder)
        start()
        _check_none_lost(folder)
        with database_sentences():
            _make_tables()
            _make_keys(folder)
    return folder


def require_ready() -> None:
    """Return when the desk stands as this program needs it.

    Raises `DeskNotReady`, `DeskIsNewer` or `DatabaseLost`.
    """
    from luwte.desk.vault.sealing import key_ring

    folder = desk_folder()
    _check_none_lost(folder)
    if not folder.is_dir() or not all(_file_is_there(alias) for alias in ALIASES):
        raise DeskNotReady(str(folder))
    for alias in ALIASES:
        executor = MigrationExecutor(connections[alias])
        _check_not_emptied(alias, executor, folder)
        if _newer(executor):
            raise DeskIsNewer(str(desk_folder()))
        if _unapplied(executor):
            raise DeskNotReady(str(desk_folder()))
    key_ring()


@contextmanager
def database_sentences() -> Iterator[None]:
    """Turn what the database reports into one sentence: busy, full, damaged or away."""
    try:
        yield
    except (DatabaseError, sqlite3.Error) as error:
        text = str(error).lower()
        if "locked" in text or "lock timeout" in text:
            raise DatabaseBusy from error
        if "full" in text or "no space left" in text or ("i/o error" in text and _no_room()):
            raise DatabaseFull from error
        if "not a database" in text or "malformed" in text:
            raise DatabaseDamaged from error
        raise DatabaseAway(str(error).strip().splitlines()[0] if text.strip() else "no reason") from error


def _no_room() -> bool:
    """Whether the disk of the desk is full: SQLite calls that an I/O error where it cannot grow its index."""
    return shutil.disk_usage(desk_folder()).free < ROOM


def _make_tables() -> None:
    """SQLite files are made before Django does, so that they are readable by their owner alone."""
    for alias in ALIASES:
        path = _file(alias)
        if path is not None:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        executor = MigrationExecutor(connections[alias])
        _check_not_emptied(alias, executor, desk_folder())
        if _newer(executor):
            raise DeskIsNewer(str(desk_folder()))
        call_command("migrate", database=alias, verbosity=0, interactive=False)


def _check_none_lost(folder: Path) -> None:
    """Raise `DatabaseLost` for a database that was there: the key ring is made last, when both stand."""
    from luwte.desk.vault.sealing import KEYS_FILE

    if not (folder / KEYS_FILE).exists():
        return
    for path in filter(None, map(_file, ALIASES)):
        if not path.exists() or (path.is_file() and path.stat().st_size == 0):
            raise DatabaseLost(str(path))


def _check_not_emptied(alias: str, executor: MigrationExecutor, folder: Path) -> None:
    """Raise `DatabaseLost` for a database that answers and has none of its tables: a server has no file."""
    from luwte.desk.vault.sealing import KEYS_FILE

    if (folder / KEYS_FILE).exists() and not executor.loader.applied_migrations:
        raise DatabaseLost(str(settings.DATABASES[alias]["NAME"]))


def _make_keys(folder: Path) -> None:
    from luwte.desk.vault.models import PersonKey
    from luwte.desk.vault.sealing import KEYS_FILE, key_ring

    try:
        key_ring()
    except KeyRingMissing:
        if PersonKey.objects.exists():
            raise KeysLost(str(folder / KEYS_FILE)) from None
        KeyRing.generate().write(folder / KEYS_FILE)
        key_ring()


def _file(alias: str) -> Path | None:
    """Return the SQLite file of a database, None for a server."""
    database = settings.DATABASES[alias]
    return Path(str(database["NAME"])) if database["ENGINE"].endswith("sqlite3") else None


def _file_is_there(alias: str) -> bool:
    path = _file(alias)
    return path is None or path.is_file()


def _newer(executor: MigrationExecutor) -> bool:
    """Whether a migration of ours was applied that this program does not know."""
    ours = {app for app, _ in executor.loader.disk_migrations}
    return any(
        app in ours and (app, name) not in executor.loader.disk_migrations
        for app, name in executor.loader.applied_migrations
    )


def _unapplied(executor: MigrationExecutor) -> bool:
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
