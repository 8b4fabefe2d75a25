"""`luwte restore`: put a backup of the desk back where none is."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import BadInput
from luwte.cli._once import Once
from luwte.exchange.documents import read_bounded

if TYPE_CHECKING:
    from luwte.desk.backup.keys import Keys
    from luwte.desk.backup.restoring import Looked

MOST_BYTES = 64 << 10
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(cls=Once)
@click.argument("file", type=click.Path(readable=False, path_type=Path))
@click.option(
    "--identity",
    "secret",
    required=True,
    type=click.Path(readable=False, path_type=Path),
    help="The file with the age secret key of one of its recipients, or a pipe.",
)
@click.option(
    "--checkpoint",
    "known",
    type=FILE,
    multiple=True,
    help="A checkpoint of either record that was kept elsewhere; may be given more than once.",
)
@click.option("--check", is_flag=True, help="Only look whether it could be restored; nothing is touched.")
def restore(file: Path, secret: Path, known: tuple[Path, ...], check: bool) -> None:
    """Put the backup in FILE into empty databases. Nobody is told anything then until `luwte desk resume`.

    The identity, the key ring and the list of the erased must be in place first. All is checked before any
    of it can be used. Cut off, the same again goes on with it.
    """
    keys = _secret_keys(secret)
    from luwte.desk.project import ready
    from luwte.desk.project.sentences import database_sentences
    from luwte.desk.project.worlds import World

    ready.start()
    ready.require(World.TELLING)
    with database_sentences():
        from luwte.desk.backup import restoring

        if check:
            _say(restoring.look(file, keys, known), "would be trusted again")
            click.echo("It could be restored here. Nothing was touched.")
            return
        done = restoring.restore(file, keys, known, SystemClock().now())
    _say(done.seen, "will be trusted again" if done.older else "is trusted again")
    if done.older:
        click.echo(
            "Its tables are of an earlier Luwte. Run `luwte desk init` to bring them up to date, and then "
            "the same restore again: until then nobody uses the desk."
        )
        return
    click.echo(
        f"Restored and checked; {done.erased} people were erased again. Nobody is told anything until "
        "somebody looked at the time since the backup and runs `luwte desk resume`."
    )


def _say(seen: Looked, trusted: str) -> None:
    manifest = seen.manifest
    rows = sum(table.count for table in manifest.tables.values())
    click.echo(
        f"Backup {manifest.id} of {manifest.made:%Y-%m-%d %H:%M} UTC, Luwte {manifest.version}: {rows} rows; "
        f"records of {manifest.logs['desk'].size} and {manifest.logs['vault'].size} acts."
    )
    click.echo(f"The list of the erased names {seen.listed} people. Is it the newest copy?")
    for one in seen.lost:
        click.echo(
            f"It is older than the checkpoint given: the {one.log} record had {one.size} acts then, and has "
            f"{one.kept} here. What came after is lost."
        )
    _say_keys(seen.keys, trusted)


def _say_keys(keys: Keys, trusted: str) -> None:
    for public, _ in keys.trust:
        click.echo(
            f"Key {public.id} ({public.spoken}) {trusted}. If it was forgotten since the backup, run "
            f"`luwte keys forget {public.id}` before any report is taken in."
        )
    for public in keys.forgotten:
        click.echo(f"Key {public.id} is in the backup and was forgotten here since: it stays forgotten.")
    for name in keys.unread:
        click.echo(f"{name!r} in the backup holds no key, and is left out.")


def _secret_keys(path: Path) -> list[str]:
    from luwte.crypto.streams import secret_keys_in

    text = read_bounded(path, MOST_BYTES, piped=True).decode("utf-8", "replace")
    mode = path.stat().st_mode
    if stat.S_ISREG(mode) and mode & 0o077:
        raise BadInput(f"Other users can read the secret key in {path}. Run `chmod 600 {path}` first.")
    return secret_keys_in(text, str(path))
