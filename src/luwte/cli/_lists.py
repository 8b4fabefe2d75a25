"""`luwte desk lists`: foreign lists, sources, disputes and withdrawals of entries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import BadInput
from luwte.cli._ready import on_a_ready_register
from luwte.cli._who import by_account, by_name_or_account

if TYPE_CHECKING:
    from luwte.desk.findings.provenance import Of

ENTRY = click.argument("entry")
REASON = click.option("--reason", required=True, help="Why; it is kept.")
SIGNER = click.option("--signer", metavar="KEY_ID", help="All lists that this key signs.")
SERIES = click.option("--series", metavar="NAME", help="This series, whoever signs the list.")
FOLLOWS = (
    "What is planned on it alone is not told; what was told comes before a care worker with the next "
    "`luwte desk tell`. Labs take out what they remember of it with the next file that "
    "`luwte desk review export` writes: give it to them."
)


@click.group(name="lists")
def lists() -> None:
    """Keep the quality of lists: where entries come from, and which are wrong."""


@lists.command()
@SIGNER
@SERIES
@click.option("--source", required=True, help="The name of whose list it is.")
@on_a_ready_register
@by_name_or_account
def foreign(signer: str | None, series: str | None, source: str, by: str) -> None:
    """Say that a list is foreign: nobody is told of its entries until a second source vouches for them."""
    from luwte.desk.findings import lists as acts

    _check(by=by, source=source)
    of, name = _which(signer, series)
    count = acts.declare_foreign(of, name, source, by, SystemClock().now())
    click.echo(f"Foreign from now on. {count} entries turned up so far; their findings are counted anew.")


@lists.command()
@SIGNER
@SERIES
@on_a_ready_register
@by_account
def own(signer: str | None, series: str | None) -> None:
    """Take back that a list is foreign."""
    from luwte.desk.findings import lists as acts

    of, name = _which(signer, series)
    count = acts.declare_own(of, name, SystemClock().now())
    click.echo(f"Own from now on. {count} entries turned up so far; their findings are counted anew.")


@lists.command()
@ENTRY
@click.option("--source", required=True, help="Who says so, apart from the list.")
@on_a_ready_register
@by_name_or_account
def vouch(entry: str, source: str, by: str) -> None:
    """Record that another, independent source says the same of a foreign ENTRY."""
    from luwte.desk.findings import lists as acts

    _check(by=by, source=source)
    count = acts.vouch(entry, source, by, SystemClock().now())
    click.echo(f"{count} sources vouch for this entry.")


@lists.command()
@ENTRY
@REASON
@on_a_ready_register
@by_name_or_account
def dispute(entry: str, by: str, reason: str) -> None:
    """Record that somebody says ENTRY is wrong: nobody is told of it meanwhile."""
    from luwte.desk.findings import lists as acts

    _check(by=by, reason=reason)
    new = acts.dispute(entry, by, reason, SystemClock().now())
    click.echo("Held until it is settled." if new else "It was disputed before; nothing changed.")


@lists.command()
@ENTRY
@click.option("--wrong/--sound", required=True, default=None, help="What was found.")
@on_a_ready_register
@by_name_or_account
def settle(entry: str, wrong: bool, by: str) -> None:
    """Close the dispute of ENTRY: wrong, it is withdrawn; sound, it counts again."""
    from luwte.desk.findings import lists as acts

    _check(by=by)
    acts.settle_dispute(entry, wrong, by, SystemClock().now())
    click.echo(f"Withdrawn. {FOLLOWS}" if wrong else "It counts again.")


@lists.command()
@ENTRY
@REASON
@on_a_ready_register
@by_name_or_account
def withdraw(entry: str, by: str, reason: str) -> None:
    """Withdraw ENTRY, with all that followed from it."""
    from luwte.desk.findings import lists as acts

    _check(by=by, reason=reason)
    new = acts.withdraw(entry, by, reason, SystemClock().now())
    click.echo(f"Withdrawn. {FOLLOWS}" if new else "It was withdrawn before; nothing changed.")


@lists.command()
@ENTRY
@on_a_ready_register
@by_name_or_account
def reinstate(entry: str, by: str) -> None:
    """Take a withdrawal back: ENTRY counts again."""
    from luwte.desk.findings import lists as acts

    _check(by=by)
    acts.reinstate(entry, by, SystemClock().now())
    click.echo("It counts again.")


@lists.command()
@click.argument("entry", required=False)
@on_a_ready_register
def show(entry: str | None) -> None:
    """Show what is foreign and what is disputed or withdrawn; of ENTRY alone also what came before."""
    from luwte.desk.findings.models import EntrySource, Objection, Origin

    if entry is None:
        for origin in Origin.objects.order_by("of", "name"):
            click.echo(f"foreign: {origin.of} {origin.name}, of {origin.source}, by {origin.declared_by}")
    for source in EntrySource.objects.filter(entry=entry).order_by("since", "id") if entry else ():
        click.echo(f"source: {source.source}, {source.said_by or 'the list itself'}, {source.since:%Y-%m-%d}")
    rows = Objection.objects.order_by("opened", "id")
    for row in rows.filter(entry=entry) if entry else rows.filter(closed=None).iterator():
        closed = f"; {row.result} by {row.closed_by}, {row.closed:%Y-%m-%d}" if row.closed else ""
        click.echo(f"{row.entry}  {row.kind} by {row.opened_by}, {row.opened:%Y-%m-%d}: {row.reason}{closed}")


@lists.command()
@click.argument("file", type=click.Path(readable=False, path_type=Path))
@on_a_ready_register
def receipts(file: Path) -> None:
    """Take in the receipts FILE of a list: with them a person can be shown what was searched for.

    Its maker writes it with `luwte reference receipts`. The same file twice changes nothing.
    """
    from luwte.desk.findings.receipts import take_in
    from luwte.exchange.home import Home

    found, new = take_in(file, Home.open().trusted(), SystemClock().now())
    if new:
        click.echo(f"Kept: receipts for {found.series.count():,} series of list {found.version}.")
    else:
        click.echo("These receipts were taken in before; nothing changed.")


def _which(signer: str | None, series: str | None) -> tuple[Of, str]:
    from luwte.desk.findings.provenance import Of

    if (signer is None) == (series is None):
        raise BadInput("Say which: a key with `--signer KEY_ID`, or a series with `--series NAME`; not both.")
    return (Of.SIGNER, signer.strip()) if signer is not None else (Of.SERIES, (series or "").strip())


def _check(**said: str) -> None:
    from luwte.desk.wishes.checks import LONGEST_REASON, check_text

    sentences = {
        "by": "It must be known who does this.",
        "source": "A source needs a name.",
        "reason": "This needs a reason.",
    }
    for name, text in said.items():
        check_text(sentences[name], text, LONGEST_REASON if name == "reason" else 200)
