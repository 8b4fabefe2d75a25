"""Putting a backup back: checked as a whole first, then row by row, and usable only when all of it is right.

A row in each database says that a restore was begun; until it says finished no command runs there. All rows
of a database come with one commit, after they were read again, the record was checked, and everyone whom the
key ring or the list of the erased names was erased again. So nobody ever reads what must not come back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple

from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import QuerySet

from luwte.base.faults import fault_point
from luwte.desk.accounts.models import Account, Request
from luwte.desk.audit.acts import Act
from luwte.desk.audit.checking import verify
from luwte.desk.audit.checkpoints import signer
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.log import Log
from luwte.desk.audit.tables import RestorationRow
from luwte.desk.backup.checking import (
    Lost,
    check,
    check_erased,
    check_ring,
    check_secret,
    given_checkpoints,
    opened,
    own_home,
)
from luwte.desk.backup.document import read_lines
from luwte.desk.backup.errors import AnotherRestore, DeskStands, NotABackup, RecordDiffers
from luwte.desk.backup.keys import Keys
from luwte.desk.backup.loading import Loader, check_rows
from luwte.desk.backup.manifest import Manifest
from luwte.desk.backup.moment import REGISTER, VAULT
from luwte.desk.project import ready
from luwte.desk.project.lost import mark_set_up
from luwte.desk.vault import erased, sealing
from luwte.desk.vault.log import COMMAND
from luwte.desk.vault.log import VAULT as VAULT_LOG
from luwte.desk.vault.models import PersonKey
from luwte.exchange.home import Home

RESTORE_POINTS = (
    "restore.tables",
    "restore.begun",
    "restore.loaded",
    "restore.checked",
    "restore.half",
    "restore.trusted",
    "restore.done",
)
_LOGS: dict[str, tuple[Log, Act]] = {
    VAULT: (VAULT_LOG, Act.VAULT_RESTORED),
    REGISTER: (DESK, Act.RESTORED),
}


class Looked(NamedTuple):
    """What a look at a backup shows: what it says of itself, what is `lost` by checkpoints, the `keys` of
    other houses in it, and how many people the list of the erased names (`listed`)."""

    manifest: Manifest
    lost: Sequence[Lost]
    keys: Keys
    listed: int


@dataclass(frozen=True, slots=True)
class Restored:
    """A restore: what was `seen` of the backup before, and how many people were `erased` again.

    `older`: its tables are of an earlier Luwte; `luwte desk init` brings them up to date, and then the same
    restore finishes. Until that nobody uses the desk.
    """

    seen: Looked
    erased: int
    older: bool


def look(path: Path, secret_keys: Sequence[str], checkpoints: Sequence[Path]) -> Looked:
    """Return what the backup at `path` says of itself, after all checks that touch nothing. See `restore`."""
    home = own_home()
    check_secret()
    listed = check_erased()
    with opened(path) as file:
        manifest, keys = check(path, file, secret_keys, home)
    check_ring(manifest)
    return Looked(manifest, given_checkpoints(checkpoints, manifest, home)[1], keys, listed)


def restore(path: Path, secret_keys: Sequence[str], checkpoints: Sequence[Path], now: datetime) -> Restored:
    """Put the backup at `path` into two empty databases. Cut off, the same again goes on with it.

    `checkpoints` are files that were kept elsewhere. Raises `BadInput` before anything is touched: for a
    backup that is not this house's or was changed, for a ring that is missing or another, for a desk that
    stands. Raises `RecordDiffers` or `RowsDiffer`, and then nothing came in.
    """
    home = own_home()
    check_secret()
    listed = check_erased()
    with opened(path) as file:
        manifest, keys = check(path, file, secret_keys, home)
        check_ring(manifest)
        known, lost = given_checkpoints(checkpoints, manifest, home)
        with ready.setting_up() as folder:
            _begin(manifest, str(folder), now)
            older = any(_older(alias) for alias in _LOGS)
            work = _Work(path, file, secret_keys, manifest, keys, home, known, now)
            again = work.do(finish=not older)
            fault_point("restore.done")
            if not older:
                mark_set_up(folder)
                erased.reach(now)
    return Restored(Looked(manifest, lost, keys, listed), again, older)


def _begin(manifest: Manifest, where: str, now: datetime) -> None:
    """Make the tables as the backup had them, and mark both databases as being restored.

    Raises `DeskStands` or `AnotherRestore`.
    """
    fresh = [alias for alias in _LOGS if _is_fresh(alias, manifest, where)]
    if not fresh and not any(_rows(alias, manifest).filter(finished=None).exists() for alias in _LOGS):
        raise DeskStands(where)
    for alias in fresh:
        _make_tables(alias, manifest)
    fault_point("restore.tables")
    for alias in fresh:
        ready.restoration(alias).objects.create(id=manifest.id, made=manifest.made, begun=now)
    fault_point("restore.begun")


def _make_tables(alias: str, manifest: Manifest) -> None:
    """Run the migrations that the backup had and no more: each that no other of them builds upon."""
    executor, had = MigrationExecutor(connections[alias]), set(manifest.migrations[alias])
    above = {one: {node.key for node in executor.loader.graph.node_map[one].children} for one in had}
    executor.migrate(sorted(one for one in had if not above[one] & had))


def _is_fresh(alias: str, manifest: Manifest, where: str) -> bool:
    """Whether nothing is in a database, rather than a restore of this backup that was begun."""
    ready.make_file(alias)
    connection, kept = connections[alias], ready.restoration(alias)
    tables = connection.introspection.table_names()
    if kept._meta.db_table in tables:
        if _rows(alias, manifest).exists():
            return False
        if kept.objects.filter(finished=None).exists():
            raise AnotherRestore(where)
    with connection.cursor() as cursor:
        for table in set(tables) - {"django_migrations"}:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - quoted
            if cursor.fetchone():
                raise DeskStands(where)
    return True


def _rows(alias: str, manifest: Manifest) -> QuerySet[RestorationRow]:
    return ready.restoration(alias).objects.filter(pk=manifest.id)


def _older(alias: str) -> bool:
    executor = MigrationExecutor(connections[alias])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@dataclass(frozen=True, slots=True)
class _Work:
    """What is done between the first row and the moment from which the desk may be used."""

    path: Path
    file: IO[bytes]
    secret_keys: Sequence[str]
    manifest: Manifest
    keys: Keys
    home: Home
    known: Mapping[str, Sequence[bytes]]
    now: datetime

    def do(self, *, finish: bool) -> int:
        """Load what is not loaded and, to `finish`, check it; return how many people were erased again.

        The register is committed last: no process works without it. The keys of other houses come just
        before that, when nothing can be refused any more.
        """
        again = 0
        with transaction.atomic(using=REGISTER):
            with transaction.atomic(using=VAULT):
                self._load()
                if finish:
                    again = self._finish()
                fault_point("restore.checked")
            fault_point("restore.half")
            if finish:
                self.keys.put_back(self.home)
                fault_point("restore.trusted")
        return again

    def _load(self) -> None:
        wanted = [alias for alias in _LOGS if _rows(alias, self.manifest).filter(loaded=None).exists()]
        if not wanted:
            return
        for alias in wanted:
            _check_at_once(alias)
        loader = Loader(self.path, self.manifest, wanted)
        self.file.seek(0)
        _, digest = read_lines(self.file, self.secret_keys, self.path, loader.take)
        loader.end_table()
        if digest != self.manifest.content:
            raise NotABackup(self.path, "it was changed while it was read")
        for alias in wanted:
            check_rows(self.manifest, alias)
            _rows(alias, self.manifest).update(loaded=self.now)
        fault_point("restore.loaded")

    def _finish(self) -> int:
        again = 0
        for alias, (log, act) in _LOGS.items():
            if not _rows(alias, self.manifest).filter(finished=None).exists():
                continue
            self._check_record(log)
            details = {"keys": len(self.keys.trust)} if alias == REGISTER else {}
            if alias == VAULT:
                again = details["erased"] = erased.destroy_again(self.now)
                self._check_opens()
            else:
                _close_doors(self.now)
            log.record(act, self.now, by=COMMAND, about=self.manifest.id, **details)
            _rows(alias, self.manifest).update(finished=self.now)
        return again

    def _check_record(self, log: Log) -> None:
        key, state = signer(self.home.identity, log).verifier, self.manifest.logs[log.name]
        found = verify(log, key, self.known[log.name])
        if found.problems:
            raise RecordDiffers(found.problems[0])
        if (log.size(), log.root(log.size()).hex()) != (state.size, state.root):
            raise RecordDiffers(f"it should have {state.size} acts in the tree and has {log.size()}.")

    def _check_opens(self) -> None:
        """Open one person's key of each kind: the ring has not only the names of its keys."""
        for version in self.manifest.versions:
            one = PersonKey.objects.filter(version=version).order_by("pk").first()
            if one is not None:
                sealing.unwrap(one)


def _check_at_once(alias: str) -> None:
    """Let each row be checked when it comes: PostgreSQL would remember millions of checks until the end."""
    if connections[alias].vendor == "postgresql":
        with connections[alias].cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _close_doors(now: datetime) -> None:
    """Invitations and requests about accounts of before must not come back to life, as links must not.

    Nor may a door that shut since: without a moment in it, a row is that of an account of an earlier version.
    """
    Account.objects.update(invitation="")
    Account.objects.exclude(open_until=None).update(open_until=now)
    Request.objects.filter(approved=None).delete()
