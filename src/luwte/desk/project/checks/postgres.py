"""The database server: that this process works in a role of least rights, over a line that nobody reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.db import connections

from luwte.desk.audit.append_only import guards
from luwte.desk.project.checks import Check, databases, finding
from luwte.desk.project.checks.sqlite import unguarded
from luwte.desk.project.checks.web import LOOPBACK
from luwte.desk.project.databases import ACCOUNTS_VARIABLE
from luwte.desk.project.grants import RIGHTS, Role, columns, rights

POWERS = {
    "rolsuper": "is a superuser",
    "rolcreaterole": "may make roles",
    "rolcreatedb": "may make databases",
    "rolreplication": "may copy the whole server",
    "rolbypassrls": "may go round row security",
}
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
_PRIVILEGES = (*RIGHTS.values(), "TRUNCATE", "REFERENCES", "TRIGGER")
_TABLES = "pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
_ROLE = "pg_roles WHERE rolname = current_user"
GRANT_IT = "Let the owner run what `luwte desk grants` prints."


def the_role_has_no_power() -> Iterator[CheckMessage]:
    """No process works as the owner, or as one who could become it."""
    for alias in _here():
        role, *powers = _rows(alias, f"SELECT rolname, {', '.join(POWERS)} FROM {_ROLE}")[0]  # noqa: S608 - made of constants of this file
        if held := [said for has, said in zip(powers, POWERS.values(), strict=True) if has]:
            yield finding(
                "postgres.power",
                f"The role {role} in {_name(alias)} {' and '.join(held)}.",
                "Give this process the address with the role of its world (docs/worlds.md).",
            )


def the_role_has_the_rights_of_its_world() -> Iterator[CheckMessage]:
    """Exactly those that `luwte desk grants` prints, for the role and for everyone."""
    for alias in _here():
        if _rows(alias, f"SELECT rolsuper FROM {_ROLE}")[0][0]:  # noqa: S608 - made of constants of this file
            continue  # said already, and it may all
        wanted = {table: _letters(each) for table, each in rights(alias).items()}
        found, limited = _held(alias, "current_user"), columns()
        for table in limited.keys() & wanted.keys():
            if "UPDATE" in wanted[table]:
                wanted[table] -= {"UPDATE"}
                wanted[table] |= {f"UPDATE {column}" for column in limited[table]}
        found = {
            table: _with_columns(alias, table, held) if table in limited else held
            for table, held in found.items()
        }
        yield from _differing(alias, wanted, found)
        if loose := sorted(table for table, held in _held(alias, "'public'").items() if held):
            yield finding(
                "postgres.everyone", f"Everyone in {_name(alias)} has rights on {loose[0]}.", GRANT_IT
            )


def nobody_makes_tables() -> Iterator[CheckMessage]:
    """A role that makes a table can make a function, and so more."""
    may = (
        "has_schema_privilege({0}, 'public', 'CREATE') "
        "OR has_database_privilege({0}, current_database(), 'CREATE')"
    )
    for alias in _here():
        for who, name in (("current_user", "This role"), ("'public'", "Everyone")):
            if _rows(alias, f"SELECT {may.format(who)}")[0][0]:
                yield finding("postgres.create", f"{name} may make tables in {_name(alias)}.", GRANT_IT)


def records_are_guarded() -> Iterator[CheckMessage]:
    """Each trigger that keeps the rows of a record is there and switched on."""
    for alias in _here():
        rows = _rows(
            alias, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        )
        if missing := guards(alias, "postgresql") - {name for (name,) in rows}:
            yield unguarded(_name(alias), missing)


def the_line_is_encrypted() -> Iterator[CheckMessage]:
    """To another machine only by TLS, to a server whose certificate was checked."""
    for alias in _here():
        found = settings.DATABASES[alias]
        host = str(found["HOST"])
        if not host or host.startswith("/") or host in LOOPBACK:
            continue
        encrypted = _rows(alias, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
        if not (encrypted and encrypted[0][0] and found["OPTIONS"].get("sslmode") == "verify-full"):
            yield finding(
                "postgres.tls",
                f"The line to {_name(alias)} on {host} is not TLS to a server that was checked.",
                "Add ?sslmode=verify-full&sslrootcert=FILE to its address.",
            )


def commits_are_on_disk() -> Iterator[CheckMessage]:
    """What the server says is written must be written."""
    for alias in _here():
        if off := [name for name in DURABLE if _rows(alias, f"SHOW {name}")[0][0] == "off"]:
            yield finding(
                "postgres.durable",
                f"The server of {_name(alias)} has {', '.join(off)} off.",
                "Set it on in postgresql.conf: a power cut would lose what was told.",
            )


def the_two_are_apart() -> Iterator[CheckMessage]:
    """One database for both would let one role read both."""
    here = [settings.DATABASES[alias] for alias in _here()]
    other, variable = (
        ("accounts", ACCOUNTS_VARIABLE) if settings.CASEWORK else ("vault", "LUWTE_VAULT_DATABASE")
    )
    if len(here) == 2 and all(here[0][part] == here[1][part] for part in ("NAME", "HOST", "PORT")):
        yield finding(
            "postgres.apart",
            f"Register and {other} are one database.",
            f"Give {variable} a database of its own.",
        )


def _differing(
    alias: str, wanted: Mapping[str, set[str]], found: Mapping[str, set[str]]
) -> Iterator[CheckMessage]:
    tables = wanted.keys() | found.keys()
    none: set[str] = set()
    more = sorted(
        f"{right} on {table}"
        for table in tables
        for right in found.get(table, none) - wanted.get(table, none)
    )
    less = sorted(
        f"{right} on {table}"
        for table in tables
        for right in wanted.get(table, none) - found.get(table, none)
    )
    for name, said, which in (("postgres.more", "more", more), ("postgres.less", "less", less)):
        if which:
            some = ", ".join(which[:3])
            yield finding(
                name,
                f"This process has {len(which)} rights {said} in {_name(alias)} than its world: {some}.",
                GRANT_IT,
            )


def _letters(each: Mapping[Role, str]) -> set[str]:
    return {RIGHTS[letter] for letter in each.get(Role(settings.WORLD.value), "")}


def _held(alias: str, who: str) -> dict[str, set[str]]:
    """Return table -> the rights that `who` (SQL) has on all of it, with those that come from other roles."""
    asked = ", ".join(f"has_table_privilege({who}, oid, '{right}')" for right in _PRIVILEGES)
    found: dict[str, set[str]] = defaultdict(set)
    for table, *has in _rows(alias, f"SELECT relname, {asked} FROM {_TABLES}"):  # noqa: S608 - made of constants of this file
        found[table] = {right for right, held in zip(_PRIVILEGES, has, strict=True) if held}
    return dict(found)


def _with_columns(alias: str, table: str, held: set[str]) -> set[str]:
    if "UPDATE" in held:
        return held
    asked = (
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND has_column_privilege(current_user, attrelid, attnum, 'UPDATE')"
    )
    return held | {f"UPDATE {column}" for (column,) in _rows(alias, asked, [table])}


def _rows(alias: str, statement: str, values: list[str] | None = None) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _name(alias: str) -> str:
    return str(settings.DATABASES[alias]["NAME"])


def _here() -> list[str]:
    return [alias for alias in databases() if connections[alias].vendor == "postgresql"]


CHECKS: tuple[Check, ...] = (
    the_role_has_no_power,
    the_role_has_the_rights_of_its_world,
    nobody_makes_tables,
    records_are_guarded,
    the_line_is_encrypted,
    commits_are_on_disk,
    the_two_are_apart,
)
