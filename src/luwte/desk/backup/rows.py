"""Rows of any table as lines of JSON, the same on SQLite and PostgreSQL, and back."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import router
from django.db.models import BinaryField, Field, JSONField, Model

CHUNK = 2_000
LEFT_OUT = ("sessions.Session", "vault.SignInLink", "vault.Factor")
"""Tables that no backup holds: what they let someone in with must not come back to life."""
_SUMS = 1 << 256
_JSON = json.JSONEncoder(
    sort_keys=True,
    separators=(",", ":"),
    ensure_ascii=False,
    allow_nan=False,
    default=lambda one: _plain(one),
)


@dataclass(slots=True)
class Tally:
    """How many rows there were, and the sum of their SHA-256 modulo 2**256: the same in any order."""

    count: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        """Count a line of `lines_of`."""
        self.count += 1
        self.total = (self.total + int.from_bytes(sha256(line).digest(), "big")) % _SUMS

    @property
    def sum(self) -> str:
        """The sum as 64 hexadecimal digits."""
        return f"{self.total:064x}"


def tables(alias: str) -> list[type[Model]]:
    """Return the models of a database that a backup holds; those that others point at come first."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if router.allow_migrate_model(alias, model)
    ]
    waiting = sorted(
        (one for one in found if one._meta.label not in LEFT_OUT), key=lambda one: one._meta.label
    )
    ordered: list[type[Model]] = []
    while waiting:
        free = [model for model in waiting if not _points_at(model) & set(waiting) - {model}]
        ordered += free
        waiting = [model for model in waiting if model not in free]
    return ordered


def columns_of(model: type[Model]) -> list[str]:
    """Return the names of the fields that make a row, in an order that no migration changes."""
    return sorted(field.attname for field in model._meta.local_concrete_fields)


def lines_of(model: type[Model], alias: str, without: str = "") -> Iterator[bytes]:
    """Give each row of a table, but that with the key `without`, as one line without its end, in no order."""
    found = model._base_manager.using(alias).order_by()
    rows = (found.exclude(pk=without) if without else found).values_list(*columns_of(model))
    for row in rows.iterator(CHUNK):
        yield _JSON.encode(row).encode()


def reader_of(model: type[Model], columns: Sequence[str]) -> Callable[[bytes], Model]:
    """Return what makes an unsaved row of `model` from a line. That raises `ValueError` for other lines."""
    fields: dict[str, Field[Any, Any]] = {field.attname: field for field in model._meta.local_concrete_fields}
    if set(columns) != set(fields):
        raise ValueError("columns")
    take = [(name, _reader(fields[name])) for name in columns]

    def read(line: bytes) -> Model:
        row = json.loads(line)
        if not isinstance(row, list) or len(row) != len(take):
            raise ValueError("row")
        return model(**{name: to(value) for (name, to), value in zip(take, row, strict=True)})

    return read


def insert(model: type[Model], alias: str, rows: Iterable[Model]) -> None:
    """Add rows of one table, at most some thousands."""
    model._base_manager.using(alias).bulk_create(rows)


def _points_at(model: type[Model]) -> set[Any]:
    return {field.related_model for field in model._meta.local_concrete_fields if field.is_relation}


def _reader(field: Field[Any, Any]) -> Callable[[Any], Any]:
    if isinstance(field, JSONField):
        return lambda value: value
    if isinstance(field, BinaryField):
        return lambda value: None if value is None else b64decode(value, validate=True)
    return lambda value: None if value is None else field.to_python(value)


def _plain(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"a backup cannot hold a {type(value).__name__}")
