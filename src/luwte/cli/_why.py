"""`luwte desk why`: why someone was or was not told, now and before, from the record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from luwte.base.clock import SystemClock
from luwte.cli._moments import minute
from luwte.cli._ready import on_a_ready_desk
from luwte.cli._who import by_account

if TYPE_CHECKING:
    from luwte.desk.telling.ledger import Entry
    from luwte.desk.telling.reading import PersonOverview


@click.command()
@click.argument("person_id", metavar="PERSON")
@click.option("--finding", metavar="F", help="Only decisions about this finding or event, by its id.")
@click.option(
    "--as",
    "representative",
    metavar="REPRESENTATIVE",
    help="Decisions for this representative, by the id; without it, for the person.",
)
@click.option(
    "--language",
    type=click.Choice(["nl", "en"]),
    default="en",
    show_default=True,
    help="The language of the sentences.",
)
@on_a_ready_desk
@by_account
def why(person_id: str, finding: str | None, representative: str | None, language: str) -> None:
    """Say why PERSON, or who acts for them, was or was not told: what stands now, and what stood before."""
    from luwte.desk.telling import reading
    from luwte.desk.telling.ledger import ledger

    found = ledger(person_id, representative, finding, language)
    person = reading.why(person_id, SystemClock().now(), language)
    if representative is None:
        last = f"{person.last_told:%Y-%m-%d}" if person.last_told else "never"
        click.echo(f"Told {person.told} times, last: {last}.")
    _say([one for one in found if one.replaced is None], "Now:")
    _say([one for one in found if one.replaced is not None], "Before:")
    if not found:
        click.echo("Nothing was decided about this yet. `luwte desk tell` decides.")
    if representative is None:
        _open(person_id, person)


def _say(entries: Iterable[Entry], title: str) -> None:
    for place, one in enumerate(entries):
        if place == 0:
            click.echo(title)
        until = f" to {minute(one.replaced)}" if one.replaced else ""
        about = f" About: {', '.join(one.items)}." if one.items else ""
        click.echo(f"  {minute(one.decided)}{until}  {one.outcome}: {one.sentence} ({one.reason}){about}")


def _open(person_id: str, person: PersonOverview) -> None:
    from luwte.desk.telling import reading

    for one in reading.late(person_id):
        again = minute(one.next_try)
        click.echo(f"A message stands ready and did not leave yet: {one.cause}. Tried again from {again} on.")
    for task in person.tasks:
        kind = task.kind.replace("_", " ")
        click.echo(f"A care worker must look at: {kind} (since {task.made:%Y-%m-%d})")
    for call in person.calls:
        whose = f"accepted by {call.accepted_by}" if call.accepted_by else "nobody took it yet"
        click.echo(f"A call waits since {call.made:%Y-%m-%d} ({call.reason}): {whose}.")
