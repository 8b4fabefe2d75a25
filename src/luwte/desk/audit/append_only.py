"""Tables whose rows stay as they are: the database itself refuses to change or delete them.

Who owns the database can drop a trigger. The tree shows that afterwards; the trigger stops mistakes, and
whoever has only the rights of the desk.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SENTENCE = "rows of this table are never changed or deleted"


def append_only(model: str, *, forgettable: str = "") -> migrations.RunPython:
    """Return the step of a migration after which rows of `model` (app_label.Name) only come.

    The column `forgettable`, if there is one, may still become empty, and nothing else with it.
    """
    app, name = model.split(".")

    def forward(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        meta = apps.get_model(app, name)._meta
        columns = [field.column for field in meta.local_concrete_fields]
        for statement in _MAKE[editor.connection.vendor](meta.db_table, columns, forgettable):
            editor.execute(statement, None)

    def backward(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        table = apps.get_model(app, name)._meta.db_table
        where = f' ON "{table}"' if editor.connection.vendor == "postgresql" else ""
        for event in ("update", "delete", "truncate"):
            editor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{event}"{where}', None)

    return migrations.RunPython(forward, backward)


def _kept(columns: Sequence[str], forgettable: str, same: str) -> str:
    """Return the condition under which an update only forgets: `same` compares two values, NULL too."""
    others = [f'OLD."{column}" {same} NEW."{column}"' for column in columns if column != forgettable]
    return " AND ".join([*others, f'NEW."{forgettable}" IS NULL'])


def _sqlite(table: str, columns: Sequence[str], forgettable: str) -> list[str]:
    unless = f" WHEN NOT ({_kept(columns, forgettable, 'IS')})" if forgettable else ""
    stop = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    return [
        f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW{unless} {stop}',
        f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW {stop}',
    ]


def _postgresql(table: str, columns: Sequence[str], forgettable: str) -> list[str]:
    same = "IS NOT DISTINCT FROM"
    unless = f" WHEN (NOT ({_kept(columns, forgettable, same)}))" if forgettable else ""
    stop = "EXECUTE FUNCTION luwte_refuse()"
    return [
        "CREATE OR REPLACE FUNCTION luwte_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$",
        f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW{unless} {stop}',
        f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW {stop}',
        f'CREATE TRIGGER "{table}_no_truncate" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT {stop}',
    ]


_MAKE = {"sqlite": _sqlite, "postgresql": _postgresql}
