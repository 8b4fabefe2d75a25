"""What happened in a simulated year under one policy: the same record for every policy."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from luwte.desk.wishes.rules import Source


class Reached(NamedTuple):
    """One act of reaching someone. `arrived`: it came to its address. `free`: asked for, or brought forward
    for a right as chosen, so that no rhythm counts it. `unwanted`: this person would not want it at all.
    """

    at: datetime
    subject: str
    recipient: str
    items: tuple[str, ...]
    sources: frozenset[Source]
    arrived: bool = True
    free: bool = False
    unwanted: bool = False


@dataclass(slots=True)
class Ledger:
    """All contacts, and for what was not told the last reason. `why`: at the hearing, for rights that lapsed.

    `calls`: conversations by what for; `lost`: addresses that failed; `mended`: those that were put right.
    """

    contacts: list[Reached] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)
    withheld: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    lost: set[tuple[str, str, datetime]] = field(default_factory=set)
    mended: int = 0
