"""`luwte worklist`: the worklist of a scan in formats that other tools of the lab read."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from luwte.base.errors import BadInput
from luwte.base.files import replacing
from luwte.exchange.exporters import FORMATS, writer
from luwte.lab.scan.folder import REPORT
from luwte.lab.scan.worklist import NAME, read_rows


@click.group()
def worklist() -> None:
    """Export the worklist of a scan, inside the lab."""


@worklist.command()
@click.argument("file", type=click.Path(path_type=Path))
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


def _check_spares_results(file: Path, out: Path) -> None:
    """Refuse to write over the worklist that is exported, or the report beside it."""
    source = file / NAME if file.is_dir() else file
    for result in (source, source.with_name(REPORT)):
        if out.exists() and result.exists() and out.samefile(result):
            raise BadInput(f"{out} is a result of the scan itself. Name another file for the export.")
