"""`luwte desk person`, the part about who acts for a person: mandates, what they know, conflicts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from luwte.base.clock import SystemClock
from luwte.cli._people import (
    CONFLICTS,
    DAY,
    EMAIL,
    KINDS,
    PERSON,
    PHONE,
    POST,
    ROLES,
    person,
    reaches_of,
    say_gap,
)
from luwte.cli._ready import on_a_ready_desk
from luwte.cli._who import by_account

__all__ = ["person"]

CHANNELS = ["portal", "email", "sms", "letter", "care_worker"]
REPRESENTATIVE = click.argument("representative_id", metavar="REPRESENTATIVE")
WHO = click.argument("who", metavar="WHO")


@person.command(name="show")
@PERSON
@on_a_ready_desk
@by_account
def person_show(person_id: str) -> None:
    """Show what is known of PERSON, how they are reached, and who acts for them."""
    from luwte.desk.vault import services

    found = services.view(person_id)
    _fields(found.identity)
    for reach in found.reaches:
        click.echo(f"{reach.kind}: {'; '.join(reach.value.splitlines())}")
    for one in services.representatives(person_id):
        click.echo(f"representative {one.id}")
        _fields(one.mandate, "  ")


@person.command(name="represent")
@PERSON
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="As what NAME acts for PERSON.")
@click.option("--begins", type=DAY, required=True, help="The first day of the mandate, YYYY-MM-DD.")
@click.option("--ends", type=DAY, help="The last day of the mandate, YYYY-MM-DD.")
@click.option("--holder", is_flag=True, help="NAME has parental authority.")
@click.option("--standing", is_flag=True, help="NAME is told of a right that would lapse.")
@click.option(
    "--channel",
    type=click.Choice(CHANNELS),
    default="care_worker",
    show_default=True,
    help="How NAME is reached.",
)
@EMAIL
@PHONE
@POST
@click.option("--language", default="nl", show_default=True, help="The language of messages: nl or en.")
@click.option("--not-yet", is_flag=True, help="NAME may not know yet that there is something to know.")
@on_a_ready_desk
def person_represent(
    person_id: str,
    name: str,
    role: str,
    begins: datetime,
    ends: datetime | None,
    not_yet: bool,
    **fields: Any,
) -> None:
    """Register NAME as who acts for PERSON and print the id. NAME is told nothing that nobody chose."""
    from luwte.desk.vault import rules, services

    reaches = tuple(reaches_of(*(fields.pop(kind) for kind in KINDS)))
    mandate = rules.Mandate(
        name,
        role,
        begins.date(),
        ends.date() if ends else None,
        reaches=reaches,
        informed=not not_yet,
        **fields,
    )
    click.echo(services.add_representative(person_id, mandate))
    if mandate.holder:
        say_gap(person_id)


@person.command(name="mandate")
@REPRESENTATIVE
@click.option("--begins", type=DAY, help="Another first day, YYYY-MM-DD.")
@click.option("--holder/--not-holder", default=None, help="Whether they have parental authority.")
@click.option(
    "--standing/--not-standing", default=None, help="Whether they are told of a right that would lapse."
)
@click.option("--channel", type=click.Choice(CHANNELS), help="Another way to reach them.")
@EMAIL
@PHONE
@POST
@click.option("--language", help="Another language of messages: nl or en.")
@on_a_ready_desk
def person_mandate(
    representative_id: str,
    begins: datetime | None,
    email: str | None,
    phone: str | None,
    post: str | None,
    **fields: Any,
) -> None:
    """Change what is given of a mandate, and nothing else."""
    from luwte.desk.vault import services

    changes = {name: value for name, value in fields.items() if value is not None}
    if begins is not None:
        changes["begins"] = begins.date()
    if given := reaches_of(email, phone, post):
        kinds = {reach.kind for reach in given}
        kept = services.representative(representative_id).mandate.reaches
        changes["reaches"] = (*(reach for reach in kept if reach.kind not in kinds), *given)
    services.change_representative(representative_id, **changes)
    click.echo("Changed.")


@person.command(name="mandate-end")
@REPRESENTATIVE
@click.option("--last-day", type=DAY, required=True, help="The last day on which it holds, YYYY-MM-DD.")
@on_a_ready_desk
def person_mandate_end(representative_id: str, last_day: datetime) -> None:
    """Let a mandate end: after its last day nothing reaches the representative, also what is queued."""
    from luwte.desk.vault import services

    services.end_mandate(representative_id, last_day.date())
    click.echo(f"The mandate holds until {last_day.date()}, that day included.")


@person.command(name="informed")
@WHO
@click.option("--yes/--not-yet", "informed", default=True, show_default=True, help="Whether WHO knows.")
@on_a_ready_desk
def person_informed(who: str, informed: bool) -> None:
    """Record whether WHO (a person or a representative) knows that there is something to know.

    Who does not know yet is reached by nothing but a care worker.
    """
    _change(who, informed=informed)


@person.command(name="conflict")
@WHO
@click.argument("found", type=click.Choice(list(CONFLICTS)))
@on_a_ready_desk
def person_conflict(who: str, found: str) -> None:
    """Record that WHO (a person or a representative) is a suspect, a convict, or lives with one; or none.

    Nothing reaches WHO from that moment, also nothing that is queued. What is kept is whether, not which.
    """
    _change(who, conflict=CONFLICTS[found])


@person.command(name="sign-in")
@REPRESENTATIVE
@on_a_ready_desk
@by_account
def person_sign_in(representative_id: str) -> None:
    """Print a link that signs a representative in once, within 24 hours; earlier ones are over."""
    from django.conf import settings
    from django.urls import reverse

    from luwte.desk.audit.actors import actor
    from luwte.desk.vault import services

    token = services.sign_in_link_for(representative_id, SystemClock().now(), by=actor())
    page = reverse("portal:sign_in", args=[token])
    click.echo(f"{settings.PORTAL_URL.rstrip('/')}{page}")


def _change(who: str, **changes: Any) -> None:
    from luwte.desk.vault import services
    from luwte.desk.vault.errors import RepresentativeUnknown

    try:
        services.change_representative(who, **changes)
    except RepresentativeUnknown:
        services.change_person(who, **changes)
    click.echo("Recorded.")


def _fields(known: Any, indent: str = "") -> None:
    """Print each field that says something, one a line."""
    from dataclasses import fields

    for field in fields(known):
        value = getattr(known, field.name)
        if field.name == "reaches":
            value = ", ".join(f"{reach.kind} {'; '.join(reach.value.splitlines())}" for reach in value)
        if value not in (None, ""):
            words = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
            click.echo(f"{indent}{field.name.replace('_', ' ')}: {words}")
