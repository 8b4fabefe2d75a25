"""How the demo tells what it does: progress bars and colours on a terminal, plain lines otherwise."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

PLAIN_WIDTH = 150
"""Columns of the closing table where no terminal says how many there are."""
LONGEST_COMMAND = 140
Step = Callable[[int], None]


class Narrator:
    """Writes headings, commands, their output, progress and tables to standard output."""

    def __init__(self) -> None:
        console = Console(highlight=False)
        self.console = console if console.is_terminal else Console(highlight=False, width=PLAIN_WIDTH)
        self._chapter = 0

    def chapter(self, title: str) -> None:
        """Begin the next numbered part."""
        self._chapter += 1
        self.console.print()
        self.console.print(Text(f"{self._chapter}. {title}", style="bold"))

    def say(self, text: str, style: str = "") -> None:
        """Write one line; nothing in `text` is taken for markup."""
        self.console.print(Text(f"   {text}", style=style), soft_wrap=True)

    def command(self, house: str, arguments: tuple[str, ...]) -> None:
        """Show the command that `house` runs."""
        line = _shortened(shlex.join(("luwte", *arguments)))
        self.console.print(Text.assemble(f"   {house} ", (f"$ {line}", "cyan")), soft_wrap=True)

    def output(self, text: str) -> None:
        """Show what a command printed."""
        for line in text.splitlines():
            self.console.print(Text(f"     {line}", style="dim"), soft_wrap=True)

    def table(self, table: Table) -> None:
        """Show a table."""
        self.console.print()
        self.console.print(table)

    def last_line(self, text: str) -> None:
        """Show the last line of what a command printed."""
        self.output("\n".join(text.splitlines()[-1:]))

    @contextmanager
    def progress(self, title: str, total: int) -> Iterator[Step]:
        """Give a function to call with the number of steps done: a bar, or one line at the end."""
        if not self.console.is_terminal:
            yield lambda _count: None
            self.say(f"{title}: {total}")
            return
        columns = (
            TextColumn("   {task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self.console) as bar:
            task = bar.add_task(title, total=total)
            yield lambda count: bar.advance(task, count)


def _shortened(line: str) -> str:
    """A long command line with many files, cut in its middle."""
    if len(line) <= LONGEST_COMMAND:
        return line
    half = LONGEST_COMMAND // 2
    return f"{line[:half]} ... {line[-half:]}"
