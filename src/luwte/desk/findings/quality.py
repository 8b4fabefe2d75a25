"""When an entry is not to be relied on. Plain values: no framework, no clock, no database.

A picture that anyone may have resembles much. So an entry whose clusters reviewers mostly reject is one that
a human must look at, identical files and all. An entry of a foreign list rests on somebody else's word.
"""

from __future__ import annotations

HANDFUL = 5
"""So many rejected clusters decide; fewer say nothing."""
TO_ONE = 4
"""So many rejected clusters for each confirmed one, at least."""
INDEPENDENT = 2
"""How many sources must say what a foreign entry is before anyone is told of it."""


def mostly_rejected(confirmed: int, rejected: int) -> bool:
    """Return whether an entry with so many `confirmed` and `rejected` clusters is held for a human."""
    return rejected >= HANDFUL and rejected >= TO_ONE * confirmed


def vouched_for(sources: int) -> bool:
    """Return whether so many different sources are enough for a foreign entry."""
    return sources >= INDEPENDENT
