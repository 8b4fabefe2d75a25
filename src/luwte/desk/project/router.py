"""The wall inside the desk: the room `vault` has a database of its own, and nothing points across."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

VAULT = "vault"


class RelationAcrossTheWall(Exception):
    """Code tried to tie a row of the vault to a row outside it: a mistake in the program."""


class VaultRouter:
    """Sends the models of the vault to their own database and refuses relations between the two."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        """Return the database that `model` is read from."""
        return _database(model._meta.app_label)

    def db_for_write(self, model: type[Model], **_hints: Any) -> str:
        """Return the database that `model` is written to."""
        return _database(model._meta.app_label)

    def allow_relation(self, one: Model, other: Model, **_hints: Any) -> bool:
        """Return True within one database; raise `RelationAcrossTheWall` between two."""
        if _database(one._meta.app_label) != _database(other._meta.app_label):
            raise RelationAcrossTheWall(f"{one._meta.label} and {other._meta.label} are kept apart.")
        return True

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        """Return whether tables of `app_label` belong in the database `db`."""
        return db == _database(app_label)


def _database(app_label: str) -> str:
    return VAULT if app_label == VAULT else "default"
