"""`luwte backup`: both databases of the desk, of one moment, encrypted and signed."""

from __future__ import annotations

from pathlib import Path

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import BadInput
from luwte.cli._once import Once
from luwte.cli._progress import amount
from luwte.exchange.documents import read_bounded

MOST_BYTES = 64 << 10


@click.command(cls=Once)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "keys",
    multiple=True,
    metavar="KEY",
    help="An age public key (age1...) that can open it; may be given more than once.",
)
@click.option(
    "--to-file",
    "lists",
    multiple=True,
    type=click.Path(readable=False, path_type=Path),
    help="A file with such keys, one a line; may be given more than once.",
)
def backup(file: Path, keys: tuple[str, ...], lists: tuple[Path, ...]) -> None:
    """Write a backup of the desk to FILE while it runs: encrypted, signed, of one moment of both databases.

    It holds no secret key, no key ring and no list of the erased: keep copies of those apart from it.
    """
    recipients = _recipients(keys, lists)
    from luwte.desk.project import ready
    from luwte.desk.project.sentences import database_sentences
    from luwte.desk.project.worlds import World

    ready.start()
    ready.require(World.TELLING)
    with database_sentences():
        ready.require_ready(keys=False)
        from luwte.desk.backup.making import make
        from luwte.exchange.home import Home

        made = make(file, recipients, SystemClock().now(), Home.open())
    click.echo(
        f"Backup {made.id} in {file}: {made.rows} rows of {made.tables} tables, {amount(made.bytes)}, for "
        f"{len(recipients)} keys. Keep identity.json, secret.key, keys.json and erased.list apart "
        "from it."
    )


def _recipients(keys: tuple[str, ...], lists: tuple[Path, ...]) -> list[str]:
    from luwte.crypto.streams import MOST_RECIPIENTS, check_recipient, recipients_in

    for key in keys:
        check_recipient(key, "--to")
    found = list(keys)
    for path in lists:
        found += recipients_in(
            read_bounded(path, MOST_BYTES, piped=True).decode("utf-8", "replace"), str(path)
        )
    found = list(dict.fromkeys(found))
    if not found:
        raise BadInput("Who can open the backup is not said. Give --to or --to-file with age public keys.")
    if len(found) > MOST_RECIPIENTS:
        raise BadInput(f"A backup is for at most {MOST_RECIPIENTS} keys; these are {len(found)}. Give fewer.")
    return found
