"""`luwte desk staff`: accounts of care workers, of who does casework, and of administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import BadInput
from luwte.cli._moments import minute
from luwte.cli._ready import on_a_desk_with_pages, on_a_ready_desk, on_ready_casework
from luwte.cli._who import SECRETS, who, with_account

if TYPE_CHECKING:
    from luwte.desk.accounts.accounts import Known
    from luwte.desk.accounts.four_eyes import Asked

NAME = click.argument("name")
ROLES = ("examiner", "reviewer", "case-officer", "list-manager")
RIGHT = click.argument("right", type=click.Choice(["care", "auditor", "administrator"]))


@click.group()
def staff() -> None:
    """Accounts of care workers, and of the administrators who decide about them.

    In the world of casework: of who works there. Each world has its own.
    """


@staff.command()
@NAME
@click.option("--administrator", is_flag=True, help="Who decides with another one about accounts.")
@click.option("--by", "account", help="For a third administrator and on: your account, which asks.")
@SECRETS
@on_a_desk_with_pages
def add(name: str, administrator: bool, account: str | None, secrets: TextIO | None) -> None:
    """Add an account for NAME and print the link with which NAME chooses a password, once, within three days.

    A second factor follows at once; without one the account opens nothing. The first two administrators are
    made like this; from then on one asks for another and a second one approves.
    """
    from luwte.desk.accounts import accounts, four_eyes

    now = SystemClock().now()
    if not administrator:
        _say(name, accounts.add(name, by=accounts.COMMAND, now=now), "Added")
    elif four_eyes.first_ones():
        _say(name, four_eyes.make_administrator(name, by=accounts.COMMAND, now=now), "Made an administrator:")
    elif account is None:
        raise BadInput("There are two administrators: say with --by which one asks. Another one approves.")
    else:
        by = who(account, secrets)
        _asked(name, four_eyes.ask(four_eyes.Wanted.ADMINISTRATOR, name, by=by, now=now))


@staff.command()
@NAME
@on_a_desk_with_pages
def invite(name: str) -> None:
    """Print a fresh link with which NAME chooses a password; the second factor stays as it is.

    An account that was in use and has no second factor gets its link from two administrators: `reset`.
    """
    from luwte.desk.accounts import accounts, four_eyes

    _say(name, four_eyes.invite(name, by=accounts.COMMAND, now=SystemClock().now()), "Invited")


@staff.command(name="list")
@on_a_desk_with_pages
def list_() -> None:
    """List every account: state, role, second factors, last sign-in; and what waits, asked by whom."""
    from luwte.desk.accounts import accounts, four_eyes

    held = _roles()
    for one in accounts.known():
        state = "open" if one.active else "closed"
        last = f"last signed in {minute(one.last)}" if one.last else "has not signed in"
        factors = ", ".join(one.factors) or "no second factor"
        click.echo(f"{one.name}  {state}  {_role(one, held)}  {factors}  {last}")
    for wait in four_eyes.waiting(SystemClock().now()):
        until = f"waits for approval until {minute(wait.ends)}"
        click.echo(f"{wait.id}  {wait.wanted}  {wait.name}  asked by {wait.asked_by}, {until}")


@staff.command()
@NAME
@click.argument("role", type=click.Choice(ROLES))
@click.option("--take", is_flag=True, help="Take the role away.")
@on_ready_casework
def role(name: str, role: str, take: bool) -> None:
    """Give NAME the work of ROLE in casework, or take it away; sessions of the account end."""
    from luwte.desk.accounts.accounts import COMMAND
    from luwte.desk.casework import roles

    act = roles.take if take else roles.give
    held = act(name, roles.Role(role), by=COMMAND, now=SystemClock().now())
    click.echo(f"{name} now is: {', '.join(held) or 'nobody'}.")


@staff.command()
@NAME
@click.option("--sessions", is_flag=True, help="End the sessions only; the account stays open.")
@click.option("--by", "account", help="To close an administrator: your account, an administrator's too.")
@SECRETS
@on_a_desk_with_pages
def revoke(name: str, sessions: bool, account: str | None, secrets: TextIO | None) -> None:
    """Close the account NAME and end its sessions, from its next click on."""
    from luwte.desk.accounts import accounts, four_eyes

    by = who(account, secrets) if account is not None else None
    four_eyes.close(
        name,
        by=accounts.COMMAND if by is None else accounts.named(by),
        administrator=by,
        now=SystemClock().now(),
        sessions_only=sessions,
    )
    click.echo(f"Ended the sessions of {name}." if sessions else f"Closed the account {name}.")


@staff.command()
@NAME
@with_account
@on_a_desk_with_pages
def reset(name: str, account: str, secrets: TextIO | None) -> None:
    """Ask to remove NAME's password and second factors, and print the request's id.

    Another administrator approves it within a day; what NAME can sign in with stays until then.
    """
    from luwte.desk.accounts import four_eyes

    by = who(account, secrets)
    _asked(name, four_eyes.ask(four_eyes.Wanted.RESET, name, by=by, now=SystemClock().now()))


@staff.command()
@NAME
@with_account
@on_a_ready_desk
def reopen(name: str, account: str, secrets: TextIO | None) -> None:
    """Ask to open the closed account NAME again, and print the request's id.

    Another administrator approves it within a day. NAME then has the rights of before, and chooses a new
    password and second factor.
    """
    from luwte.desk.accounts import four_eyes

    by = who(account, secrets)
    _asked(name, four_eyes.ask(four_eyes.Wanted.REOPEN, name, by=by, now=SystemClock().now()))


@staff.command()
@NAME
@RIGHT
@with_account
@on_a_ready_desk
def give(name: str, right: str, account: str, secrets: TextIO | None) -> None:
    """Give NAME a right: care for people, audit the record, or be an administrator.

    An administrator gives the first two to others; for the last, another one approves what this asks for.
    """
    from luwte.desk.accounts import four_eyes, rights

    by, now = who(account, secrets), SystemClock().now()
    if right == rights.Right.ADMINISTRATOR:
        _asked(name, four_eyes.ask(four_eyes.Wanted.ADMINISTRATOR, name, by=by, now=now))
    else:
        rights.give(name, rights.Right(right), by=by, now=now)
        click.echo(f"{name} has the right {right} from now on.")


@staff.command()
@NAME
@RIGHT
@with_account
@on_a_ready_desk
def take(name: str, right: str, account: str, secrets: TextIO | None) -> None:
    """Take a right back from NAME and end the sessions of NAME.

    That somebody is an administrator is taken back by two, and only while two others can act.
    """
    from luwte.desk.accounts import four_eyes, rights

    by, now = who(account, secrets), SystemClock().now()
    if right == rights.Right.ADMINISTRATOR:
        _asked(name, four_eyes.ask(four_eyes.Wanted.NO_ADMINISTRATOR, name, by=by, now=now))
    else:
        rights.take(name, rights.Right(right), by=by, now=now)
        click.echo(f"{name} has the right {right} no more.")


@staff.command()
@click.argument("request_id", metavar="REQUEST")
@with_account
@on_a_desk_with_pages
def approve(request_id: str, account: str, secrets: TextIO | None) -> None:
    """Do what another administrator asked for in REQUEST, and print the second half of the link."""
    from luwte.desk.accounts import four_eyes

    by = who(account, secrets)
    name, half = four_eyes.approve(request_id, by=by, now=SystemClock().now())
    click.echo(f"Done for {name}.")
    if half:
        click.echo(half)
        click.echo(
            f"That is the second half of the link, for {name} alone: it goes behind the first, which whoever "
            "asked gives. The whole link works once, within three days."
        )


def _roles() -> dict[str, list[str]]:
    """The work that each account has in casework, by name."""
    from django.conf import settings

    if not settings.CASEWORK:
        return {}
    from luwte.desk.casework.roles import known

    return known()


def _role(one: Known, held: dict[str, list[str]]) -> str:
    """An administrator may care for people as well, unless that right was taken back."""
    if one.name in held:
        return ", ".join(held[one.name])
    found = ["administrator"] * one.administrator + ["auditor"] * one.auditor
    if one.care and not one.administrator:
        found.insert(0, "care worker")
    return ", ".join(found) or "no right"


def _say(name: str, token: str, done: str) -> None:
    click.echo(f"{done} {name}.")
    if token:
        click.echo(_link(token))
        click.echo("The link works once, within three days. Give it in a way that only this person sees.")


def _link(token: str) -> str:
    from django.conf import settings
    from django.urls import reverse

    return f"{settings.PORTAL_URL.rstrip('/')}{reverse('staff:invited', args=[token])}"


def _asked(name: str, asked: Asked) -> None:
    from luwte.desk.accounts.accounts import BETWEEN

    click.echo(asked.id)
    click.echo("Another administrator approves this within a day: luwte desk staff approve REQUEST", err=True)
    if asked.half:
        click.echo(_link(asked.half + BETWEEN).rstrip("/"))
        click.echo(
            f"That is the first half of the link, for {name} alone; whoever approves gives the second.",
            err=True,
        )
