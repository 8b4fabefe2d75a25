"""`luwte desk event` and `undeliverable`: what happens in a case, and which way does not reach someone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from luwte.base.clock import SystemClock
from luwte.cli._people import DAY, PERSON, Moment
from luwte.cli._ready import on_a_ready_desk

SOURCES = ["events", "rights", "takedown", "safety"]
CAUSES = ["bounced", "refused", "returned", "moved", "not_subscribed"]
WAYS = ["email", "sms", "letter"]
MOMENT = Moment(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


@click.group()
def event() -> None:
    """Record what happens in a case."""


@event.command(name="add")
@PERSON
@click.option("--case", required=True, help="The number of the case.")
@click.option("--source", type=click.Choice(SOURCES), required=True, help="News of what.")
@click.option("--kind", required=True, help="What happens: charge, hearing, claim, release, ...")
@click.option("--at", type=MOMENT, required=True, help="When, YYYY-MM-DD or YYYY-MM-DDTHH:MM.")
@click.option("--lapses", type=DAY, help="The last day of a right, YYYY-MM-DD.")
@on_a_ready_desk
def event_add(
    person_id: str, case: str, source: str, kind: str, at: datetime, lapses: datetime | None
) -> None:
    """Record an event in a case of PERSON and print its id; the same one twice changes nothing.

    Moments are those of the person's own clock. Nobody is told by this alone.
    """
    from luwte.desk.telling import services
    from luwte.desk.vault import services as vault
    from luwte.desk.wishes.rules import Source

    zone = vault.person(person_id).identity.zone
    over = (lapses + timedelta(days=1)).replace(tzinfo=zone).astimezone(UTC) if lapses else None
    click.echo(
        services.record_event(
            person_id,
            case,
            Source(source),
            kind,
            at=at.replace(tzinfo=zone).astimezone(UTC),
            lapses=over,
            now=SystemClock().now(),
        )
    )


@click.command()
@PERSON
@click.option("--channel", type=click.Choice(WAYS), required=True, help="Which way fails.")
@click.option("--cause", type=click.Choice(CAUSES), required=True, help="Why.")
@click.option("--representative", help="Whom it fails for, when not for PERSON.")
@on_a_ready_desk
def undeliverable(person_id: str, channel: str, cause: str, representative: str | None) -> None:
    """Record that a way does not reach PERSON: nothing goes through it until a care worker solved why."""
    from luwte.desk.telling import services
    from luwte.desk.telling.subjects import party_of
    from luwte.desk.vault import services as vault
    from luwte.desk.vault.errors import RepresentativeUnknown
    from luwte.desk.wishes.rules import PERSON as SELF
    from luwte.desk.wishes.rules import Channel

    recipient = SELF
    if representative is not None:
        if vault.representative(representative).person_id != person_id:
            raise RepresentativeUnknown(representative)
        recipient = party_of(representative)
    services.undeliverable(person_id, Channel(channel), cause, recipient, now=SystemClock().now())
    click.echo("Stopped. A care worker has a task.")
