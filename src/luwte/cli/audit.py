"""`luwte audit`: the record that only grows, its checkpoints, and whether it is whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click

from luwte.base.clock import SystemClock
from luwte.base.errors import Failure
from luwte.base.files import write_bytes
from luwte.cli._ready import on_any_ready_desk
from luwte.crypto.notes import MOST_BYTES, Verifier
from luwte.exchange.documents import read_bounded

if TYPE_CHECKING:
    from luwte.desk.audit.log import Log
    from luwte.desk.audit.succession import Era

WORLD = click.option(
    "--log", "world", type=click.Choice(["desk", "vault"]), default="desk", show_default=True,
    help="Which record: what was found and told, or what was done with people's data.",
)  # fmt: skip
OUT = click.option(
    "--out", type=click.Path(path_type=Path), help="The file to write; without: on the screen."
)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def audit() -> None:
    """Keep the record of what was decided, seen and done so that anyone can check it."""


def _log(world: str, *, sign: bool = False) -> Log:
    """The record `world`; a process has only those of its own databases, and telling alone signs them."""
    from luwte.desk.project import ready
    from luwte.desk.project.worlds import World

    if sign:
        ready.require(World.TELLING)
    if world == "vault":
        ready.require(World.TELLING, World.VAULT, World.RETENTION)
        from luwte.desk.vault.log import VAULT

        return VAULT
    ready.require(World.TELLING, World.CASEWORK, World.RETENTION)
    from luwte.desk.audit.desk import DESK

    return DESK


@audit.command()
@WORLD
@on_any_ready_desk
def key(world: str) -> None:
    """Print the key that checks this record's checkpoints; give it to whoever shall check them."""
    from luwte.desk.audit.checkpoints import signer
    from luwte.exchange.home import Home

    log = _log(world, sign=True)
    click.echo(signer(Home.existing().identity, log).verifier.text)


@audit.command()
@WORLD
@OUT
@on_any_ready_desk
def checkpoint(world: str, out: Path | None) -> None:
    """Sign the state of the record, once a day. Keep it elsewhere: it shows later what is lost.

    A checkpoint that is in the file already must be of the same record, and not of more acts.
    """
    from luwte.desk.audit import checkpoints
    from luwte.exchange.home import Home

    log = _log(world, sign=True)
    sign = checkpoints.signer(Home.existing().identity, log)
    before = read_bounded(out, MOST_BYTES) if out is not None and out.exists() else None
    _give(checkpoints.checkpoint(log, sign, SystemClock().now(), before).encode(), out)


@audit.command()
@WORLD
@click.option(
    "--checkpoint", "known", type=click.Path(path_type=Path), multiple=True,
    help="A checkpoint that was kept elsewhere; more than one may be given.",
)  # fmt: skip
@click.option(
    "--key", "key_", type=FILE,
    help="What `luwte audit key` printed, as a file: where the house's own keys are not.",
)  # fmt: skip
@on_any_ready_desk
def verify(world: str, known: tuple[Path, ...], key_: Path | None) -> None:
    """Check the whole record: nothing changed, taken out, or cut off. Exit code 1 when something is wrong."""
    from luwte.desk.audit.checking import verify as check
    from luwte.desk.audit.verified import note_verified

    log = _log(world)
    notes = [read_bounded(file, MOST_BYTES) for file in known]
    found = check(log, _checks(log, key_), notes)
    for problem in found.problems:
        click.echo(problem, err=True)
    _say_eras(found.eras)
    _say_tables(found.tables)
    waiting = f", {found.waiting} wait for the next checkpoint" if found.waiting else ""
    forgotten = f", the content of {found.forgotten} is forgotten" if found.forgotten else ""
    click.echo(f"{found.placed} acts, {found.checkpoints} checkpoints{waiting}{forgotten}.")
    if found.problems:
        raise Failure(
            "The record is not whole. Change nothing; keep the databases as they are and compare with the "
            "last backup and with the checkpoints that others keep."
        )
    note_verified(log, SystemClock().now(), found.placed)
    against = f" and the {len(known)} checkpoints given" if known else ""
    click.echo(f"The record is whole: every act fits its place, every checkpoint{against} its acts.")


def _checks(log: Log, file: Path | None) -> Verifier:
    """The key in `file`, or without one that of this home."""
    from luwte.desk.audit.checkpoints import signer
    from luwte.exchange.home import Home

    if file is None:
        return signer(Home.existing().identity, log).verifier
    return Verifier.parse(read_bounded(file, MOST_BYTES).decode("ascii", "replace"))


def _say_tables(tables: Mapping[str, int]) -> None:
    """Say by which tables of terms was deleted: `luwte desk retention --table` writes the one that holds."""
    for digest, steps in sorted(tables.items()):
        which = f"by the table of terms {digest}" if digest else "before tables of terms were named"
        click.echo(f"{steps} steps of deletion went {which}.")


def _say_eras(eras: Iterable[Era]) -> None:
    """Say each time that another key went on signing, and how far that can be told."""
    for era, before in pairwise(eras):
        how = "which signed that" if era.vouched else "which could not sign that any more"
        unseen = (
            "" if before.key else "; nobody gave its key, so only the acts under its checkpoints were checked"
        )
        click.echo(f"Since act {era.act} {era.name} signs, before it {before.name}, {how}{unseen}.")


@audit.command()
@WORLD
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@on_any_ready_desk
def tiles(world: str, folder: Path) -> None:
    """Write the record's hashes (never an act) into FOLDER as static files that others can mirror."""
    from luwte.desk.audit.tiles import write_tiles

    click.echo(f"{write_tiles(_log(world), folder)} new files in {folder}.")


@audit.command()
@WORLD
@click.argument("witness")
@click.option("--since", type=click.IntRange(min=0), help="The size that it signed last [what is kept here].")
@OUT
@on_any_ready_desk
def request(world: str, witness: str, since: int | None, out: Path | None) -> None:
    """Write what asks WITNESS (its name) to sign the newest checkpoint."""
    from luwte.desk.audit.checkpoints import request as ask

    _give(ask(_log(world), witness, since), out)


@audit.command()
@WORLD
@click.argument("line", type=FILE)
@click.option("--key", "key_", type=FILE, required=True, help="The witness's public key, as a file.")
@on_any_ready_desk
def cosigned(world: str, line: Path, key_: Path) -> None:
    """Keep the LINE by which a witness signed a checkpoint."""
    from luwte.desk.audit import checkpoints

    witness = Verifier.parse(read_bounded(key_, MOST_BYTES).decode("ascii", "replace"))
    size = checkpoints.cosigned(
        _log(world, sign=True), witness, read_bounded(line, MOST_BYTES).decode("utf-8", "replace")
    )
    click.echo(f"{witness.name} signed the checkpoint of {size} acts.")


def _give(content: bytes, out: Path | None) -> None:
    if out is None:
        click.echo(content, nl=False)
    else:
        write_bytes(out, content, mode=0o644)
