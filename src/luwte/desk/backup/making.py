"""Making a backup while the desk runs: one moment of both databases, to one encrypted, signed file.

The secret keys, the key ring and the list of the erased never go into it: `luwte.desk.backup` says why in
docs/backup.md. Nothing stands on a disk in clear: rows go from the database through memory into the age file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader

from luwte import __version__
from luwte.base.faults import fault_point
from luwte.base.files import check_writable, remove_leftovers, replacing
from luwte.base.ids import new_id
from luwte.crypto.streams import encrypt_into
from luwte.desk.audit.acts import Act
from luwte.desk.audit.checkpoints import NoCheckpoint, checkpoint, latest, signer
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.log import Log
from luwte.desk.backup import document
from luwte.desk.backup.manifest import LogState, Manifest, Table, head
from luwte.desk.backup.moment import REGISTER, VAULT, one_moment
from luwte.desk.backup.rows import Tally, columns_of, lines_of, tables
from luwte.desk.backup.sequences import last_number
from luwte.desk.vault.log import COMMAND
from luwte.desk.vault.log import VAULT as VAULT_LOG
from luwte.desk.vault.models import PersonKey, Ring
from luwte.exchange.home import Home

BACKUP_POINTS = ("backup.recorded", "backup.moment", "backup.written")
ACTS = {DESK: Act.BACKED_UP, VAULT_LOG: Act.VAULT_BACKED_UP}


@dataclass(frozen=True, slots=True)
class Made:
    """A backup: its `id`, how many `rows` of how many `tables` it holds, and its size in `bytes`."""

    id: str
    rows: int
    tables: int
    bytes: int


def make(
    path: Path,
    recipients: Sequence[str],
    now: datetime,
    home: Home,
) -> Made:
    """Write a backup that each of `recipients` (age public keys) can open to `path`, whole or not at all.

    An older one at `path` stays until then. That it was begun is recorded first, so that none leaves
    unrecorded, and both records are signed; that it was written is recorded last. Raises `Failure` when the
    disk is full.
    """
    check_writable(path)
    remove_leftovers(path)
    backup = new_id()
    for log, act in ACTS.items():
        with transaction.atomic(using=log.using):
            log.record(act, now, by=COMMAND, about=backup, recipients=len(recipients))
        checkpoint(log, signer(home.identity, log), now)
    fault_point("backup.recorded")
    content = _Content(backup, now, home)
    with one_moment(), replacing(path) as file:
        fault_point("backup.moment")
        encrypt_into(file, document.packed(content.lines()), recipients)
        fault_point("backup.written")
        size = file.tell()
    with transaction.atomic(using=DESK.using):
        DESK.record(Act.BACKUP_WRITTEN, now, by=COMMAND, about=backup, bytes=size)
    found = content.tables
    return Made(backup, sum(table.count for table in found.values()), len(found), size)


class _Content:
    """The lines of a backup, and what is said of them at their end."""

    def __init__(self, backup: str, now: datetime, home: Home) -> None:
        self.tables: dict[str, Table] = {}
        self._backup, self._now, self._home = backup, now, home
        self._digest = sha256()

    def lines(self) -> Iterator[bytes]:
        """Give every line once."""
        yield from self._counted(self._content())
        yield self._manifest().signed(self._home.identity)

    def _counted(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            self._digest.update(line)
            yield line

    def _content(self) -> Iterator[bytes]:
        yield head(self._backup, __version__)
        for alias in (VAULT, REGISTER):
            for model in tables(alias):
                yield document.table_line(model._meta.label, columns_of(model))
                tally = Tally()
                for line in lines_of(model, alias):
                    tally.add(line)
                    yield line + b"\n"
                self.tables[model._meta.label] = Table(
                    alias, tally.count, tally.sum, last_number(model, alias)
                )
        for file in sorted((self._home.path / "trusted").glob("*.json")):
            yield document.file_line(f"trusted/{file.name}", file.read_bytes())

    def _manifest(self) -> Manifest:
        mark = Ring.objects.values_list("mark", flat=True).first()
        versions = PersonKey.objects.order_by("version").values_list("version", flat=True).distinct()
        return Manifest(
            self._backup,
            self._now,
            __version__,
            {alias: sorted(_applied(alias)) for alias in (VAULT, REGISTER)},
            self.tables,
            {log.name: _state(log) for log in ACTS},
            mark or "",
            list(versions),
            self._digest.hexdigest(),
        )


def _applied(alias: str) -> set[tuple[str, str]]:
    loader = MigrationLoader(connections[alias])
    return set(loader.applied_migrations) & set(loader.disk_migrations)


def _state(log: Log) -> LogState:
    size = log.size()
    try:
        note = latest(log)
    except NoCheckpoint:
        note = ""
    return LogState(size, log.root(size).hex(), note)
