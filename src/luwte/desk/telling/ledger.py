"""What the record says of one recipient: every decision, when it was taken and when replaced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from luwte.desk.cases.models import Event
from luwte.desk.findings.models import Finding
from luwte.desk.telling.errors import ItemUnknown
from luwte.desk.telling.models import Decision
from luwte.desk.telling.reading import recorded_of
from luwte.desk.telling.reasons import explain
from luwte.desk.telling.subjects import party_of, subject_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.errors import RepresentativeUnknown
from luwte.desk.wishes.rules import PERSON


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision of the record: its sentence and reason, about which findings and events.

    It stood from `decided` until `replaced`; None while it stands.
    """

    decided: datetime
    replaced: datetime | None
    outcome: str
    reason: str
    sentence: str
    items: tuple[str, ...]


def ledger(
    person_id: str, representative_id: str | None = None, item: str | None = None, language: str = "en"
) -> list[Entry]:
    """Return the decisions for a person or who acts for them, newest first; about `item` only if given.

    Raises `PersonUnknown`, `RepresentativeUnknown` or `ItemUnknown`.
    """
    zone, subject = vault.person(person_id).identity.zone, subject_of(person_id)
    recipient = _recipient(person_id, representative_id)
    if item is not None and not _is_there(subject, item):
        raise ItemUnknown(item)
    rows = Decision.objects.filter(subject=subject, recipient=recipient).order_by("-decided", "reason", "id")
    return [
        Entry(
            row.decided,
            row.replaced,
            row.outcome,
            row.reason,
            explain(recorded_of(row), language, zone),
            tuple(row.items),
        )
        for row in rows
        if item is None or item in row.items
    ]


def _recipient(person_id: str, representative_id: str | None) -> str:
    if representative_id is None:
        return PERSON
    if vault.representative(representative_id).person_id != person_id:
        raise RepresentativeUnknown(representative_id)
    return party_of(representative_id)


def _is_there(subject: str, item: str) -> bool:
    findings = Finding.objects.filter(pk=item, subject=subject)
    return findings.exists() or Event.objects.filter(pk=item, subject=subject).exists()
