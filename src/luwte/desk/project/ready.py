"""Setting the desk up, checking that it stands, and saying in one sentence what its database lacks."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from luwte.base.clock import SystemClock
from luwte.base.files import make_folder, write_bytes
from luwte.base.locks import exclusive
from luwte.crypto.keyring import KeyRing, KeyRingMissing
from luwte.crypto.pseudonyms import pseudonym
from luwte.desk.project.databases import ACCOUNTS
from luwte.desk.project.errors import (
    DatabaseAway,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseLost,
    DatabaseReadOnly,
    DatabaseRefused,
    DeskIsNewer,
    DeskNotReady,
    KeysLost,
    OtherKeys,
    OtherWorld,
    RestoreUnfinished,
    RoleMayNot,
)
from luwte.desk.project.folder import casework_folder, desk_folder, kept_in, make_secret_key
from luwte.desk.project.worlds import World, world
from luwte.desk.vault.place import KEYS_FILE, vault_folder
from luwte.exchange.home import Home

if TYPE_CHECKING:
    from luwte.desk.audit.tables import RestorationRow

_LOCK = 0x6C77696E  # any number, as long as nothing else in the database uses it
ROOM = 1 << 20
"""Bytes: with less than this free, a disk counts as full."""
MARK_FILE = "set-up"
"""In the folder of the desk: says that the databases stood once, wherever its keys and its databases are."""


def start() -> None:
    """Load Django with the desk's settings. Raises `BadInput` for settings that cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luwte.desk.project.settings")
    django.setup()


def init() -> Path:
    """Make what is missing: folder, secret, tables, key ring; return the folder. Twice is fine."""
    with setting_up() as folder:
        _check_none_lost(_aliases())
        loaded = _check_loaded()
        _make_tables(_aliases())
        if loaded:
            raise RestoreUnfinished(str(folder))
        _make_keys()
        mark_set_up(folder)
    return folder


def init_casework() -> Path:
    """Make what the pages of casework lack: folder, secret, tables of accounts; return the folder.

    The register is telling's to set up. Twice is fine.
    """
    folder = make_folder(Home.open().path / "casework")
    with exclusive(folder):
        make_secret_key(folder)
        start()
        with database_sentences(), _alone(ACCOUNTS):
            _check_none_lost([ACCOUNTS])
            _make_tables([ACCOUNTS])
            mark_set_up(folder)
    return folder


@contextmanager
def setting_up() -> Iterator[Path]:
    """Let this process alone set up the desk, with its folder and secret there; give the folder."""
    if (here := world()) != World.TELLING:
        raise OtherWorld(here, [World.TELLING])
    folder = make_folder(Home.open().path / "desk")
    with exclusive(folder):
        make_secret_key(folder)
        start()
        make_folder(vault_folder())
        with database_sentences(), ExitStack() as held:
            for alias in _aliases():
                held.enter_context(_alone(alias))
            yield folder


def mark_set_up(folder: Path) -> None:
    """Keep that the desk in `folder` stands: a database that is gone from now on is lost, never made anew."""
    if not (file := folder / MARK_FILE).exists():
        write_bytes(file, b"")


def pages_stand() -> bool:
    """Whether the pages of casework, and their accounts, were set up in this home."""
    return _was_set_up(ACCOUNTS)


def require(*worlds: World) -> None:
    """Return when this process works in one of `worlds`. Raises `OtherWorld`."""
    if settings.WORLD not in worlds:
        raise OtherWorld(settings.WORLD, worlds)


def require_ready(*, keys: bool = True, pages: bool = False) -> None:
    """Return when the desk stands as this program needs it, in the world of this process; with its `keys`.

    `pages`: with the accounts of its pages too, wherever they stand.
    Raises `DeskNotReady`, `DeskIsNewer`, `DatabaseLost`, `RestoreUnfinished` or `OtherKeys`.
    """
    folder = desk_folder()
    aliases = settings.WORLD.with_pages if pages else _aliases()
    _check_none_lost(aliases)
    if not _folder_is_there(folder) or not all(map(_file_is_there, _aliases())):
        raise DeskNotReady(str(folder))
    if not all(map(_file_is_there, aliases)):
        raise DeskNotReady(str(casework_folder()))
    for alias in aliases:
        executor = MigrationExecutor(connections[alias])
        _check_not_emptied(alias, executor)
        if _newer(executor):
            raise DeskIsNewer(str(desk_folder()))
        if _unapplied(executor):
            raise DeskNotReady(str(desk_folder()))
        if alias != ACCOUNTS and restoration(alias).objects.filter(finished=None).exists():
            raise RestoreUnfinished(str(desk_folder()))
    if keys and settings.WORLD != World.CASEWORK:
        _check_keys()


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
    folders = {path.parent for path in map(_file, _aliases()) if path is not None and path.exists()}
    return any(not os.access(folder, os.W_OK) for folder in folders)


