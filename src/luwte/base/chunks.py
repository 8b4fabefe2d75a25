"""Many values, some at a time: a statement to a database may have only so many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

CHUNK = 500
"""Values of one statement: SQLite of before 3.32 takes no more than 999."""
T = TypeVar("T")


def chunks(values: Iterable[T], most: int = CHUNK) -> Iterator[list[T]]:
    """Yield `values` in their order, in lists of at most `most` of them.

    All are read before the first list comes: rows may go while the lists are worked off.
    """
    found = list(values)
    for start in range(0, len(found), most):
        yield found[start : start + most]
