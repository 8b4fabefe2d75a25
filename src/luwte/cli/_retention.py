"""`luwte desk retention`: how long what is kept, deleting what is over its term, proofs, and legal holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import BadInput
from luwte.cli._people import DAY
from luwte.cli._ready import on_a_desk_that_lets_go, on_a_ready_desk, on_a_ready_register
from luwte.cli._who import by_name_or_account

if TYPE_CHECKING:
    from luwte.desk.retention.proof import Proof
    from luwte.desk.retention.rules import Row
    from luwte.desk.retention.survey import Line

CASE = click.argument("case", metavar="CASE")
REASON = click.option("--reason", required=True, help="Why; a sentence without names.")


@click.group(invoke_without_command=True)
@click.option("--apply", "apply_", is_flag=True, help="Delete what is over its term; without it, nothing is.")
@click.option("--proof", metavar="ID", help="Show by which step, and which rule, the row with this id went.")
@click.option("--table", "table_", is_flag=True, help="Write the table that holds, as its digest is made.")
@click.option(
    "--today", type=DAY, help="With --apply: today (UTC), YYYY-MM-DD, when the record was long quiet."
)
@click.pass_context
def retention(
    context: click.Context, apply_: bool, proof: str | None, table_: bool, today: datetime | None
) -> None:
    """Show how long what is kept, by which source, and what would go; nothing is deleted without --apply."""
    if context.invoked_subcommand is not None:
        if apply_ or proof or table_ or today:
            raise BadInput("--apply, --proof, --table and --today go without a word like `hold` behind them.")
    elif apply_ + (proof is not None) + table_ > 1:
        raise BadInput("Give one of --apply, --proof and --table.")
    elif proof is not None:
        _prove(proof)
    elif table_:
        _write()
    elif apply_:
        _apply(today)
    else:
        _show()


@on_a_desk_that_lets_go
def _show() -> None:
    from luwte.desk.retention.survey import survey
    from luwte.desk.retention.table import digest

    rows = _table()
    for line in survey(rows, SystemClock().now()):
        click.echo(_said(line))
    click.echo(f"The digest of this table is {digest(rows.values())}.")
    click.echo("Nothing was deleted. `luwte desk retention --apply` does it.")


@on_a_desk_that_lets_go
def _write() -> None:
    from luwte.desk.retention.table import written

    click.echo(written(_table().values()), nl=False)


@on_a_desk_that_lets_go
def _apply(today: datetime | None) -> None:
    from luwte.desk.retention import services

    gone: dict[str, int] = {}

    def said(row: Row, count: int) -> None:
        gone[row.what] = gone.get(row.what, 0) + count

    total = services.apply(_table(), SystemClock(), today.date() if today else None, said)
    for what, count in gone.items():
        click.echo(f"{count:>8}  {what}")
    click.echo(
        f"{total} rows went, and each step is in the record." if total else "Nothing was over its term."
    )


@on_a_desk_that_lets_go
def _prove(identifier: str) -> None:
    from luwte.desk.retention.proof import prove
    from luwte.desk.retention.table import digest

    rows = _table()
    found, holds = prove(identifier, rows), digest(rows.values())
    for one in found:
        click.echo(_proven(one, holds))
    if not all(one.whole and one.gone for one in found):
        raise BadInput("The record and the database do not agree on this row. Run `luwte audit verify`.")


@retention.command()
@CASE
@REASON
@on_a_ready_register
@by_name_or_account
def hold(case: str, reason: str, by: str) -> None:
    """Let nothing of CASE, and of those it is about, be deleted until `release`, under your account."""
    from luwte.desk.cases import holding

    holding.hold(case, reason, by, SystemClock().now())
    click.echo(f"Case {case} is held: nothing of it is deleted.")


@retention.command()
@CASE
@REASON
@on_a_ready_desk
@by_name_or_account
def release(case: str, reason: str, by: str) -> None:
    """End the hold on CASE, under your account; what is over its term may be deleted again."""
    from luwte.desk.cases import holding

    holding.release(case, reason, by, SystemClock().now())
    click.echo(f"Case {case} is not held any more.")


@retention.command()
@on_a_ready_register
def holds() -> None:
    """List the legal holds that stand: case, since when, by whom, why."""
    from luwte.desk.cases import holding

    found = holding.holds()
    for one in found:
        click.echo(f"{one.case.number}  {_day(one.since)}  {one.set_by}: {one.reason}")
    if not found:
        click.echo("No case is held.")


def _table() -> dict[str, Row]:
    """The table with what the authority chose, in the folder of the desk."""
    from luwte.desk.project.folder import desk_folder
    from luwte.desk.retention.table import FILE, table

    return dict(table(desk_folder() / FILE))


def _said(line: Line) -> str:
    row = line.row
    if row.after is None:
        where = {"case": "goes with its case", "person": "goes with the erased person"}.get(row.then, "stays")
        return f"{row.model:<27} {where}: {row.why}"
    oldest = f", the oldest of {_day(line.oldest)}" if line.oldest else ""
    kept = "".join(f"; {count} kept: {word}" for word, count in sorted(line.kept.items()))
    done = "would be forgotten" if row.then == "forget" else "would go"
    source = f"{row.source} [{row.mark}]"
    return f"{row.model:<27} {row.after.text} from {row.counted}; {source}: {line.count} {done}{oldest}{kept}"


def _proven(one: Proof, holds: str) -> str:
    """`holds`: the digest of the table that holds now."""
    said = one.said
    table = said.get("table") or "that was not named"
    which = "the one that holds" if table == holds else "not the one that holds now"
    place = f"place {one.place}" if one.place is not None else "no place yet"
    state = "whole" if one.whole else "NOT WHOLE"
    there = "" if one.gone else ", but A ROW WITH THIS ID IS THERE"
    return (
        f"{one.model}: {said.get('done')} with {said.get('rows')} rows; term {said.get('term')} "
        f"({said.get('source')}), of before {said.get('before')}; table {table}, {which}; "
        f"act {one.leaf} of the {one.log} record ({place}), {state}{there}."
    )


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d")
