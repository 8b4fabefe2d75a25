"""Small things that several modules of the register share; no framework, no clock, no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from hashlib import sha256
from itertools import islice

CHUNK = 500
"""How many names one question to the database holds."""


class Fell(StrEnum):
    """Why files of a finding do not count any more, by an act of a human."""

    UNDONE = "undone"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    UNLINKED = "unlinked"


def chunks(names: Iterable[str]) -> Iterator[list[str]]:
    """Give `names` in order, some at a time."""
    left = iter(sorted(names))
    while some := list(islice(left, CHUNK)):
        yield some


def name_mark(name: str) -> str:
    """Return what stands in the record for the name of a series or a list, which may be a person's."""
    return sha256(name.encode()).hexdigest()[:32]
