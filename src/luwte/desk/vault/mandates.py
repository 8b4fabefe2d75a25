"""Who acts for a person; one function per act, one transaction each. `services` is the face of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from luwte.base.clock import SystemClock
from luwte.desk.audit.acts import Act
from luwte.desk.vault import sealing
from luwte.desk.vault.errors import RepresentativeUnknown
from luwte.desk.vault.log import COMMAND, VAULT
from luwte.desk.vault.models import Representative
from luwte.desk.vault.rows import locked, mandate_of, person_and_key
from luwte.desk.vault.rules import Mandate, normal_mandate


@dataclass(frozen=True, slots=True)
class KnownRepresentative:
    """Someone who acts for the person `person_id`: the opaque `id` and the mandate."""

    id: str
    mandate: Mandate
    person_id: str = ""


@transaction.atomic(using="vault")
def add_representative(
    person_id: str, mandate: Mandate, *, by: str = COMMAND, now: datetime | None = None
) -> str:
    """Add someone who acts for a person and return the id. Raises `PersonUnknown` or `PersonImpossible`.

    `by`: who says it, for the record.
    """
    mandate = normal_mandate(mandate)
    person, key = locked(person_id)
    row = Representative(person=person)
    sealing.seal_row(row, key, asdict(mandate))
    row.save()
    _record(Act.ACTING_ADDED, row, by, now)
    return row.id


@transaction.atomic(using="vault")
def change_representative(
    representative_id: str, *, by: str = COMMAND, now: datetime | None = None, **changes: Any
) -> Mandate:
    """Change fields of a `Mandate` and return it. Raises `RepresentativeUnknown` or `PersonImpossible`."""
    row = _row(representative_id)
    _, key = locked(row.person_id)
    row.refresh_from_db()
    mandate = normal_mandate(replace(mandate_of(row, key), **changes))
    sealing.seal_row(row, key, asdict(mandate))
    row.save()
    _record(Act.ACTING_CHANGED, row, by, now, fields=",".join(sorted(changes)))
    return mandate


def end_mandate(representative_id: str, last_day: date, *, by: str = COMMAND) -> Mandate:
    """Let a mandate end with `last_day`, the last on which it holds; return it.

    Raises `RepresentativeUnknown`, or `PersonImpossible` when it would end before it begins.
    """
    return change_representative(representative_id, by=by, ends=last_day)


def representative(representative_id: str) -> KnownRepresentative:
    """Return who has this id. Raises `RepresentativeUnknown`, or `PersonUnknown` of one who was erased."""
    row = _row(representative_id)
    return KnownRepresentative(row.id, mandate_of(row, sealing.data_key(row.person_id)), row.person_id)


def representatives(person_id: str) -> list[KnownRepresentative]:
    """Return who acts for a person, by first day; also whose mandate ended or did not begin."""
    person, key = person_and_key(person_id)
    rows = Representative.objects.filter(person=person)
    found = [KnownRepresentative(row.id, mandate_of(row, key), person_id) for row in rows]
    return sorted(found, key=lambda one: (one.mandate.begins, one.id))


def _row(representative_id: str) -> Representative:
    row = Representative.objects.filter(pk=representative_id).first()
    if row is None:
        raise RepresentativeUnknown(representative_id)
    return row


def _record(act: Act, row: Representative, by: str, now: datetime | None, **details: str) -> None:
    VAULT.record(
        act, now or SystemClock().now(), by=by, about=row.person_id, representative=row.id, **details
    )
