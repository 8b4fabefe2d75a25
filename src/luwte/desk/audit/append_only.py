"""Tables whose rows stay as they are: the database itself refuses to change or delete them.

Who owns the database can drop a trigger. The tree shows that afterwards; the trigger stops mistakes, and
whoever has only the rights of the desk.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.apps.registry import Apps
from django.db import migrations, router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.loader import MigrationLoader

SENTENCE = "rows of this table are never changed or deleted"
_OPEN = "EXISTS (SELECT 1 FROM audit_clearing)"
"""Whether rows of clearable tables may go: only the transaction that adds that row sees it."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """What may still happen to a row: see `append_only`."""

    columns: Sequence[str]
    forgettable: str
    once: Collection[str]
    changing: Collection[str]
    clearable: bool

    def unless(self, same: str) -> str:
        """Return the condition under which an update is let through, "" for never; `same` compares values."""
        loose = {self.forgettable, *self.once, *self.changing} - {""}
        fixed = [f'OLD."{column}" {same} NEW."{column}"' for column in self.columns if column not in loose]
        filled = [
            f'(COALESCE(CAST(OLD."{column}" AS text), \'\') = \'\' OR OLD."{column}" {same} NEW."{column}")'
            for column in self.once
        ]
        emptied = [f'NEW."{self.forgettable}" IS NULL'] if self.forgettable else []
        return " AND ".join([*fixed, *filled, *emptied]) if loose else ""


def append_only(
    model: str,
    *,
    forgettable: str = "",
    once: Collection[str] = (),
    changing: Collection[str] = (),
    clearable: bool = False,
) -> migrations.RunPython:
    """Return the step of a migration after which rows of `model` (app_label.Name) only come.

    The column `forgettable` may still become empty, and nothing else with it. Columns in `once` may be filled
    while they are empty, those in `changing` may change. Rows of a `clearable` table may be deleted when
    their term is over, inside `luwte.desk.audit.clearing.clearing`.
    """
    app, name = model.split(".")

    def forward(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        meta = apps.get_model(app, name)._meta
        columns = [field.column for field in meta.local_concrete_fields]
        rule = _Rule(columns, forgettable, once, changing, clearable)
        for statement in _MAKE[editor.connection.vendor](meta.db_table, rule):
            editor.execute(statement, None)

    def backward(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        table = apps.get_model(app, name)._meta.db_table
        where = f' ON "{table}"' if editor.connection.vendor == "postgresql" else ""
        for event in ("update", "delete", "truncate"):
            editor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{event}"{where}', None)

    step = migrations.RunPython(forward, backward)
    step.guarded = model  # type: ignore[attr-defined]
    return step


def guards(alias: str, vendor: str) -> set[str]:
    """Return the names of the triggers that all migrations together put into the database `alias`."""
    events = ("update", "delete", "truncate") if vendor == "postgresql" else ("update", "delete")
    steps = [step for one in MigrationLoader(None).disk_migrations.values() for step in one.operations]
    models = {apps.get_model(label) for step in steps if (label := getattr(step, "guarded", ""))}
    tables = [model._meta.db_table for model in models if router.allow_migrate_model(alias, model)]
    return {f"{table}_no_{event}" for table in tables for event in events}


def _sqlite(table: str, rule: _Rule) -> list[str]:
    allowed = rule.unless("IS")
    unless = f" WHEN NOT ({allowed})" if allowed else ""
    closed = f" WHEN NOT {_OPEN}" if rule.clearable else ""
    stop = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    return [
        f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW{unless} {stop}',
        f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW{closed} {stop}',
    ]


def _postgresql(table: str, rule: _Rule) -> list[str]:
    allowed = rule.unless("IS NOT DISTINCT FROM")
    unless = f" WHEN (NOT ({allowed}))" if allowed else ""
    stop = "EXECUTE FUNCTION luwte_refuse()"
    delete = "EXECUTE FUNCTION luwte_refuse_unless_clearing()" if rule.clearable else stop
    say = f"RAISE EXCEPTION '{SENTENCE}'"
    make = "CREATE OR REPLACE FUNCTION luwte_refuse"
    functions = [f"{make}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {say}; END $$"]
    if rule.clearable:
        functions.append(
            f"{make}_unless_clearing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NOT {_OPEN} THEN {say}; END IF; RETURN OLD; END $$"
        )
    return [
        *functions,
        f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW{unless} {stop}',
        f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW {delete}',
        f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT {stop}',
    ]


_MAKE = {"sqlite": _sqlite, "postgresql": _postgresql}
