"""`luwte worklist`: the worklist of a scan in formats that other tools of the lab read."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from luwte.base.errors import BadInput
from luwte.base.files import replacing
from luwte.exchange.exporters import FORMATS, writer
from luwte.lab.carriers.names import printable
from luwte.lab.scan.folder import REPORT
from luwte.lab.scan.stopped import stopped as stopped_rows
from luwte.lab.scan.worklist import NAME, read_rows


@click.group()
def worklist() -> None:
    """Show and export the worklist of a scan, inside the lab."""


@worklist.command()
@click.argument("file", type=click.Path(readable=False, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="jsonl",
    show_default=True,
    help="The format.",
)
@click.option("--out", type=click.Path(path_type=Path), help="The file to write; standard output without it.")
def export(file: Path, form: str, out: Path | None) -> None:
    """Export the worklist FILE (worklist.sqlite, or its folder). It holds paths: keep it in the lab.

    A file that matches several series has one row for each of them.
    """
    rows, write = read_rows(file), writer(form)
    if out is None:
        write(rows, sys.stdout.buffer)
        return
    if not out.absolute().parent.is_dir():
        raise BadInput(f"There is no folder {out.absolute().parent}. Make it, or name another.")
    _check_spares_results(file, out)
    with replacing(out) as target:
        count = write(rows, target)
    click.echo(f"{count} rows written to {out}.", err=True)


@worklist.command()
@click.argument("file", type=click.Path(readable=False, path_type=Path))
def stopped(file: Path) -> None:
    """List the files on which a process stopped or ran out of time, in the worklist FILE (or its folder).

    One line a file: why, its SHA-256 (or - where it was not known yet), its path and its carrier. Such a file
    may be damaged or made to do harm: look at it only on a machine that may be lost.
    """
    found = 0
    for row in stopped_rows(read_rows(file)):
        places = (printable(place, separators=True) for place in (row.path, row.carrier))
        click.echo("\t".join((row.error or "", row.sha256 or "-", *places)))
        found += 1
    click.echo(f"{found} files stopped a process or took longer than the deadline.", err=True)


def _check_spares_results(file: Path, out: Path) -> None:
    """Refuse to write over the worklist that is exported, or the report beside it."""
    source = file / NAME if file.is_dir() else file
    for result in (source, source.with_name(REPORT)):
        if out.exists() and result.exists() and out.samefile(result):
            raise BadInput(f"{out} is a result of the scan itself. Name another file for the export.")
