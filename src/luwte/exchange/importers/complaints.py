"""What is wrong with the rows of a list: collected, so that one sentence can say it all."""

from __future__ import annotations

from pathlib import Path

from luwte.exchange.errors import BadList


class Complaints:
    """Counts bad rows. With `skip`, a list with some is still read; without, its end raises `BadList`."""

    def __init__(self, *, skip: bool = False) -> None:
        self.skip = skip
        self.count = 0
        self.first: str | None = None

    def add(self, place: str, reason: str) -> None:
        """Note that the row at `place` (a line or an item) cannot be used, and why."""
        self.count += 1
        if self.first is None:
            self.first = f"{place}: {reason}"

    def settle(self, path: Path, rows: int) -> None:
        """Say that the list in `path` ended after `rows` rows; raises `BadList` for unskipped bad ones."""
        if self.count and not self.skip:
            raise BadList(
                f"{path} has {self.count} bad of {rows} rows; the first is {self.first}. "
                "Mend the list, or pass --skip-bad to go on without them. Nothing was written."
            )
