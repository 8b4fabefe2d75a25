"""`luwte keys`: what others need to know of this house, whom it trusts, and the ring of its desk."""

from __future__ import annotations

import json
from pathlib import Path

import click

from luwte.cli._ring import erased, rotate
from luwte.exchange.home import Home


@click.group()
def keys() -> None:
    """Show public keys, trust those of others; rotate the desk's key ring."""


keys.add_command(rotate)
keys.add_command(erased)


@keys.command()
def show() -> None:
    """Print this machine's public keys as JSON: send it to those who shall trust what you sign."""
    home = Home.open()
    click.echo(json.dumps(home.public_document(), indent=1))
    click.echo(f"To compare by phone: {home.identity.public.spoken}", err=True)


@keys.command()
@click.argument("file", type=click.Path(readable=False, path_type=Path))
def trust(file: Path) -> None:
    """Trust the keys in FILE, which is what `luwte keys show` printed on another machine."""
    public = Home.open().trust(file)
    click.echo(f"Key {public.id} is trusted now. Compare by phone before you use it: {public.spoken}")


@keys.command(name="list")
def list_() -> None:
    """List the keys that are trusted here, this machine's own first."""
    for position, public in enumerate(Home.open().trusted()):
        click.echo(f"{public.id}  {public.spoken}{'  (this machine)' if not position else ''}")


@keys.command()
@click.argument("key_id")
def forget(key_id: str) -> None:
    """No longer trust KEY_ID. What was encrypted for it before stays readable there."""
    Home.open().forget(key_id)
    click.echo(f"Key {key_id} is no longer trusted. Build reference bundles again to lock it out.")
