"""`luwte desk person find`, `erase` and `break-glass`: looking people up, and opening who they are."""

from __future__ import annotations

from datetime import datetime
from typing import TextIO

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import BadInput
from luwte.cli._moments import minute
from luwte.cli._people import DAY, PERSON
from luwte.cli._ready import on_a_ready_desk
from luwte.cli._representatives import person
from luwte.cli._who import by_account, staff_account, with_account

__all__ = ["person"]

_HELD = (
    "A legal hold stands on what is about this person: {cases}. It keeps the rows of the register. Who they "
    "are does not stay: an erasure destroys that at once."
)
REQUEST = click.argument("request_id", metavar="REQUEST")


@person.command(name="find")
@click.option("--name", help="The name; spelling of letters, accents and hyphens does not matter.")
@click.option("--born", type=DAY, help="The day of birth, YYYY-MM-DD; goes with --name.")
@click.option("--email", help="An e-mail address.")
@click.option("--phone", help="A telephone number.")
@on_a_ready_desk
@by_account
def person_find(name: str | None, born: datetime | None, email: str | None, phone: str | None) -> None:
    """Find people by name and day of birth, e-mail address or number; print id, name and language.

    Several people may share an address. That somebody looked is recorded, by account.
    """
    from luwte.desk.audit.actors import actor
    from luwte.desk.vault import look_ups, services

    day = born.date() if born else None
    found = look_ups.find(by=actor(), now=SystemClock().now(), name=name, born=day, email=email, phone=phone)
    for one in found:
        known = services.person(one)
        click.echo(f"{known.id}  {known.identity.name}  {known.identity.language}")
    if not found:
        click.echo("Nobody is found by that.")


@person.command(name="erase")
@PERSON
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
@on_a_ready_desk
def person_erase(person_id: str, yes: bool) -> None:
    """Erase PERSON for ever: who they are, how they are reached, who acts for them; in backups too."""
    from luwte.desk.vault import erased, services

    if cases := _held(person_id):
        click.echo(_HELD.format(cases=", ".join(cases)), err=True)
        if yes:
            raise BadInput("Nothing was erased. Run this again without --yes, and answer yourself.")
    if not yes:
        click.confirm("Nothing brings this person back, no backup either. Erase?", abort=True)
    now = SystemClock().now()
    services.erase(person_id, now=now)
    _take_letters()
    if erased.reached(person_id):
        click.echo(
            "Erased, and no backup of the databases can be read for this person with the key ring as it is "
            "now. Replace the copies of the ring that you keep: an old copy still opens an old backup."
        )
    else:
        click.echo(
            "Erased here. Backups of before can still be read with this key ring: it is in the environment, "
            "or has keys of an earlier version. Drop its old keys with `luwte keys rotate --retire`."
        )


def _take_letters() -> None:
    from luwte.desk.retention.services import take_letters_of_the_erased
    from luwte.desk.retention.table import shipped

    if count := take_letters_of_the_erased(shipped(), SystemClock()):
        click.echo(
            f"{count} letters to this person were taken out of the print folder. Destroy those on paper."
        )


def _held(person_id: str) -> list[str]:
    from luwte.desk.retention.needed import holding
    from luwte.desk.telling.subjects import subject_of

    return holding(subject_of(person_id))


@person.group(name="break-glass")
def break_glass() -> None:
    """Open who a person is outside your duties: two people, a reason, one hour; the person is told."""


@break_glass.command()
@PERSON
@click.option("--reason", required=True, help="Why this cannot wait for whose duty it is.")
@with_account
@on_a_ready_desk
def ask(person_id: str, reason: str, account: str, secrets: TextIO | None) -> None:
    """Ask to open who PERSON is, and print the request's id: another person approves it within a day."""
    from luwte.desk.vault import break_glass as acts

    click.echo(acts.ask(person_id, reason, by=staff_account(account, secrets), now=SystemClock().now()))


@break_glass.command(name="list")
@PERSON
@on_a_ready_desk
@by_account
def list_(person_id: str) -> None:
    """List every request about PERSON: the answer when the person asks who looked, and why."""
    from luwte.desk.vault import break_glass as acts

    for one in acts.requests(person_id):
        state = f"opened {minute(one.opened)}" if one.opened else "not opened"
        approved = f"approved by {one.approved_by}" if one.approved else "not approved"
        click.echo(
            f"{one.id}  {minute(one.asked)}  asked by {one.asked_by}, {approved}, {state}: {one.reason}"
        )


@break_glass.command()
@REQUEST
@with_account
@on_a_ready_desk
def approve(request_id: str, account: str, secrets: TextIO | None) -> None:
    """Approve REQUEST of somebody else; it opens for one hour."""
    from luwte.desk.vault import break_glass as acts

    ends = acts.approve(request_id, by=staff_account(account, secrets), now=SystemClock().now())
    click.echo(f"Approved until {minute(ends)}.")


@break_glass.command(name="open")
@REQUEST
@with_account
@on_a_ready_desk
def open_(request_id: str, account: str, secrets: TextIO | None) -> None:
    """Show who the person of REQUEST is; the person is told of it as they chose."""
    from luwte.desk.telling.access import open_person

    found = open_person(request_id, by=staff_account(account, secrets), now=SystemClock().now())
    click.echo(f"{found.id}  {found.identity.name}  {found.identity.language}")
    for reach in found.reaches:
        click.echo(f"{reach.kind}: {reach.value}")
