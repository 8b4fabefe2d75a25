"""What a running matter still needs, so that it stays whatever its term says."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from luwte.base.chunks import chunks
from luwte.crypto.pseudonyms import unveiled
from luwte.desk.cases.models import Case, Event, LegalHold
from luwte.desk.findings.models import ClusterFiles, Finding
from luwte.desk.telling.models import CareTask, Contact, SafetyAlert
from luwte.desk.telling.safety_outbox import OPEN as ALERT_OPEN
from luwte.desk.telling.subjects import subject_of
from luwte.desk.telling.values import OPEN
from luwte.desk.vault.models import Erasure
from luwte.desk.vault.sealing import key_ring

HOLD, DECISION, RUNNING, UNTOLD, UNOPENED, RULES = (
    "hold", "decision", "running", "untold", "unopened", "rules",
)  # fmt: skip
"""The words for what still needs something; docs/retention.md explains them."""


class ErasedPerson(NamedTuple):
    """Someone who was erased: the id, the pseudonym, and when."""

    id: str
    subject: str
    at: datetime


def held_cases() -> QuerySet[LegalHold, Any]:
    """Return the ids of cases on which a legal hold stands, as a subquery."""
    return LegalHold.objects.filter(ended=None).values("case")


def held_subjects() -> set[str]:
    """Return everyone whom a case under a legal hold is about."""
    held = held_cases()
    findings = Finding.objects.filter(case__in=held).values_list("subject", flat=True)
    return {*findings, *Event.objects.filter(case__in=held).values_list("subject", flat=True)}


def held_clusters() -> QuerySet[ClusterFiles, Any]:
    """Return the ids of clusters that have files in a case under a legal hold, as a subquery."""
    return ClusterFiles.objects.filter(receipt__case__in=held_cases()).values("cluster")


def held_people() -> set[str]:
    """Return the ids in the vault of everyone whom a case under a legal hold is about."""
    behind = map(_behind, held_subjects())
    return {person for person in behind if person}


def holding(subject: str) -> list[str]:
    """Return the numbers of the cases under a legal hold that are about `subject`."""
    held = Case.objects.filter(pk__in=held_cases())
    about = Q(findings__subject=subject) | Q(events__subject=subject)
    return sorted(set(held.filter(about).values_list("number", flat=True)))


def held_since() -> datetime | None:
    """Return when the oldest case under a legal hold was opened, None when none is."""
    return (
        Case.objects.filter(pk__in=held_cases()).order_by("opened").values_list("opened", flat=True).first()
    )


def busy(subjects: Collection[str]) -> set[str]:
    """Return those with a contact on its way, a task that nobody did, or an alert that nobody confirmed."""
    found: set[str] = set()
    for some in chunks(subjects):
        mine = {"subject__in": some}
        for rows in (
            Contact.objects.filter(**mine, state__in=[state.value for state in OPEN]),
            CareTask.objects.filter(**mine, done=None),
            SafetyAlert.objects.filter(**mine, state=ALERT_OPEN),
        ):
            found.update(rows.values_list("subject", flat=True))
    return found


def erased(subjects: Collection[str], before: datetime | None = None) -> set[str]:
    """Return those who were erased (before a moment): for them there is a row that says so.

    Who is only not found, because a database or a ring is not the right one, is never among them.
    """
    behind = {subject: _behind(subject) for subject in subjects}
    gone: set[str] = set()
    for some in chunks(person for person in behind.values() if person):
        rows = Erasure.objects.filter(pk__in=some)
        gone.update((rows if before is None else rows.filter(at__lt=before)).values_list("pk", flat=True))
    return {subject for subject, person in behind.items() if person in gone}


def erased_people(before: datetime) -> list[ErasedPerson]:
    """Return everyone erased before a moment, in backups too, oldest first."""
    rows = Erasure.objects.filter(at__lt=before, reached__isnull=False).order_by("at", "pk")
    return [ErasedPerson(one, subject_of(one), at) for one, at in rows.values_list("pk", "at")]


def _behind(subject: str) -> str | None:
    try:
        return unveiled(key_ring().link, subject, purpose="subject")
    except ValueError:
        return None
