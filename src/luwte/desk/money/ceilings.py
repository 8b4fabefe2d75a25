"""The sums that the database keeps itself: what is paid of an award or a payout, and taken of a ceiling.

Triggers reckon them anew from the payments, so that no program can pay more by forgetting to count, and
loading a backup counts nothing twice. The checks of the tables then refuse what is too much. Two who pay at
once wait for each other: whoever comes second counts what the first one paid.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_OF = {
    "money_award": ("paid", "p.award_id = {row}.id"),
    "money_payout": ("paid", "p.payout_id = {row}.id"),
    "money_ceiling": (
        "taken", "p.subject = {row}.subject AND p.scheme = {row}.scheme AND p.currency = {row}.currency"
    ),
}  # fmt: skip
"""Each table with a sum, its column, and which payments `p` make the sum of a row."""
_WHICH = {
    "money_award": "id = NEW.award_id",
    "money_payout": "id = NEW.payout_id",
    "money_ceiling": "subject = NEW.subject AND scheme = NEW.scheme AND currency = NEW.currency",
}
"""Which row of each a new payment counts in."""
_UNAPPROVED = (
    "NEW.payout_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM money_payout WHERE id = NEW.payout_id"
    " AND result = 'approved' AND subject = NEW.subject AND scheme = NEW.scheme"
    " AND currency = NEW.currency)"
)
UNAPPROVED = "a payment is of what two people approved, and of nothing else"
OTHER_SUM = "this sum follows the payments"
TRIGGERS = {
    "money_payment": ("money_payment_counts", "money_payment_is_approved"),
    **{table: (f"{table}_no_other_sum",) for table in _OF},
}
"""The triggers that are made here, by table."""


def sums() -> migrations.RunPython:
    """Return the step of a migration that lets the database keep the sums."""
    return migrations.RunPython(_make, _drop)


def _make(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"sqlite": _sqlite, "postgresql": _postgresql}[editor.connection.vendor]():
        editor.execute(statement, None)


def _drop(_: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for table, names in TRIGGERS.items():
        where = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for name in names:
            editor.execute(f"DROP TRIGGER IF EXISTS {name}{where}", None)


def _sum(table: str, row: str) -> str:
    which = _OF[table][1].format(row=row)
    return f"(SELECT COALESCE(SUM(principal), 0) FROM money_payment p WHERE {which})"  # noqa: S608 - made of constants of this file


def _counts(table: str) -> str:
    return f"UPDATE {table} SET {_OF[table][0]} = {_sum(table, table)} WHERE {_WHICH[table]}"  # noqa: S608 - made of constants of this file


def _sqlite() -> list[str]:
    refuse = "BEGIN SELECT RAISE(ABORT, '{}'); END"
    count = " ".join(f"{_counts(table)};" for table in _OF)
    return [
        "CREATE TRIGGER money_payment_is_approved BEFORE INSERT ON money_payment "
        f"WHEN {_UNAPPROVED} {refuse.format(UNAPPROVED)}",
        f"CREATE TRIGGER money_payment_counts AFTER INSERT ON money_payment BEGIN {count} END",
        *(
            f"CREATE TRIGGER {table}_no_other_sum BEFORE UPDATE OF {column} ON {table} "
            f"WHEN NEW.{column} <> {_sum(table, 'NEW')} {refuse.format(OTHER_SUM)}"
            for table, (column, _) in _OF.items()
        ),
    ]


def _postgresql() -> list[str]:
    """The row of a sum is locked first, so that what is added up after it holds what others committed."""
    say = "IF {} THEN RAISE EXCEPTION '{}'; END IF;"
    locks = " ".join(f"PERFORM 1 FROM {table} WHERE {which} FOR UPDATE;" for table, which in _WHICH.items())
    count = " ".join(f"{_counts(table)};" for table in _OF)
    functions = {
        "money_payment_is_approved": ("BEFORE INSERT ON money_payment", say.format(_UNAPPROVED, UNAPPROVED)),
        "money_payment_counts": ("AFTER INSERT ON money_payment", f"{locks} {count}"),
    }
    for table, (column, _) in _OF.items():
        wrong = f"NEW.{column} <> {_sum(table, 'NEW')}"
        functions[f"{table}_no_other_sum"] = (
            f"BEFORE UPDATE OF {column} ON {table}", say.format(wrong, OTHER_SUM)
        )  # fmt: skip
    return [
        statement
        for name, (when, body) in functions.items()
        for statement in (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body} RETURN NEW; END $$",
            f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()",
        )
    ]
