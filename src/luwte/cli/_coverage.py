"""`luwte desk coverage`: what was searched, as a file that a person can have checked."""

from __future__ import annotations

from pathlib import Path

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import BadInput
from luwte.base.files import write_bytes
from luwte.cli._ready import on_a_ready_desk

OUT = click.Path(readable=False, dir_okay=False, path_type=Path)


@click.command()
@click.argument("person_id", metavar="PERSON")
@click.option("--year", type=click.IntRange(1990, 2200), help="The year of the searches; without: this one.")
@click.option("--out", type=OUT, required=True, help="The file to write, for verifier/verify_coverage.py.")
@click.option("--page", type=OUT, help="Also write the page to print (PDF), after the next checkpoint.")
@click.option(
    "--words", type=click.Choice(["nl", "nl-youth", "en"]), default="nl", show_default=True,
    help="The words of that page.",
)  # fmt: skip
@on_a_ready_desk
def coverage(person_id: str, year: int | None, out: Path, page: Path | None, words: str) -> None:
    """Write what was searched in a year, for PERSON, who asked for it: the same whatever was found.

    The same question gives the same file until there is another checkpoint of the record.
    """
    from luwte.desk.telling import stating
    from luwte.desk.telling.subjects import known_subject
    from luwte.desk.wishes.rules import Register

    now = SystemClock().now()
    subject = known_subject(person_id)
    asked = year or now.year
    if asked not in stating.years(now):
        raise BadInput(f"Nothing was searched by {asked} yet, or that year is to come. Nothing was written.")
    statement = stating.state(subject, asked, now, by="command")
    write_bytes(out, stating.content_of(subject, statement))
    click.echo(f"{out} is written. The record has it as statement {statement}.")
    if page is not None:
        write_bytes(page, stating.letter_of(subject, statement, Register(words)))
        click.echo(f"{page} is written.")
