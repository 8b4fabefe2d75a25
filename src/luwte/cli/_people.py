"""`luwte desk person`: who is in the vault, how they are reached, and who acts for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from luwte.cli._ready import on_a_ready_desk

DAY = click.DateTime(["%Y-%m-%d"])
ROLES = ["parent", "guardian", "curator", "lawyer", "care worker"]


@click.group()
def person() -> None:
    """Add people, their addresses and who acts for them; list them."""


@person.command(name="add")
@click.argument("name")
@click.option("--email", help="An address for neutral e-mails.")
@click.option("--born", type=DAY, help="Birth date, YYYY-MM-DD.")
@click.option(
    "--language", default="nl", show_default=True, help="The language of pages and messages: nl or en."
)
@click.option("--time-zone", default="Europe/Amsterdam", show_default=True, help="Where the person lives.")
@click.option("--care-worker", default="", help="Who keeps contact.")
@on_a_ready_desk
def person_add(name: str, email: str | None, born: datetime | None, **fields: Any) -> None:
    """Add NAME to the vault and print the id. Nothing is told before there is a wish."""
    from luwte.desk.vault import rules, services

    day = born.date() if born else None
    identity = rules.Identity(name, day, day, **fields)
    reaches = [rules.Reach(rules.EMAIL, email)] if email else []
    click.echo(services.add_person(identity, *reaches))


@person.command(name="list")
@on_a_ready_desk
def person_list() -> None:
    """List everyone: id, name, language."""
    from luwte.desk.vault import services

    for found in services.people():
        click.echo(f"{found.id}  {found.identity.name}  {found.identity.language}")


@person.command(name="address")
@click.argument("person_id", metavar="PERSON")
@click.argument("email")
@on_a_ready_desk
def person_address(person_id: str, email: str) -> None:
    """Make EMAIL the address of PERSON, in place of any other.

    E-mail that was stopped stays so until a care worker has done its task.
    """
    from luwte.desk.vault import rules, services

    services.change_address(person_id, rules.Reach(rules.EMAIL, email))
    click.echo("The address is changed.")


@person.command(name="represent")
@click.argument("person_id", metavar="PERSON")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="As what NAME acts for PERSON.")
@click.option("--begins", type=DAY, required=True, help="The first day of the mandate, YYYY-MM-DD.")
@click.option("--ends", type=DAY, help="The last day of the mandate, YYYY-MM-DD.")
@on_a_ready_desk
def person_represent(person_id: str, name: str, role: str, begins: datetime, ends: datetime | None) -> None:
    """Register NAME as who acts for PERSON. Representatives are registered, and not told anything yet."""
    from luwte.desk.vault import rules, services

    mandate = rules.Mandate(name, role, begins.date(), ends.date() if ends else None)
    services.add_representative(person_id, mandate)
    click.echo(f"Registered as {role} from {begins.date()}.")
