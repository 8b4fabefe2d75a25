"""`luwte keys`: what others need to know of this house, whom it trusts, and the ring of its desk."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from luwte.base.clock import SystemClock
from luwte.cli._ready import on_a_ready_register
from luwte.cli._renew import renew
from luwte.cli._ring import erased, rotate
from luwte.exchange.home import Home, default_path


@click.group()
def keys() -> None:
    """Show public keys, trust those of others; rotate the desk's key ring."""


keys.add_command(rotate)
keys.add_command(erased)
keys.add_command(renew)


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
    public = Home.open().trust(file, lambda key: _record("KEY_TRUSTED", key))
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
    Home.open().forget(key_id, lambda key: _record("KEY_FORGOTTEN", key))
    click.echo(f"Key {key_id} is no longer trusted. Build reference bundles again to lock it out.")


def _record(act: str, key: str) -> None:
    """Record at the desk whom it trusts from now on; a lab has none."""
    if (default_path() / "desk").is_dir() or os.environ.get("LUWTE_DESK_DATABASE"):
        _at_the_desk(act, key)


@on_a_ready_register
def _at_the_desk(act: str, key: str) -> None:
    from django.db import transaction

    from luwte.desk.audit.actors import actor
    from luwte.desk.audit.acts import Act
    from luwte.desk.audit.desk import DESK

    with transaction.atomic():
        DESK.record(Act[act], SystemClock().now(), by=actor(), about=key)
