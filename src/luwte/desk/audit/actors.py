"""Who acts, for the record: said once where an act comes in, read where it is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

COMMAND = "command"
"""Who acted, where the command line did."""
_who: ContextVar[Callable[[], str]] = ContextVar("who acts", default=lambda: COMMAND)


@contextmanager
def acting(who: Callable[[], str]) -> Iterator[None]:
    """Let what is done inside the block be done by `who`, which is asked at each act that is recorded."""
    before = _who.set(who)
    try:
        yield
    finally:
        _who.reset(before)


def actor() -> str:
    """Return who acts now: `staff:7`, `person`, the pseudonym of a representative, or `command`."""
    return _who.get()()
