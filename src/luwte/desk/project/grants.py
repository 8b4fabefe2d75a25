"""What each role may do in PostgreSQL, table by table: as little as its world needs, said in SQL.

The owner of the databases makes the tables and runs this; no process of the desk works as the owner. Where
rows are a record no role may change or delete them, whatever triggers say: only `retention` deletes, and only
rows whose term is over (`luwte.desk.audit.clearing`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from django.apps import apps
from django.db import router
from django.db.models import Model

from luwte.desk.project.databases import ACCOUNTS
from luwte.desk.project.worlds import World

RIGHTS = {"s": "SELECT", "i": "INSERT", "u": "UPDATE", "d": "DELETE"}


class Role(StrEnum):
    """Who works in the databases: a process of a world, what deletes rows over their term, or backs up."""

    CASEWORK = World.CASEWORK.value
    TELLING = World.TELLING.value
    VAULT = World.VAULT.value
    RETENTION = World.RETENTION.value
    BACKUP = "backup"


# Letters of RIGHTS for casework, telling and retention.
_REGISTER = {
    "audit.Leaf": ("si", "si", "siu"),
    "audit.Waiting": ("si", "sid", "si"),
    "audit.Place": ("s", "si", "s"),
    "audit.Tile": ("s", "si", "s"),
    "audit.Checkpoint": ("s", "si", "s"),
    "audit.Cosignature": ("s", "si", "s"),
    "audit.Cleared": ("s", "s", "si"),
    "audit.Clearing": ("s", "s", "sid"),
    "audit.Restoration": ("s", "su", "s"),
    "cases.Case": ("si", "si", "sd"),
    "cases.Event": ("", "si", "sd"),
    "cases.Announcement": ("si", "s", "sd"),
    "cases.CaseAgency": ("si", "si", "sd"),
    "cases.CaseStep": ("si", "si", "sd"),
    "cases.Dismissal": ("si", "si", "sd"),
    "cases.VictimStatus": ("si", "si", "sd"),
    "cases.LegalHold": ("si", "siu", "sd"),
    "findings.Gate": ("siu", "siu", "su"),
    "findings.SeriesLink": ("s", "sid", "sd"),
    "findings.ReportReceipt": ("si", "s", "sd"),
    "findings.ReportSeries": ("si", "s", "sd"),
    "findings.Finding": ("siu", "siu", "sd"),
    "findings.Touched": ("si", "sid", "sid"),
    "findings.EntrySighting": ("siu", "siu", "sd"),
    "findings.Quarantine": ("siud", "siud", "s"),
    "findings.Cluster": ("siu", "s", "sud"),
    "findings.ClusterHeld": ("sid", "s", "sd"),
    "findings.ClusterFiles": ("si", "s", "sd"),
    "findings.Remembered": ("si", "s", "sd"),
    "findings.Objection": ("siu", "s", "sd"),
    "findings.Origin": ("siud", "s", "s"),
    "findings.EntrySource": ("siud", "s", "s"),
    "findings.CommittedList": ("si", "s", "s"),
    "findings.SeriesReceipt": ("si", "s", "su"),
    "review.Reviewer": ("siu", "", "sd"),
    "review.Look": ("siu", "", "sd"),
    "review.ReviewLimits": ("siu", "", "s"),
    "review.ReviewFloor": ("si", "", "s"),
    "review.Proposal": ("siu", "", "sd"),
    "review.KeptStake": ("s", "sid", "sd"),
    "money.Loss": ("", "si", "sd"),
    "money.Ceiling": ("", "siu", "sd"),
    "money.Award": ("", "siu", "sd"),
    "money.Payout": ("", "siu", "sd"),
    "money.Payment": ("", "si", "sd"),
    "wishes.WishBook": ("", "siu", "sud"),
    "wishes.Wish": ("", "si", "sd"),
    "wishes.Hold": ("", "siu", "sd"),
    "wishes.Quiet": ("", "siu", "sd"),
    "words.SignOff": ("", "si", "s"),
    "words.Proposal": ("", "siu", "s"),
    "staff.Account": ("", "siu", "s"),
    "staff.Request": ("", "siu", "sd"),
    "staff.Kept": ("", "siud", "sd"),
    "telling.Contact": ("", "siu", "sd"),
    "telling.ContactItem": ("", "siu", "sd"),
    "telling.Decision": ("", "siu", "sd"),
    "telling.Agenda": ("", "siud", "sid"),
    "telling.CoverageStatement": ("", "si", "sd"),
    "telling.StoppedChannel": ("", "siu", "sd"),
    "telling.CareTask": ("", "siu", "sd"),
    "telling.FirstContact": ("", "siu", "sd"),
    "telling.SafetyAlert": ("", "siu", "sd"),
    "telling.SafetyAttempt": ("", "siu", "sd"),
    "telling.Remembered": ("", "s", "sid"),
    "api.Client": ("siu", "siu", "s"),
    "api.Token": ("sid", "sd", "sd"),
    "api.Tries": ("siud", "", "sd"),
    "api.Kept": ("siud", "", "sd"),
    "api.Delivery": ("si", "", "sd"),
    "api.Notice": ("si", "", "sd"),
    "api.Hook": ("siu", "siu", "s"),
}
# The same for vault, telling and retention.
_PEOPLE = {
    "vault.Person": ("siu", "siu", "sd"),
    "vault.PersonKey": ("siud", "siud", "sd"),
    "vault.LookUp": ("siud", "siud", "sd"),
    "vault.Erasure": ("siu", "siu", "s"),
    "vault.BreakGlass": ("siud", "siud", "sd"),
    "vault.Draft": ("siud", "siud", "sd"),
    "vault.Assessment": ("sid", "sid", "sd"),
    "vault.Ring": ("s", "s", "s"),
    "vault.Restoration": ("s", "s", "s"),
    "vault.Address": ("siud", "siud", "sd"),
    "vault.Representative": ("siu", "siu", "sd"),
    "vault.SignInLink": ("sd", "siud", "sd"),
    "vault.Factor": ("sd", "siud", "sd"),
    "vault.Leaf": ("si", "si", "siu"),
    "vault.Waiting": ("si", "sid", "si"),
    "vault.Place": ("s", "si", "s"),
    "vault.Tile": ("s", "si", "s"),
    "vault.Checkpoint": ("s", "si", "s"),
    "vault.Cosignature": ("s", "si", "s"),
    "vault.Cleared": ("s", "s", "si"),
}
# Tables of the framework's own apps are telling's; sessions that are over and tries that failed go.
_OTHERS = ("", "siud", "s")
_OWN_ACCOUNTS = ("siud",)
"""Of the accounts of casework: nobody else even connects to their database."""
_FRAMEWORK = dict.fromkeys(("sessions.Session", "axes.AccessAttempt"), ("", "siud", "sd"))
# The only columns that may change, where the desk writes no others.
_COLUMNS = {
    "audit.Leaf": ("content",),
    "vault.Leaf": ("content",),
    "audit.Restoration": ("resumed", "resumed_by"),
    "findings.SeriesReceipt": ("series", "veil"),
    "money.Award": ("final", "paid"),
    "money.Ceiling": ("most", "taken"),
    "money.Payout": ("decided", "decided_by", "result", "paid"),
    "review.Proposal": ("closed", "closed_by", "result"),
    "telling.Decision": ("replaced",),
    "telling.ContactItem": ("live",),
    "wishes.Hold": ("ends", "lifted"),
    "wishes.WishBook": ("changed",),
    "words.Proposal": ("ended",),
}
_ROLES = {
    "default": (Role.CASEWORK, Role.TELLING, Role.RETENTION),
    "vault": (Role.VAULT, Role.TELLING, Role.RETENTION),
    ACCOUNTS: (Role.CASEWORK,),
}
# A backup reads all but what lets someone in, records that it was made and signs the record; no more.
_BACKUP = {
    "leaf": "si", "waiting": "sid", "place": "si", "tile": "si", "checkpoint": "si", "session": "",
    "signinlink": "", "factor": "",
}  # fmt: skip


def rights(alias: str) -> Mapping[str, Mapping[Role, str]]:
    """Return table -> role -> letters of `RIGHTS`, for every table of the database `alias`.

    Tables of the framework's own apps (accounts, sessions) are telling's alone. Raises `LookupError` for a
    table of the desk that has no rights here: a mistake in the program.
    """
    known = _PEOPLE if alias == "vault" else _REGISTER
    backup = () if alias == ACCOUNTS else (Role.BACKUP,)
    found = {"django_migrations": dict.fromkeys((*_ROLES[alias], *backup), "s")}
    for model in apps.get_models(include_auto_created=True):
        if router.allow_migrate_model(alias, model):
            letters = known[model._meta.label] if _ours(model) else _FRAMEWORK.get(model._meta.label, _OTHERS)
            each = dict(zip(_ROLES[alias], _OWN_ACCOUNTS if alias == ACCOUNTS else letters, strict=True))
            saved = dict.fromkeys(backup, _BACKUP.get(str(model._meta.model_name), "s"))
            found[model._meta.db_table] = each | saved
    return found


def columns() -> dict[str, tuple[str, ...]]:
    """Return the tables of this process of which only some columns may change, with those columns."""
    here = {model._meta.label: model._meta.db_table for model in apps.get_models()}
    return {here[label]: names for label, names in _COLUMNS.items() if label in here}


def statements(alias: str, names: Mapping[Role, str]) -> Iterator[str]:
    """Give the SQL, to be run by the owner, that gives the roles with these `names` their rights in `alias`.

    Whatever they and everyone had there before is taken away first, so that it can be run again.
    """
    known = _ROLES[alias] if alias == ACCOUNTS else (*_ROLES[alias], Role.BACKUP)
    here = {role: _quoted(name) for role, name in names.items() if role in known}
    others = [_quoted(name) for role, name in names.items() if role not in here]
    yield "BEGIN;"
    yield _on_database("REVOKE ALL ON DATABASE %I FROM PUBLIC")
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
    for name in (*here.values(), *others):
        yield _on_database(f"REVOKE ALL ON DATABASE %I FROM {name}")
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name};"
        yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {name};"
    for name in here.values():
        yield _on_database(f"GRANT CONNECT ON DATABASE %I TO {name}")
        yield f"GRANT USAGE ON SCHEMA public TO {name};"
    for table, each in sorted(rights(alias).items()):
        for role, letters in each.items():
            if letters and role in here:
                yield f'GRANT {_listed(table, letters)} ON "{table}" TO {here[role]};'
    if Role.BACKUP in here:  # it keeps the last number that each table gave
        yield f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {here[Role.BACKUP]};"
    yield "COMMIT;"


def _ours(model: type[Model]) -> bool:
    return model.__module__.startswith("luwte.")


def _listed(table: str, letters: str) -> str:
    limited = columns()
    only = f" ({', '.join(limited[table])})" if table in limited else ""
    return ", ".join(RIGHTS[letter] + (only if letter == "u" else "") for letter in letters)


def _on_database(statement: str) -> str:
    """The name of the database is its own affair: the statement is for the one that it runs in."""
    escaped = statement.replace("'", "''")
    return f"DO $do$ BEGIN EXECUTE format('{escaped}', current_database()); END $do$;"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
