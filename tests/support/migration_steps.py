"""What each migration of the desk finds and leaves: rows are written at every state, and read at the last.

`python -m tests.support.migration_steps` walks an empty desk up through every migration. After each it adds a
row to every table of that room, as the schema of that moment has it. At the end every row must still be there
and hold what it held, or what a later migration is known to make of it. It writes the problems as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

MOMENT = datetime(2026, 3, 2, 12, tzinfo=UTC)
Rows = dict[tuple[str, str], tuple[Any, dict[str, Any]]]
"""(model, mark of the step) -> primary key, column -> value."""


@dataclass(frozen=True, slots=True)
class Step:
    """A migration: values to give instead of the usual ones, and what later ones make of them."""

    room: str
    name: str
    given: Mapping[str, Any] = field(default_factory=dict)
    becomes: Mapping[str, Any] = field(default_factory=dict)


def _paid(subject: str) -> dict[str, Any]:
    """A payment of an award, and sums that follow from it."""
    mine = {"subject": subject, "scheme": "claim", "currency": "EUR"}
    return {
        **{f"{table}.{name}": value for table in ("ceiling", "payment") for name, value in mine.items()},
        "ceiling.most": 100, "ceiling.taken": 30, "award.amount": 100, "award.paid": 30, "payout.paid": 0,
        "payment.payout": None, "payment.principal": 30, "payment.takes_back": "",
    }  # fmt: skip


# In the order in which they came. A migration without its step here fails the build.
STEPS = (
    Step("words", "0001_initial"),
    Step("vault", "0001_initial"),
    Step("wishes", "0001_initial"),
    Step("cases", "0001_initial"),
    Step(
        "findings",
        "0001_initial",
        given={"reportseries.entries": {"a": [1, 1], "b": [2, 0]}},
        becomes={"reportseries.entries": {"a": [1, 1, 0], "b": [2, 0, 0]}},
    ),
    Step("telling", "0001_initial"),
    Step("findings", "0002_same_picture"),
    Step("findings", "0003_review_and_lists"),
    Step(
        "review",
        "0001_initial",
        given={"reviewer.name": "Noor", "reviewer.key": "noor"},
        becomes={"reviewer.key": "noor"},
    ),
    Step("audit", "0001_initial"),
    Step("vault", "0002_log"),
    Step("findings", "0004_joined_clusters"),
    Step("review", "0002_floors_and_names"),
    Step("vault", "0003_keys_look_ups_and_erasure"),
    Step("findings", "0005_list_receipts"),
    Step("audit", "0002_clearing"),
    Step("cases", "0002_rows_that_stay"),
    Step("findings", "0006_rows_that_stay"),
    Step("review", "0003_rows_that_stay"),
    Step("telling", "0002_rows_that_stay"),
    Step("wishes", "0002_rows_that_stay"),
    Step("words", "0002_rows_that_stay"),
    Step("review", "0004_kept_stakes"),
    Step("vault", "0004_ring"),
    Step("telling", "0003_coverage_statement"),
    Step("audit", "0003_restoration"),
    Step("vault", "0005_restoration"),
    Step("audit", "0004_cleared"),
    Step("cases", "0003_legal_hold", given={"legalhold.ended": None}),
    Step("telling", "0004_remembered"),
    Step("vault", "0006_cleared"),
    Step("staff", "0001_initial"),
    Step("findings", "0007_remembered"),
    Step("review", "0005_sampled"),
    Step("vault", "0007_visits"),
    Step("staff", "0002_requests_about_accounts"),
    Step("vault", "0008_factor"),
    Step("review", "0006_proposal"),
    Step("staff", "0003_rights"),
    Step("words", "0003_proposal", given={"proposal.ended": None}),
    Step("vault", "0009_drafts_and_assessments"),
    Step("telling", "0005_first_contact"),
    Step("cases", "0004_announcement"),
    Step("api", "0001_initial"),
    Step("money", "0001_initial", given=_paid("s")),
    Step("money", "0002_rows_that_stay", given=_paid("t")),
    Step("cases", "0005_register"),
)
_numbers = count(1_000)


def walk() -> list[str]:
    """Walk up through all steps; return what is wrong at the end."""
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    rows: Rows = {}
    for number, step in enumerate(STEPS):
        alias = "vault" if step.room == "vault" else "default"
        for each in ("default", "vault"):
            MigrationExecutor(connections[each]).migrate([(step.room, step.name)])
        executor = MigrationExecutor(connections[alias])
        known = executor.loader.project_state(list(executor.loader.applied_migrations)).apps
        _add(known.get_app_config(step.room).get_models(), alias, f"m{number}", step, rows)
    for each in ("default", "vault"):
        executor = MigrationExecutor(connections[each])
        executor.migrate(executor.loader.graph.leaf_nodes())
    return [*_lost(rows), *_unlike_the_models()]


def _add(models: Iterable[Any], alias: str, mark: str, step: Step, rows: Rows) -> None:
    """Add a row to each of `models`; those that others point at come first."""
    waiting = list(models)
    while waiting:
        model = waiting.pop(0)
        if any(other in waiting for other in _pointed_at(model)):
            waiting.append(model)
            continue
        values = {}
        for each in model._meta.local_concrete_fields:
            if not each.get_internal_type().endswith("AutoField"):
                name = f"{model._meta.model_name}.{each.name}"
                values[each.attname] = step.given.get(name, _value(each, alias, mark))
        row = model._default_manager.using(alias).create(**values)
        later = {name.partition(".")[2]: found for name, found in step.becomes.items()
                 if name.startswith(f"{model._meta.model_name}.")}  # fmt: skip
        rows[model._meta.label, mark] = row.pk, values | later


def _pointed_at(model: Any) -> list[Any]:
    return [each.related_model for each in model._meta.local_concrete_fields
            if each.is_relation and each.related_model is not model]  # fmt: skip


def _value(column: Any, alias: str, mark: str) -> Any:
    kind = column.get_internal_type()
    if column.is_relation:
        # Of an item of a contact, one of two is empty.
        return None if column.name == "event" and column.null else _last(column.related_model, alias)
    plain: dict[str, Any] = {
        "BinaryField": mark.encode(), "BooleanField": True, "DateTimeField": MOMENT,
        "DateField": date(2026, 3, 2), "JSONField": {mark: [1, 1, 0]}, "FloatField": 0.5, "TextField": mark,
    }  # fmt: skip
    if kind == "CharField":
        return f"{mark}-{next(_numbers)}"[: column.max_length]
    return plain[kind] if kind in plain else next(_numbers)


def _last(model: Any, alias: str) -> Any:
    """The row that was added last: of this step where the table is in its room."""
    found = model._default_manager.using(alias).order_by("pk").values_list("pk", flat=True)
    return max(found, key=lambda pk: int(str(pk).rpartition("-")[2]))


def _lost(rows: Rows) -> list[str]:
    """Return what is not as it was, read by the models of now."""
    from django.apps import apps

    found = []
    for (label, mark), (pk, values) in rows.items():
        row = apps.get_model(label)._default_manager.filter(pk=pk).first()
        if row is None:
            found.append(f"{label} of {mark} is gone")
            continue
        for name, value in values.items():
            now = getattr(row, name)
            now = bytes(now) if isinstance(now, memoryview) else now
            if now != value:
                found.append(f"{label}.{name} of {mark} was {value!r} and is {now!r}")
    return found


def _unlike_the_models() -> list[str]:
    """Return where the tables differ from the models: columns, whether they may be empty, constraints."""
    from django.apps import apps
    from django.db import connections, router

    found = []
    for model in apps.get_models(include_auto_created=True):
        connection, table = connections[router.db_for_read(model)], model._meta.db_table
        with connection.cursor() as cursor:
            real = connection.introspection.get_table_description(cursor, table)
            constraints = connection.introspection.get_constraints(cursor, table)
        wanted = {each.column: each.null for each in model._meta.local_concrete_fields}
        if {one.name: bool(one.null_ok) for one in real} != wanted:
            found.append(f"{table} has {real}")
        names = {one.name for one in (*model._meta.constraints, *model._meta.indexes)}
        if missing := names - constraints.keys():
            found.append(f"{table} lacks {missing}")
    return found


if __name__ == "__main__":
    import django

    django.setup()
    json.dump(walk(), sys.stdout)
