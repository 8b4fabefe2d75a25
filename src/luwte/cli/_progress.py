"""Showing how far a command is: a bar on a terminal, a plain line every few seconds anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from luwte.lab.scan.progress import Progress, Status

_SECONDS_BETWEEN_LINES = 5.0
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def amount(count: float) -> str:
    """Return `count` bytes as people read it: `950 bytes`, `1.3 GB`."""
    for unit in _UNITS:
        if count < 1000 or unit == _UNITS[-1]:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError(count)


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Give a progress that shows itself on standard error while the block runs."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    bar = Bar()
    with bar:
        yield bar


@contextmanager
def shown_count(doing: str) -> Iterator[Callable[[int, int], None]]:
    """Give what shows how many are done of how many, on standard error, while the block runs."""
    if not sys.stderr.isatty():
        yield _CountLines(doing).show
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(doing), BarColumn(bar_width=20), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


class _CountLines:
    """A plain line every few seconds."""

    def __init__(self, doing: str) -> None:
        self._doing, self._last = doing, time.monotonic()

    def show(self, done: int, of: int) -> None:
        now = time.monotonic()
        if now - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = now
            click.echo(f"{self._doing}: {done} of {of}", err=True)


class Lines:
    """A plain line every few seconds."""

    def __init__(self) -> None:
        self._started = self._last = time.monotonic()

    def show(self, status: Status) -> None:
        """Write a line, unless the last one was written only just now."""
        now = time.monotonic()
        if now - self._last < _SECONDS_BETWEEN_LINES:
            return
        self._last = now
        seconds = now - self._started
        click.echo(f"{status.doing}: {_told(status, seconds)}{_left(status, seconds)}", err=True)


class Bar:
    """A bar with bytes, files, rate and time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._started = time.monotonic()
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[told]}", markup=False),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task("starting", total=None, told="")

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, status: Status) -> None:
        """Move the bar."""
        seconds = max(0.001, time.monotonic() - self._started)
        self._progress.update(
            self._task,
            description=status.doing,
            completed=status.done,
            total=status.total,
            told=_told(status, seconds),
        )


def _told(status: Status, seconds: float) -> str:
    """A list of hashes has rows and no bytes to read; then only files are told.

    What is read twice (free space, an image that is checked) goes beyond the total, which then says nothing.
    """
    files = f"{status.files} files, {status.files / seconds:.0f} files/s"
    if not status.done:
        return files
    whole = f" of {amount(status.total)}" if status.total and status.done <= status.total else ""
    return f"{files}, {amount(status.done)}{whole}, {amount(status.done / seconds)}/s"


def _left(status: Status, seconds: float) -> str:
    if not status.total or not status.done or status.done > status.total:
        return ""
    left = (status.total - status.done) * seconds / status.done
    return f", at most about {left / 60:.0f} min left" if left >= 60 else f", at most about {left:.0f} s left"
