"""How far the reading of files is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

SECONDS_BETWEEN_LINES = 10


@contextmanager
def reading(total: int, what: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that takes bytes and rows read so far, of `total` bytes, and shows them on stderr."""
    if not sys.stderr.isatty():
        yield _lines(total, what)
        return
    shape = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeRemainingColumn(),
    )
    with Progress(*shape, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total, rows=0)
        yield lambda position, rows: bar.update(task, completed=position, rows=rows)


def _lines(total: int, what: str) -> Callable[[int, int], None]:
    last = time.monotonic()

    def tell(position: int, rows: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            click.echo(f"{what}: {position:,} of {total:,} bytes, {rows:,} rows", err=True)

    return tell
