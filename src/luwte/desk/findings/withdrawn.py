"""Which entries are out for good, by the word of a human, and which came back: lists have to follow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from luwte.base.chunks import chunks
from luwte.desk.findings.models import Objection, Quarantine
from luwte.desk.findings.quarantine import Verdict

WITHDRAWAL = "withdrawal"


class Turn(NamedTuple):
    """Whether an entry is out, and when a human said so or took it back."""

    out: bool
    at: datetime


def turns(entries: Iterable[str]) -> dict[str, Turn]:
    """Return the last turn of each of `entries` that was ever withdrawn, or judged in quarantine."""
    found: dict[str, Turn] = {}
    for some in chunks(sorted(set(entries))):
        rows = Objection.objects.filter(entry__in=some, kind=WITHDRAWAL)
        for entry, opened, closed in rows.values_list("entry", "opened", "closed").iterator():
            _add(found, entry, Turn(closed is None, closed or opened))
        judged = Quarantine.objects.filter(entry__in=some, reviewed__isnull=False)
        for entry, verdict, at in judged.values_list("entry", "verdict", "reviewed").iterator():
            if at is not None:
                _add(found, entry, Turn(verdict == Verdict.KEPT, at))
    return found


def _add(found: dict[str, Turn], entry: str, turn: Turn) -> None:
    """An entry is out while anyone says so."""
    before = found.get(entry, turn)
    found[entry] = Turn(before.out or turn.out, max(before.at, turn.at))
