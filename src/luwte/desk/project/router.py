"""The walls inside the desk: `vault` has a database of its own, and so have the accounts of casework."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Model

from luwte.desk.project.databases import ACCOUNTS

VAULT = "vault"
OF_ACCOUNTS = frozenset(
    {"auth", "contenttypes", "sessions", "staff", "account", "mfa", "axes", "django_cache"}
)
"""The rooms of accounts and sessions, by their labels: ours, Django's, allauth's and axes'."""


class RelationAcrossTheWall(Exception):
    """Code tried to tie a row of one database to a row of another: a mistake in the program."""


class VaultRouter:
    """Sends each model to the database of its room and refuses relations between two."""

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
    """Accounts stand in the register, but where a process has a database for them alone."""
    if app_label == VAULT:
        return VAULT
    return ACCOUNTS if app_label in OF_ACCOUNTS and ACCOUNTS in settings.DATABASES else "default"
