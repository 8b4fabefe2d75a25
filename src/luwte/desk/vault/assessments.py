"""Individual assessments, kept under the person's own key; one function per act, one transaction each."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from luwte.desk.audit.acts import Act
from luwte.desk.vault import sealing
from luwte.desk.vault.assessed import Assessed, check_assessed
from luwte.desk.vault.log import VAULT
from luwte.desk.vault.models import Assessment, Person
from luwte.desk.vault.rows import locked, person_and_key


@dataclass(frozen=True, slots=True)
class KnownAssessment:
    """An assessment: the opaque `id`, what it says, when and by whom it was made."""

    id: str
    said: Assessed
    at: datetime
    by: str


@transaction.atomic(using="vault")
def assess(person_id: str, said: Assessed, *, by: str, now: datetime) -> str:
    """Keep an assessment beside the earlier ones and return its id.

    Raises `PersonUnknown` or `PersonImpossible`.
    """
    check_assessed(said)
    person, key = locked(person_id)
    return add_assessment(person, key, said, by=by, now=now)


def add_assessment(person: Person, key: bytes, said: Assessed, *, by: str, now: datetime) -> str:
    """Do that for a locked person; only inside a transaction."""
    row = Assessment(person=person, at=now, by=by)
    sealing.seal_row(row, key, asdict(said))
    row.save()
    VAULT.record(Act.ASSESSED, now, by=by, about=person.id, assessment=row.id)
    return row.id


def assessments(person_id: str) -> list[KnownAssessment]:
    """Return the assessments of a person, the newest first. Raises `PersonUnknown`."""
    person, key = person_and_key(person_id)
    rows = Assessment.objects.filter(person=person).order_by("-at", "-id")
    return [KnownAssessment(row.id, assessed_of(sealing.open_row(row, key)), row.at, row.by) for row in rows]


def assessed_of(content: dict[str, Any]) -> Assessed:
    """Return the assessment that `content` from an envelope holds."""
    several = {name: tuple(content[name]) for name in ("needs", "safe_ways")}
    return Assessed(**{**content, **several})
