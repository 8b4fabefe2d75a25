"""Until when a person can use their rights, for who cares for them: each last day, and which right it is
only where the person knows that too, or is to hear it in a call that is yours.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from luwte.desk.audit import restored
from luwte.desk.cases.models import Event
from luwte.desk.telling.models import ContactItem
from luwte.desk.telling.values import NEVER_LEFT
from luwte.desk.wishes.rules import PERSON, Detail, Source, latest
from luwte.desk.wishes.services import wishes

MOST = 20
"""So many are given, those that end first."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a right ends; which it is (as in the vocabulary of cases), None where that is not to be said; and
    whether the person was told."""

    lapses: datetime
    kind: str | None
    told: bool


def deadlines(subject: str, now: datetime, in_call: Collection[str] = ()) -> list[Deadline]:
    """Return the rights about `subject` that can still be used, first those that end first.

    `in_call`: ids of what a call may tell that is of whoever asks. Nothing is recorded by it.
    """
    rows = Event.objects.filter(subject=subject, source=Source.RIGHTS.value, lapses__gt=now)
    told, known = _told(subject), _in_full(subject, now)
    return [
        Deadline(lapses, kind if known and (found in told or found in in_call) else None, found in told)
        for found, kind, lapses in rows.order_by("lapses", "id").values_list("id", "kind", "lapses")[:MOST]
        if lapses is not None
    ]


def _told(subject: str) -> set[str]:
    rows = ContactItem.objects.filter(
        contact__subject=subject, recipient=PERSON, event__isnull=False, contact__handed__isnull=False
    )
    found = rows.exclude(contact__state__in=NEVER_LEFT).values_list("event_id", flat=True)
    return {one for one in found if one is not None}


def _in_full(subject: str, now: datetime) -> bool:
    """Whether the person chose to hear which right it is; after a restore no choice can be trusted."""
    wish = latest(wishes([subject]), Source.RIGHTS, now)
    chosen = wish is not None and wish.choice.told and wish.choice.detail == Detail.EVERYTHING
    return chosen and not restored.held()
