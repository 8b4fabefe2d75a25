"""Small things that several modules of the register share; no framework, no clock, no database."""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256


class Fell(StrEnum):
    """Why files of a finding do not count any more, by an act of a human."""

    UNDONE = "undone"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    UNLINKED = "unlinked"


def name_mark(name: str) -> str:
    """Return what stands in the record for the name of a series or a list, which may be a person's."""
    return sha256(name.encode()).hexdigest()[:32]
