"""`luwte witness`: sign the states of another body's record, never two that contradict each other."""

from __future__ import annotations

from pathlib import Path

import click

from luwte.base.clock import SystemClock
from luwte.base.files import write_bytes
from luwte.crypto.notes import MOST_BYTES, Verifier
from luwte.exchange.documents import read_bounded
from luwte.exchange.home import default_path
from luwte.exchange.witness import Witness

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where it keeps its key [LUWTE_HOME/witness].",
)


@click.group()
def witness() -> None:
    """Be the second body that signs what a desk recorded, without seeing what that is."""


@witness.command()
@click.argument("name")
@FOLDER
def init(name: str, folder: Path | None) -> None:
    """Make a witness called NAME and print its public key."""
    click.echo(Witness.open(_folder(folder), name).sign.verifier.text)


@witness.command()
@FOLDER
def key(folder: Path | None) -> None:
    """Print the public key again."""
    click.echo(Witness.open(_folder(folder)).sign.verifier.text)


@witness.command()
@click.argument("request", type=FILE)
@click.option(
    "--key", "key_", type=FILE, required=True, help="The key of the log (`luwte audit key`), as a file."
)
@click.option("--earlier", type=FILE, help="The key of the log before it got a new one, as a file.")
@click.option("--out", type=click.Path(path_type=Path), help="The file to write; without: on the screen.")
@FOLDER
def sign(request: Path, key_: Path, earlier: Path | None, out: Path | None, folder: Path | None) -> None:
    """Sign the state in REQUEST if it continues what was signed before; print the line for the house."""
    before = None if earlier is None else _key(earlier)
    asked = read_bounded(request, MOST_BYTES)
    line = Witness.open(_folder(folder)).cosign(asked, _key(key_), SystemClock().now(), before)
    if out is None:
        click.echo(line, nl=False)
    else:
        write_bytes(out, line.encode(), mode=0o644)


def _key(file: Path) -> Verifier:
    return Verifier.parse(read_bounded(file, MOST_BYTES).decode("ascii", "replace"))


def _folder(given: Path | None) -> Path:
    return given or default_path() / "witness"
