"""`luwte desk person`: who is in the vault, how they are reached, and what is known of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from luwte.base.clock import SystemClock
from luwte.cli._ready import on_a_ready_desk, on_a_ready_vault
from luwte.cli._who import by_account

if TYPE_CHECKING:
    from luwte.desk.vault.rules import Reach

YEARS = range(1850, 2200)


class Moment(click.DateTime):
    """A day or moment in a year that can be meant: others are a slip of the pen, and no calendar reaches."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the moment. Fails for another year than those of `YEARS`."""
        found = super().convert(value, param, ctx)
        if found.year not in YEARS:
            self.fail(f"{value!r} is not between {YEARS[0]} and {YEARS[-1]}. Check its year.", param, ctx)
        return found


DAY = Moment(["%Y-%m-%d"])
ROLES = ["parent", "guardian", "curator", "lawyer", "care worker"]
AUTHORITIES = ["joint", "sole", "shared", "guardianship", "none_now", "unclear"]
KINDS = ["email", "phone", "post"]
CONFLICTS = {
    "suspect": "certain",
    "convict": "certain",
    "household": "certain",
    "doubt": "doubt",
    "none": "none",
}
"""What is found out, and what of it is kept: whether, not which (the vault is no register of suspects)."""
PERSON = click.argument("person_id", metavar="PERSON")
EMAIL = click.option("--email", help="An address for neutral e-mails.")
PHONE = click.option("--phone", help="A telephone number, such as 0612345678 or +31612345678.")
POST = click.option("--post", help="A postal address, its lines with ; between.")
BORN = click.option("--born", type=DAY, help="The day of birth, YYYY-MM-DD.")
BETWEEN = click.option(
    "--born-between",
    nargs=2,
    type=DAY,
    metavar="FIRST LAST",
    help="The first and last possible day of birth, where the day is not known.",
)


@click.group()
def person() -> None:
    """Add people, what is known of them, and who acts for them; list them."""


@person.command(name="add")
@click.argument("name")
@EMAIL
@PHONE
@POST
@BORN
@BETWEEN
@click.option(
    "--language", default="nl", show_default=True, help="The language of pages and messages: nl or en."
)
@click.option("--words", help="The register of messages: nl, nl-youth or en (default: as the language).")
@click.option("--time-zone", default="Europe/Amsterdam", show_default=True, help="Where the person lives.")
@click.option("--care-worker", default="", help="Who keeps contact.")
@on_a_ready_vault
def person_add(
    name: str, email: str | None, phone: str | None, post: str | None, words: str | None, **fields: Any
) -> None:
    """Add NAME to the vault and print the id. Nothing is told before there is a wish."""
    from luwte.desk.vault import rules, services

    born = born_of(fields.pop("born"), fields.pop("born_between")) or (None, None)
    identity = rules.Identity(name, *born, words=words or fields["language"], **fields)
    click.echo(services.add_person(identity, *reaches_of(email, phone, post)))


@person.command(name="list")
@on_a_ready_vault
@by_account
def person_list() -> None:
    """List everyone: id, name, language. That somebody looked is recorded, by account."""
    from luwte.desk.vault import services

    for found in services.people():
        click.echo(f"{found.id}  {found.identity.name}  {found.identity.language}")


@person.command(name="change")
@PERSON
@click.option("--name", help="Another name.")
@BORN
@BETWEEN
@click.option("--language", help="Another language of pages and messages: nl or en.")
@click.option("--words", help="Another register of messages: nl, nl-youth or en.")
@click.option("--time-zone", help="Where the person lives now.")
@click.option("--care-worker", help="Who keeps contact now.")
@on_a_ready_vault
def person_change(
    person_id: str,
    born: datetime | None,
    born_between: tuple[datetime, datetime] | None,
    **fields: str | None,
) -> None:
    """Change what is given of PERSON, and nothing else."""
    changes: dict[str, Any] = {name: value for name, value in fields.items() if value is not None}
    if bounds := born_of(born, born_between):
        changes["born_from"], changes["born_to"] = bounds
    _change(person_id, "Changed.", **changes)


