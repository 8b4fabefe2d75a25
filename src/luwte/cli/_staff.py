"""`luwte desk staff`: accounts of care workers and administrators."""

from __future__ import annotations

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import BadInput
from luwte.cli._moments import minute
from luwte.cli._ready import on_a_ready_desk
from luwte.cli._who import who, with_account

NAME = click.argument("name")


@click.group()
def staff() -> None:
    """Accounts of care workers, and of the administrators who decide about them."""


@staff.command()
@NAME
@click.option("--administrator", is_flag=True, help="Who decides with another one about accounts.")
@click.option("--by", "account", help="For a third administrator and on: your account, which asks.")
@click.option("--password", help="Of that account; asked for when not given.")
@click.option("--code", help="Of your app, or a recovery code; asked for when not given.")
@on_a_ready_desk
def add(name: str, administrator: bool, account: str | None, password: str | None, code: str | None) -> None:
    """Add an account for NAME and print the link with which NAME chooses a password, once, within three days.

    A second factor follows at once; without one the account opens nothing. The first two administrators are
    made like this; from then on one asks for another and a second one approves.
    """
    from luwte.desk.staff import accounts, four_eyes

    now = SystemClock().now()
    if not administrator:
        _say(name, accounts.add(name, by=accounts.COMMAND, now=now), "Added")
    elif four_eyes.first_ones():
        _say(name, four_eyes.make_administrator(name, by=accounts.COMMAND, now=now), "Made an administrator:")
    elif account is None:
        raise BadInput("There are two administrators: say with --by which one asks. Another one approves.")
    else:
        secret = password or click.prompt("Password", hide_input=True)
        by = who(account, secret, code or click.prompt("Code"))
        _asked(four_eyes.ask(four_eyes.Wanted.ADMINISTRATOR, name, by=by, now=now))


@staff.command()
@NAME
@on_a_ready_desk
def invite(name: str) -> None:
    """Print a fresh link with which NAME chooses a password; the second factor stays as it is."""
    from luwte.desk.staff import accounts

    _say(name, accounts.invite(name, by=accounts.COMMAND, now=SystemClock().now()), "Invited")


@staff.command(name="list")
@on_a_ready_desk
def list_() -> None:
    """List every account: state, role, second factors, last sign-in; and what waits for approval."""
    from luwte.desk.staff import accounts, four_eyes

    for one in accounts.known():
        state = "open" if one.active else "closed"
        role = "administrator" if one.administrator else "care worker"
        last = f"last signed in {minute(one.last)}" if one.last else "has not signed in"
        click.echo(f"{one.name}  {state}  {role}  {', '.join(one.factors) or 'no second factor'}  {last}")
    for wait in four_eyes.waiting(SystemClock().now()):
        click.echo(f"{wait.id}  {wait.wanted}  {wait.name}  waits for approval until {minute(wait.ends)}")


@staff.command()
@NAME
@click.option("--sessions", is_flag=True, help="End the sessions only; the account stays open.")
@on_a_ready_desk
def revoke(name: str, sessions: bool) -> None:
    """Close the account NAME and end its sessions, from its next click on."""
    from luwte.desk.staff import accounts

    accounts.close(name, by=accounts.COMMAND, now=SystemClock().now(), sessions_only=sessions)
    click.echo(f"Ended the sessions of {name}." if sessions else f"Closed the account {name}.")


@staff.command()
@NAME
@with_account
@on_a_ready_desk
def reset(name: str, account: str, password: str, code: str) -> None:
    """Ask to remove NAME's password and second factors, and print the request's id.

    Another administrator approves it within a day; what NAME can sign in with stays until then.
    """
    from luwte.desk.staff import four_eyes

    by = who(account, password, code)
    _asked(four_eyes.ask(four_eyes.Wanted.RESET, name, by=by, now=SystemClock().now()))


@staff.command()
@click.argument("request_id", metavar="REQUEST")
@with_account
@on_a_ready_desk
def approve(request_id: str, account: str, password: str, code: str) -> None:
    """Do what another administrator asked for in REQUEST, and print the link of the account it is about."""
    from luwte.desk.staff import four_eyes

    by = who(account, password, code)
    name, token = four_eyes.approve(request_id, by=by, now=SystemClock().now())
    _say(name, token, "Done for")


def _say(name: str, token: str, done: str) -> None:
    from django.conf import settings
    from django.urls import reverse

    click.echo(f"{done} {name}.")
    if token:
        page = reverse("staff:invited", args=[token])
        click.echo(f"{settings.PORTAL_URL.rstrip('/')}{page}")
        click.echo("The link works once, within three days. Give it in a way that only this person sees.")


def _asked(request_id: str) -> None:
    click.echo(request_id)
    click.echo("Another administrator approves this within a day: luwte desk staff approve REQUEST", err=True)
