"""Setting the desk up, and checking that it stands."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from luwte.base.clock import SystemClock
from luwte.base.files import make_folder
from luwte.base.locks import exclusive
from luwte.crypto.keyring import KeyRing, KeyRingMissing
from luwte.crypto.pseudonyms import pseudonym
from luwte.desk.project.databases import ACCOUNTS
from luwte.desk.project.errors import (
    DeskIsNewer,
    DeskNotReady,
    KeysLost,
    OtherKeys,
    OtherWorld,
    RestoreUnfinished,
)
from luwte.desk.project.folder import casework_folder, desk_folder, make_secret_key
from luwte.desk.project.lost import (
    aliases,
    check_none_lost,
    check_not_emptied,
    file_is_there,
    file_of,
    mark_set_up,
    was_set_up,
)
from luwte.desk.project.sentences import database_sentences
from luwte.desk.project.worlds import World, world
from luwte.desk.vault.place import KEYS_FILE, vault_folder
from luwte.exchange.home import Home

if TYPE_CHECKING:
    from luwte.desk.audit.tables import RestorationRow

_LOCK = 0x6C77696E  # any number, as long as nothing else in the database uses it


def start() -> None:
    """Load Django with the desk's settings. Raises `BadInput` for settings that cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luwte.desk.project.settings")
    django.setup()


def init() -> Path:
    """Make what is missing: folder, secret, tables, key ring; return the folder. Twice is fine."""
    with setting_up() as folder:
        check_none_lost(aliases())
        loaded = _check_loaded()
        _make_tables(aliases())
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
            check_none_lost([ACCOUNTS])
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
            for alias in aliases():
                held.enter_context(_alone(alias))
            yield folder


def pages_stand() -> bool:
    """Whether the pages of casework, and their accounts, were set up in this home."""
    return was_set_up(ACCOUNTS)


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
    needed = settings.WORLD.with_pages if pages else aliases()
    check_none_lost(needed)
    if not _folder_is_there(folder) or not all(map(file_is_there, aliases())):
        raise DeskNotReady(str(folder))
    if not all(map(file_is_there, needed)):
        raise DeskNotReady(str(casework_folder()))
    for alias in needed:
        executor = MigrationExecutor(connections[alias])
        check_not_emptied(alias, executor)
        if _newer(executor):
            raise DeskIsNewer(str(desk_folder()))
        if _unapplied(executor):
            raise DeskNotReady(str(desk_folder()))
        if alias != ACCOUNTS and restoration(alias).objects.filter(finished=None).exists():
            raise RestoreUnfinished(str(desk_folder()))
    if keys and settings.WORLD != World.CASEWORK:
        _check_keys()


def restoration(alias: str) -> type[RestorationRow]:
    """Return the table in the database `alias` that says which backups were put back."""
    if alias == "vault":
        from luwte.desk.vault.models import Restoration as OfVault

        return OfVault
    from luwte.desk.audit.models import Restoration

    return Restoration


def make_file(alias: str) -> None:
    """Make the SQLite file of a database before Django does, so that its owner alone can read it."""
    path = file_of(alias)
    if path is not None:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _check_loaded() -> bool:
    """Return whether a restore put its rows here and must still be finished.

    Raises `RestoreUnfinished` when the rows are not there yet: only the restore itself may go on then.
    """
    found = False
    for alias in filter(file_is_there, aliases()):
        rows = restoration(alias)
        if rows._meta.db_table in connections[alias].introspection.table_names():
            if rows.objects.filter(loaded=None).exists():
                raise RestoreUnfinished(str(desk_folder()))
            found |= rows.objects.filter(finished=None).exists()
    return found


def _make_tables(needed: Iterable[str]) -> None:
    for alias in needed:
        make_file(alias)
        executor = MigrationExecutor(connections[alias])
        check_not_emptied(alias, executor)
        if _newer(executor):
            raise DeskIsNewer(str(desk_folder()))
        call_command("migrate", database=alias, verbosity=0, interactive=False)


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


def _newer(executor: MigrationExecutor) -> bool:
    """Whether a migration of ours was applied that this program does not know."""
    ours = {app for app, _ in executor.loader.disk_migrations}
    return any(
        app in ours and (app, name) not in executor.loader.disk_migrations
        for app, name in executor.loader.applied_migrations
    )


def _unapplied(executor: MigrationExecutor) -> bool:
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
