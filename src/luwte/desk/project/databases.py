"""Which databases the desk uses: SQLite files in the home, or PostgreSQL when the environment names it."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from luwte.base.errors import BadInput

ENVIRONMENT = {"default": "LUWTE_DESK_DATABASE", "vault": "LUWTE_VAULT_DATABASE"}
FILES = {"default": "desk.sqlite3", "vault": "vault.sqlite3", "accounts": "accounts.sqlite3"}
ACCOUNTS = "accounts"
ACCOUNTS_VARIABLE = "LUWTE_CASEWORK_DATABASE"
"""Who works with casework's pages, in a database that only its processes have."""
BUSY_SECONDS = 30
_OPTIONS = {"host", "port", "sslmode", "sslrootcert", "connect_timeout"}


class DatabaseAddressWrong(BadInput):
    """An address of a database that cannot be read."""


def databases(
    folder: Path,
    environment: Mapping[str, str] | None = None,
    *,
    vault: Path | None = None,
    casework: Path | None = None,
    aliases: Collection[str] = tuple(ENVIRONMENT),
) -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES: `default` (everything by pseudonym) and `vault` (people), kept apart.

    On SQLite the first is a file in `folder`, the second one in the folder `vault` (None: the same). So is
    that of the accounts of casework in the folder `casework`. A database not in `aliases` is none at all.
    """
    found = os.environ if environment is None else environment
    folders = {"default": folder, "vault": vault or folder, ACCOUNTS: casework or folder}
    made = {
        alias: _postgres(name, found[name]) if found.get(name) else _sqlite(folders[alias] / FILES[alias])
        for alias, name in (ENVIRONMENT | {ACCOUNTS: ACCOUNTS_VARIABLE}).items()
        if alias in aliases
    }
    return {"default": {}} | made


def _sqlite(path: Path) -> dict[str, Any]:
    """Write-ahead log, every commit on disk, and a write lock from the first statement of a transaction."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": BUSY_SECONDS,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def _postgres(variable: str, address: str) -> dict[str, Any]:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise _wrong(variable) from None
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgres", "postgresql") or not name or not options.keys() <= _OPTIONS:
        raise _wrong(variable)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": options.pop("port", str(port or "")),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
        "OPTIONS": options,
    }


def _wrong(variable: str) -> DatabaseAddressWrong:
    """The address may hold a password, so the sentence does not repeat it."""
    return DatabaseAddressWrong(
        f"{variable} is not an address of PostgreSQL. Write it as postgresql://USER:PASSWORD@HOST:PORT/NAME "
        "(with ?host=/FOLDER for a socket)."
    )
