"""`luwte keys rotate` and `erased`: the key ring of the desk, which opens what the vault holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from luwte.base.clock import SystemClock
from luwte.cli._progress import shown_count
from luwte.cli._ready import on_a_ready_desk

if TYPE_CHECKING:
    from luwte.crypto.providers import KeyHolder


@click.command()
@click.option(
    "--retire", is_flag=True, help="Instead: drop the old keys, which nobody's data needs any more, for ever."
)
@click.option("--to-token", is_flag=True, help="Make the new key in the token that LUWTE_TOKEN_LABEL names.")
@on_a_ready_desk
def rotate(retire: bool, to_token: bool) -> None:
    """Give the desk's key ring a new key and wrap every person's key under it, while the desk runs.

    Cut off, it goes on where it was. The old keys stay, to read backups, until --retire.
    """
    from luwte.desk.vault import rotation

    if retire and to_token:
        raise click.UsageError("Give --retire or --to-token, not both.")
    now = SystemClock().now()
    if retire:
        _say_retired(rotation.retire(now))
        return
    with shown_count("wrapping keys anew") as shown:
        done = rotation.rotate(now, token=_token() if to_token else None, shown=shown)
    made = "is new" if done.new else "was made before; its rotation is finished"
    click.echo(
        f"Key {done.current} {made}: the keys of {done.people} people were wrapped under it. Keep a fresh "
        "copy of the key ring apart from the databases, and make a backup. The old keys stay, to read "
        "backups of before; `luwte keys rotate --retire` drops them."
    )


@click.command()
@on_a_ready_desk
def erased() -> None:
    """After a restore: erase again whom the backup brought back, before anybody reads. Twice is fine."""
    from luwte.desk.vault import erased as acts

    done = acts.apply(SystemClock().now())
    click.echo(f"{done.destroyed} people erased again, {done.reached} made unreadable in backups.")
    if done.waiting:
        click.echo(
            f"{done.waiting} erased people wait for a key ring that can be changed, or without old keys."
        )


def _say_retired(dropped: list[str]) -> None:
    if not dropped:
        click.echo("The ring has no old keys; nothing changed.")
        return
    click.echo(
        f"Dropped {len(dropped)} old keys ({', '.join(dropped)}). Backups that were made before the last "
        "rotation ended hold people's keys wrapped under them: nobody can read who is in those any more, but "
        "with a copy of the old ring. Destroy such copies."
    )


def _token() -> KeyHolder:
    from luwte.desk.vault.ring import token_of_settings

    return token_of_settings()
