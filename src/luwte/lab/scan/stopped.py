"""Files to be careful with: a process stopped or ran out of time on them. They are not tried again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from luwte.exchange.rows import WorklistRow
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.crew import BROKEN_WORKER
from luwte.lab.scan.feeding import BROKEN_INSIDE, BROKEN_READER

STOPPED: Final = frozenset(
    {str(Reason.STOPPED), str(Reason.DEADLINE), BROKEN_WORKER, BROKEN_READER, BROKEN_INSIDE}
)
"""The reasons that mean it: a crash, a call that the filter ends, or no end within the deadline."""


def stopped(rows: Iterable[WorklistRow]) -> Iterator[WorklistRow]:
    """Give the rows of such files, one a file even where it matched several series."""
    last: tuple[str, str, str | None] | None = None
    for row in rows:
        this = row.carrier, row.path, row.sha256
        if row.error in STOPPED and this != last:
            yield row
            last = this


def count(reasons: Mapping[str, int]) -> int:
    """Return how many such files a report counts by its `reasons`."""
    return sum(number for reason, number in reasons.items() if reason in STOPPED)
