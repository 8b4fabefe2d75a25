"""`luwte desk quarantine`: entries that match suddenly often or are mostly rejected, for a human to judge."""

from __future__ import annotations

from collections.abc import Callable

import click

from luwte.base.clock import SystemClock
from luwte.cli._ready import on_a_ready_register
from luwte.cli._who import by_name_or_account

Act = Callable[..., None]
ENTRIES = click.argument("entries", metavar="ENTRY...", nargs=-1, required=True)


@click.group()
def quarantine() -> None:
    """Judge entries that suddenly match far above their baseline, or that reviewers mostly reject."""


@quarantine.command(name="list")
@click.option("--all", "reviewed_too", is_flag=True, help="Show those that were reviewed as well.")
@on_a_ready_register
def list_(reviewed_too: bool) -> None:
    """List what waits for a human: entry, since when, and why."""
    from luwte.desk.findings.models import Quarantine

    rows = Quarantine.objects.order_by("since", "entry")
    for row in rows.iterator() if reviewed_too else rows.filter(verdict="").iterator():
        judged = f"  {row.verdict} by {row.reviewed_by}" if row.verdict else ""
        why = f"{row.cases} cases in a week, {row.baseline:.2f} a week before"
        if row.cause == "rejected":
            why = f"{row.rejected} clusters rejected, {row.confirmed} confirmed"
        click.echo(f"{row.entry}  {row.since:%Y-%m-%d}  {why}{judged}")


@quarantine.command()
@ENTRIES
@on_a_ready_register
@by_name_or_account
def release(entries: tuple[str, ...], by: str) -> None:
    """Record that each ENTRY is sound: its files count again, for good."""
    from luwte.desk.findings import services

    _each(services.release, entries, by)
    click.echo(f"Released: {len(entries)}. They are told from the next round on, as each person chose.")


@quarantine.command()
@ENTRIES
@on_a_ready_register
@by_name_or_account
def keep(entries: tuple[str, ...], by: str) -> None:
    """Record that each ENTRY is not sound: nobody is told of it."""
    from luwte.desk.findings import services

    _each(services.keep, entries, by)
    click.echo(f"Kept in quarantine: {len(entries)}. Nobody is told of them.")


def _each(act: Act, entries: tuple[str, ...], by: str) -> None:
    """All of them or, after any failure, none."""
    from django.db import transaction

    from luwte.desk.wishes.checks import check_text

    check_text("A review needs who looked.", by)
    with transaction.atomic():
        for entry in entries:
            act(entry, by, SystemClock().now())
