"""`luwte keys renew`: new keys for the house, when the old ones leaked or are lost."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click

from luwte.base.clock import SystemClock
from luwte.cli._ready import on_a_ready_desk
from luwte.cli._who import staff_account, with_account
from luwte.crypto.notes import MOST_BYTES, Verifier
from luwte.exchange.documents import read_bounded

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@with_account
@click.option(
    "--lost", is_flag=True, help="The old keys are lost for good: your account stands for the new ones."
)
@click.option(
    "--old-key", "old_keys", type=FILE, multiple=True,
    help="With --lost: what `luwte audit key` printed once, as a file; one for each record.",
)  # fmt: skip
@on_a_ready_desk
def renew(account: str, secrets: TextIO | None, lost: bool, old_keys: tuple[Path, ...]) -> None:
    """Give this house new keys, when the old ones leaked or are lost. Both records go on under them.

    Cut off, the same again ends it.
    """
    from luwte.desk.project.renewing import renew as do

    known = [Verifier.parse(read_bounded(file, MOST_BYTES).decode("ascii", "replace")) for file in old_keys]
    by = staff_account(account, secrets)
    home = do(SystemClock().now(), by=by, lost=lost, known=known)
    click.echo(
        f"This house is {home.identity.public.id} from now on. Send every lab what `luwte keys show` "
        "prints, and the witness what `luwte audit key` prints. Make a checkpoint and a backup now."
    )
