"""`luwte desk client`: machines of other agencies that may use the interface, and where they are told."""

from __future__ import annotations

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import Failure
from luwte.cli._moments import minute
from luwte.cli._ready import on_a_ready_register

CLIENT = click.argument("client_id", metavar="CLIENT")


@click.group()
def client() -> None:
    """Machines of other agencies that deliver reports and events, and hear what came in."""


@client.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="What it may do; once for each scope.")
@click.option("--certificate", default="", help="The SHA-256 of the certificate that it must show, too.")
@on_a_ready_register
def add(name: str, scopes: tuple[str, ...], certificate: str) -> None:
    """Add the client NAME and print its id and its secret, which nobody can show again.

    Scopes: reports:write, cases:write, events:read, gaps:read.
    """
    from luwte.desk.api import clients

    found, secret = clients.add(name, scopes, SystemClock().now(), certificate=certificate)
    click.echo(f"id      {found.id}")
    click.echo(f"secret  {secret}")
    click.echo("Give both to the agency by two ways. The secret is not kept here.", err=True)


@client.command(name="list")
@on_a_ready_register
def list_() -> None:
    """List every client: what it may do, and since when."""
    from luwte.desk.api import clients

    for one in clients.known():
        state = f"ended {minute(one.ended)}" if one.ended else "open"
        bound = "certificate" if one.certificate else "secret"
        click.echo(f"{one.id}  {state}  {one.scopes}  {bound}  since {minute(one.added)}  {one.name}")


@client.command()
@CLIENT
@on_a_ready_register
def end(client_id: str) -> None:
    """End CLIENT and its tokens, from its next request on; what it delivered stays."""
    from luwte.desk.api import clients

    clients.end(client_id, SystemClock().now())
    click.echo("Ended. Its tokens open nothing any more.")


@client.command()
@CLIENT
@click.argument("address")
@on_a_ready_register
def hook(client_id: str, address: str) -> None:
    """Tell CLIENT at ADDRESS (https) of what comes in from now on; whoever is there must agree first."""
    from luwte.desk.api import hooks

    click.echo(hooks.add(client_id, address, SystemClock().now()).id)
    click.echo(f"What is sent there is signed; the receiver checks with {hooks.public_key()}", err=True)


@client.command(name="hooks")
@on_a_ready_register
def hooks_() -> None:
    """List every webhook: where it leads, and whether its receiver takes what is sent."""
    from luwte.desk.api import hooks as service

    for one in service.known():
        state = f"tries {one.attempts}, next {minute(one.not_before)}" if one.not_before else "takes"
        if one.ended:
            state = f"ended {minute(one.ended)}: {one.ended_why}"
        click.echo(f"{one.id}  {state}  {one.client_id}  {one.address}")


@client.command()
@click.argument("hook_id", metavar="HOOK")
@on_a_ready_register
def unhook(hook_id: str) -> None:
    """Send nothing more to HOOK."""
    from luwte.desk.api import hooks as service

    service.end(hook_id, "ended here", SystemClock().now())
    click.echo("Ended. Nothing more is sent there.")


@client.command()
@on_a_ready_register
def send() -> None:
    """Send to every webhook what waits for it; run it every minute.

    Exit code 1 when a receiver did not take it; later rounds try it again.
    """
    from luwte.desk.api.outbox import Sender, late

    taken = Sender(SystemClock()).send_all()
    click.echo(f"Sent {taken} notices.")
    if waiting := late():
        raise Failure(
            f"{len(waiting)} of the receivers did not take what was sent. `luwte desk client hooks` shows "
            "which; each is tried again later."
        )
