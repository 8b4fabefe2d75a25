"""`luwte desk harm`: a sign of harm that a care worker saw."""

from __future__ import annotations

import click

from luwte.base.clock import SystemClock
from luwte.cli._people import PERSON
from luwte.cli._ready import on_a_ready_desk


@click.command()
@PERSON
@click.option("--reason", required=True, help="What was seen; kept with the pause.")
@click.option("--by", required=True, help="Which care worker saw it.")
@on_a_ready_desk
def harm(person_id: str, reason: str, by: str) -> None:
    """Record a sign of harm: everything stops for PERSON until a human, after a call, lets it go on."""
    from luwte.desk.telling import services
    from luwte.desk.wishes.rules import HoldKind

    now = SystemClock().now()
    services.hold(person_id, HoldKind.HARM, set_by=by, reason=reason, ends=now, now=now)
    click.echo("Everything has stopped. A call with this person stands on the work list.")