@person.command(name="address")
@PERSON
@click.argument("value", metavar="ADDRESS")
@click.option("--kind", type=click.Choice(KINDS), default="email", show_default=True, help="What ADDRESS is.")
@on_a_ready_vault
def person_address(person_id: str, value: str, kind: str) -> None:
    """Make ADDRESS the address of PERSON, in place of any other of its kind.

    A way that was stopped stays so until a care worker has done its task.
    """
    from luwte.desk.vault import services

    services.change_address(person_id, *reaches_of(**{kind: value}))
    click.echo("The address is changed.")


@person.command(name="address-gone")
@PERSON
@click.argument("kind", type=click.Choice(KINDS))
@on_a_ready_vault
def person_address_gone(person_id: str, kind: str) -> None:
    """Forget the addresses of this KIND of PERSON: they are wrong, and there is no other."""
    from luwte.desk.vault import services

    click.echo(f"Forgot {services.remove_address(person_id, kind)}.")


@person.command(name="authority")
@PERSON
@click.argument("form", type=click.Choice(AUTHORITIES))
@on_a_ready_vault
def person_authority(person_id: str, form: str) -> None:
    """Say who has parental authority over PERSON, as the register of persons says it."""
    _change(person_id, "Recorded.", authority=form)
    say_gap(person_id)


@person.command(name="deceased")
@PERSON
@click.option("--mistaken", is_flag=True, help="It was recorded by mistake.")
@on_a_ready_desk
def person_deceased(person_id: str, mistaken: bool) -> None:
    """Record that PERSON has died: nothing leaves any more, and a human talks with the next of kin."""
    from luwte.desk.telling import services

    if mistaken:
        _change(person_id, "Recorded.", deceased=False)
        return
    services.deceased(person_id, SystemClock().now())
    click.echo("Recorded. Nothing leaves any more; a care worker has a task.")


@person.command(name="secret-address")
@PERSON
@click.option("--secret/--not-secret", default=True, show_default=True, help="Whether it is secret.")
@on_a_ready_desk
def person_secret_address(person_id: str, secret: bool) -> None:
    """Record that the postal address of PERSON is secret: no letter goes there."""
    from luwte.desk.telling import services

    if not secret:
        _change(person_id, "Recorded.", secret_address=False)
        return
    services.secret_address(person_id, SystemClock().now())
    click.echo("Recorded. No letter goes there.")


def born_of(
    day: datetime | None, between: tuple[datetime, datetime] | None
) -> tuple[date | None, date | None] | None:
    """Return the first and last possible day of birth that the options give, None when they give nothing."""
    if day is not None and between is not None:
        raise click.UsageError("Give --born or --born-between, not both.")
    if day is not None:
        return day.date(), day.date()
    return (between[0].date(), between[1].date()) if between is not None else None


def reaches_of(email: str | None = None, phone: str | None = None, post: str | None = None) -> list[Reach]:
    """Return the addresses that were given; the lines of a postal one have ; between."""
    from luwte.desk.vault.rules import EMAIL, PHONE, POST, Reach

    lines = "\n".join(part.strip() for part in post.split(";")) if post is not None else None
    given = ((EMAIL, email), (PHONE, phone), (POST, lines))
    return [Reach(kind, value) for kind, value in given if value is not None]


def say_gap(person_id: str) -> None:
    """Print why the parents' side of a person cannot choose, when it cannot and is needed."""
    from luwte.desk.vault import services
    from luwte.desk.vault.rules import authority_gap

    known = services.person(person_id).identity
    today = SystemClock().now().astimezone(known.zone).date()
    mandates = [one.mandate for one in services.representatives(person_id)]
    if gap := authority_gap(known.authority, mandates, today):
        click.echo(f"While this person is under 16: {gap}")


def _change(person_id: str, done: str, **changes: Any) -> None:
    from luwte.desk.vault import services

    services.change_person(person_id, **changes)
    click.echo(done)
