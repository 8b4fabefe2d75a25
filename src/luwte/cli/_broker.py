"""`luwte desk person broker` and `broker-gone`: who may sign in through the broker, with which account."""

from __future__ import annotations

from typing import TextIO

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import BadInput
from luwte.cli._people import PERSON
from luwte.cli._ready import on_a_ready_vault
from luwte.cli._vault import person
from luwte.cli._who import by_account

__all__ = ["person"]

LONGEST = 255
"""Characters by which a broker names somebody."""


@person.command(name="broker")
@PERSON
@click.option(
    "--from",
    "file",
    type=click.File(),
    help="A file with what the broker names the person by on its first line (- for standard input); without "
    "it, it is asked for.",
)
@on_a_ready_vault
@by_account
def person_broker(person_id: str, file: TextIO | None) -> None:
    """Let PERSON sign in through the broker, with one account there, in place of any other.

    What the broker names the person by is not kept, only a digest of it is.
    """
    from django.conf import settings

    from luwte.desk.audit.actors import actor
    from luwte.desk.vault import brokered

    if settings.BROKER is None:
        raise BadInput("This desk has no broker. Name one in LUWTE_BROKER_ISSUER: docs/deployment.md.")
    claim = settings.BROKER.claim
    account = brokered.mark(settings.BROKER.issuer, claim, _named(claim, file))
    brokered.connect(person_id, account, SystemClock().now(), by=actor())
    click.echo("This person can sign in through the broker.")


@person.command(name="broker-gone")
@PERSON
@on_a_ready_vault
@by_account
def person_broker_gone(person_id: str) -> None:
    """Let PERSON sign in through the broker no more; a visit that stands goes on."""
    from luwte.desk.audit.actors import actor
    from luwte.desk.vault import brokered

    there = brokered.disconnect(person_id, SystemClock().now(), by=actor())
    click.echo("Forgotten." if there else "There was no account at the broker.")


def _named(claim: str, file: TextIO | None) -> str:
    try:
        given = file.readline(LONGEST + 2) if file else click.prompt(claim, hide_input=True, err=True)
    except UnicodeDecodeError:
        given = ""
    value = str(given).strip()
    if not 0 < len(value) <= LONGEST or not value.isprintable():
        raise BadInput(
            f"What the broker names the person by ({claim}) is empty, too long or no text. Write it as the "
            "broker does, on one line, and nothing else."
        )
    return value
