"""Putting the rows of a backup into empty tables of its own schema, and looking that they are there."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from luwte.desk.backup.document import parsed
from luwte.desk.backup.errors import NotABackup, RowsDiffer
from luwte.desk.backup.manifest import Manifest
from luwte.desk.backup.rows import CHUNK, Tally, insert, lines_of, reader_of
from luwte.desk.backup.sequences import go_on_after
from luwte.desk.project import ready


class Loader:
    """Takes the lines of a backup one by one and puts those of the databases `wanted` in their tables."""

    def __init__(self, path: Path, manifest: Manifest, wanted: Collection[str]) -> None:
        self._path, self._manifest, self._wanted = path, manifest, wanted
        self._apps = {alias: schema_of(alias, manifest) for alias in wanted}
        self._read: Callable[[bytes], Model] | None = None
        self._into: tuple[type[Model], str] | None = None
        self._rows: list[Model] = []

    def take(self, line: bytes) -> None:
        """Take a line. Raises `NotABackup` for what cannot be in one."""
        if line.startswith(b"["):
            self._row(line)
            return
        self.end_table()
        found = parsed(line, self._path)
        if "table" in found:
            self._begin(found)

    def end_table(self) -> None:
        """Put in what waits."""
        if self._into and self._rows:
            insert(*self._into, self._rows)
        self._rows = []

    def _begin(self, found: dict[str, object]) -> None:
        label, columns = str(found["table"]), found.get("columns")
        table = self._manifest.tables.get(label)
        if table is None or not isinstance(columns, list):
            raise NotABackup(self._path, "it holds a table that it does not name")
        self._into = self._read = None
        if table.database in self._wanted:
            model = self._apps[table.database].get_model(label)
            try:
                self._read = reader_of(model, columns)
            except ValueError:
                raise NotABackup(self._path, f"its {label} has other columns than it should have") from None
            self._into = model, table.database

    def _row(self, line: bytes) -> None:
        if self._read is None:
            return
        try:
            self._rows.append(self._read(line))
        except (ValueError, TypeError, RecursionError):
            raise NotABackup(self._path, "a row of it is damaged") from None
        if len(self._rows) >= CHUNK:
            self.end_table()


def schema_of(alias: str, manifest: Manifest) -> Apps:
    """Return the models of the schema in which the backup was made."""
    state = MigrationExecutor(connections[alias]).loader.project_state(list(manifest.migrations[alias]))
    return state.apps


def check_rows(manifest: Manifest, alias: str) -> None:
    """Read every table again, and let rows to come be numbered on. Raises `RowsDiffer`."""
    apps = schema_of(alias, manifest)
    models = {label: apps.get_model(label) for label, one in manifest.tables.items() if one.database == alias}
    connection = connections[alias]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models.values())):
            cursor.execute(statement)
    for label, model in models.items():
        tally = Tally()
        own = manifest.id if label == ready.restoration(alias)._meta.label else ""
        for line in lines_of(model, alias, without=own):
            tally.add(line)
        if (tally.count, tally.sum) != (manifest.tables[label].count, manifest.tables[label].sum):
            raise RowsDiffer(label)
        go_on_after(model, alias, manifest.tables[label].last)