def restoration(alias: str) -> type[RestorationRow]:
    """Return the table in the database `alias` that says which backups were put back."""
    if alias == "vault":
        from luwte.desk.vault.models import Restoration as OfVault

        return OfVault
    from luwte.desk.audit.models import Restoration

    return Restoration


def make_file(alias: str) -> None:
    """Make the SQLite file of a database before Django does, so that its owner alone can read it."""
    path = _file(alias)
    if path is not None:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _check_loaded() -> bool:
    """Return whether a restore put its rows here and must still be finished.

    Raises `RestoreUnfinished` when the rows are not there yet: only the restore itself may go on then.
    """
    found = False
    for alias in filter(_file_is_there, _aliases()):
        rows = restoration(alias)
        if rows._meta.db_table in connections[alias].introspection.table_names():
            if rows.objects.filter(loaded=None).exists():
                raise RestoreUnfinished(str(desk_folder()))
            found |= rows.objects.filter(finished=None).exists()
    return found


def _make_tables(aliases: Iterable[str]) -> None:
    for alias in aliases:
        make_file(alias)
        executor = MigrationExecutor(connections[alias])
        _check_not_emptied(alias, executor)
        if _newer(executor):
            raise DeskIsNewer(str(desk_folder()))
        call_command("migrate", database=alias, verbosity=0, interactive=False)


def _check_none_lost(aliases: Iterable[str]) -> None:
    """Raise `DatabaseLost` for a database that was there."""
    for path in filter(None, map(_file, filter(_was_set_up, aliases))):
        if not path.exists() or (path.is_file() and path.stat().st_size == 0):
            raise DatabaseLost(str(path))


def _check_not_emptied(alias: str, executor: MigrationExecutor) -> None:
    """Raise `DatabaseLost` for a database that answers and has none of its tables: a server has no file."""
    if _was_set_up(alias) and not executor.loader.applied_migrations:
        raise DatabaseLost(str(settings.DATABASES[alias]["NAME"]))


def _was_set_up(alias: str) -> bool:
    """Whether `init` or a restore ended once for a database, as far as the world of this process may know.

    A desk of an earlier version has no mark; its ring, where `init` puts one, was made when both stood.
    """
    if alias == ACCOUNTS:
        return (casework_folder() / MARK_FILE).exists()
    marks = (desk_folder() / MARK_FILE, vault_folder() / KEYS_FILE)
    return settings.WORLD != World.CASEWORK and any(mark.exists() for mark in marks)


def _make_keys() -> None:
    """Make the key ring once for all who use this vault: a second one would know nobody of the first."""
    from luwte.desk.vault import erased
    from luwte.desk.vault.models import PersonKey, Ring
    from luwte.desk.vault.ring import key_ring, ring_file

    path = ring_file() or vault_folder() / KEYS_FILE
    try:
        ring = key_ring()
    except KeyRingMissing:
        if PersonKey.objects.exists() or Ring.objects.exists():
            raise KeysLost(str(path)) from None
        KeyRing.generate().write(path)
        ring = key_ring()
    mark = _mark(ring)
    kept, new = Ring.objects.get_or_create(pk=1, defaults={"mark": mark})
    if kept.mark != mark:
        raise OtherKeys(str(path))
    if new:
        erased.begin_list()
    _complete_keys()


def _check_keys() -> None:
    """Raise `OtherKeys` for a ring that the vault was not set up with: that of another desk."""
    from luwte.desk.vault.models import Ring
    from luwte.desk.vault.ring import key_ring, ring_file

    ring = key_ring()
    if Ring.objects.exclude(mark=_mark(ring)).exists():
        raise OtherKeys(str(ring_file() or "in the environment"))


def _mark(ring: KeyRing) -> str:
    return pseudonym(ring.link, "vault", purpose="ring")


def _complete_keys() -> None:
    """Bring ring and people of an earlier version up to date: a key with a tree, and digests for look-ups.

    A rotation that was cut off is finished too.
    """
    from luwte.desk.vault import rotation
    from luwte.desk.vault.ring import key_ring, ring_file

    ring = key_ring()
    if ring_file() is not None and (not ring.complete or rotation.waiting(ring)):
        rotation.rotate(SystemClock().now())


def _aliases() -> tuple[str, ...]:
    here: World = settings.WORLD
    return here.aliases


@contextmanager
def _alone(alias: str) -> Iterator[None]:
    """Let no other process make tables meanwhile; on SQLite the lock on the folder does that."""
    connection = connections[alias]
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _folder_is_there(folder: Path) -> bool:
    """Whether the secret and the keys can be there: a process of casework needs neither."""
    return settings.WORLD == World.CASEWORK or folder.is_dir()


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
