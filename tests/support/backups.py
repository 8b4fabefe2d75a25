"""Backups in tests: keys to open them with, a desk that is wiped, and what stands in its databases."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pyrage

from luwte.desk.project.databases import ENVIRONMENT, FILES

OTHERS = (
    "audit_leaf", "audit_waiting", "audit_restoration", "vault_leaf", "vault_waiting", "vault_restoration",
    "django_migrations", "django_session", "vault_signinlink",
)  # fmt: skip
"""Tables to which making or restoring a backup adds, or that it leaves out."""


@dataclass(frozen=True, slots=True)
class Key:
    """An age key: the public half, and the file with the secret one."""

    public: str
    secret: Path


def new_key(file: Path) -> Key:
    """Make a key, its secret half in `file`."""
    made = pyrage.x25519.Identity.generate()
    file.write_text(f"# public key: {made.to_public()}\n{made}\n")
    file.chmod(0o600)
    return Key(str(made.to_public()), file)


def wipe(home: Path, environment: Mapping[str, str] | None = None) -> None:
    """Take both databases away, as a fire does; what lies apart from them stays."""
    for alias in ENVIRONMENT:
        if address := _address(alias, environment):
            with psycopg.connect(address, autocommit=True) as server:
                server.execute("DROP SCHEMA public CASCADE")
                server.execute("CREATE SCHEMA public")
        for file in (home / "desk").glob(f"{FILES[alias]}*"):
            file.unlink()


def content(home: Path, environment: Mapping[str, str] | None = None) -> dict[str, list[str]]:
    """Return every row of every table of both databases, as text."""
    found: dict[str, list[str]] = {}
    for alias in ENVIRONMENT:
        with _reading(home, alias, environment) as connection:
            for table in _tables(connection):
                if table not in OTHERS:
                    rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()
                    found[f"{alias}.{table}"] = sorted(repr([*map(_same, row)]) for row in rows)
    return found


def _same(value: object) -> object:
    """An object in JSON is the same in any order."""
    if isinstance(value, str) and value.startswith("{"):
        return json.dumps(json.loads(value), sort_keys=True)
    return value


def rows(home: Path, environment: Mapping[str, str] | None = None) -> int:
    """Return how many rows there are in all."""
    found = 0
    for alias in ENVIRONMENT:
        with _reading(home, alias, environment) as connection:
            for table in _tables(connection):
                found += connection.execute(f'SELECT count(*) FROM "{table}"').fetchall()[0][0]
    return found


def _tables(connection: Any) -> list[str]:
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    if isinstance(connection, psycopg.Connection):
        named = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return [str(name) for (name,) in connection.execute(named).fetchall()]


@contextmanager
def _reading(home: Path, alias: str, environment: Mapping[str, str] | None) -> Iterator[Any]:
    address = _address(alias, environment)
    with closing(
        psycopg.connect(address) if address else sqlite3.connect(home / "desk" / FILES[alias])
    ) as one:
        yield one


def _address(alias: str, environment: Mapping[str, str] | None) -> str | None:
    return (os.environ if environment is None else environment).get(ENVIRONMENT[alias])
