"""What can be read about telling: messages, who waits for a call, and why for everyone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from luwte.base.clock import SystemClock
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.rules import Detail
from luwte.desk.telling import services, tasks, values
from luwte.desk.telling.facts import Known, decide
from luwte.desk.telling.messages import (
    AlertMessage,
    MessageItem,
    News,
    PortalMessage,
    Searched,
    alerts,
    alerts_for_care,
    items_of,
    messages,
    open_message,
)
from luwte.desk.telling.models import CareTask, Contact, Decision
from luwte.desk.telling.reasons import explain
from luwte.desk.telling.subjects import party_of, subject_of
from luwte.desk.telling.tasks import CALLS, CallTask
from luwte.desk.telling.values import Outcome, Reason, State
from luwte.desk.vault.batches import Opened
from luwte.desk.vault.services import KnownPerson, KnownRepresentative
from luwte.desk.wishes.rules import PERSON

__all__ = [
    "Acting",
    "AlertMessage",
    "Explained",
    "Late",
    "MessageItem",
    "News",
    "PersonOverview",
    "PortalMessage",
    "Searched",
    "Task",
    "alerts",
    "alerts_for_care",
    "late",
    "messages",
    "open_message",
    "people_overview",
    "standing",
    "to_tell_in_call",
    "why",
]


@dataclass(frozen=True, slots=True)
class Explained:
    """One reason that stands for a recipient, its sentence, and for how many findings and events."""

    outcome: Outcome
    reason: Reason
    sentence: str
    findings: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Task:
    """Something a care worker must look at; `kind` as in `luwte.desk.telling.outbox`, `cause` if known."""

    id: str
    kind: str
    made: datetime
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Acting:
    """Someone who acts for the person: who, their pseudonym `party`, and the reasons that stand for them."""

    known: KnownRepresentative
    party: str
    reasons: tuple[Explained, ...]


@dataclass(frozen=True, slots=True)
class Late:
    """A contact that stands ready and could not be handed over yet: why not, and when it is tried again."""

    subject: str
    cause: str
    next_try: datetime


@dataclass(frozen=True, slots=True)
class PersonOverview:
    """A person as a care worker sees them: who, why told or not, how often told, and what a human must do.

    `calls` are those of the queue, for the person and for `acting`.
    """

    person: KnownPerson
    reasons: tuple[Explained, ...]
    told: int
    last_told: datetime | None
    tasks: tuple[Task, ...]
    calls: tuple[CallTask, ...] = ()
    acting: tuple[Acting, ...] = ()


def people_overview(
    person_ids: Iterable[str], now: datetime, language: str = "nl", *, searched: bool = False
) -> list[PersonOverview]:
    """Return these people in this order, with the reasons for what is told or not told at `now`.

    Who was erased is not there. Whose dossiers were seen is recorded; `searched`: whether whoever looks
    narrows the list by a name.
    """
    known = Known.of(map(subject_of, person_ids))
    list_viewed(known, now, searched=searched)
    return _overviews(known, decide(known, known.found, now), language)


def list_viewed(known: Known, now: datetime, *, searched: bool = False) -> None:
    """Record that somebody looks at a list of these people: at most a hundred, an act holds no more."""
    _viewed(Act.LIST_VIEWED, now, searched=searched, people=len(known.found), whose=" ".join(known.found))


def why(person_id: str, now: datetime, language: str = "nl") -> PersonOverview:
    """Return the same for one person; that somebody looked is recorded. Raises `PersonUnknown`."""
    known = Known.one(person_id)
    _viewed(Act.DOSSIER_VIEWED, now, subject_of(person_id))
    return _overviews(known, decide(known, known.found, now), language)[0]


def standing(language: str = "nl", now: datetime | None = None) -> list[PersonOverview]:
    """Return everyone by name, with the decisions that stand in the record; the look is recorded."""
    known = Known.everyone()
    _viewed(Act.LIST_VIEWED, now or SystemClock().now(), searched=False, people=len(known.found))
    rows = Decision.objects.filter(subject__in=list(known.found), replaced=None)
    recorded = [recorded_of(row) for row in rows.order_by("decided", "reason", "id")]
    return _overviews(known, recorded, language)


def late(person_id: str | None = None) -> list[Late]:
    """Return what could not be handed over yet, for one person or for all. Raises `PersonUnknown`."""
    rows = Contact.objects.filter(state=State.PLANNED)
    if person_id is not None:
        rows = rows.filter(subject__in=list(Known.one(person_id).found))
    return [
        Late(row.subject, row.receipt, row.not_before)
        for row in rows.order_by("not_before", "id")
        if row.not_before is not None
    ]


def to_tell_in_call(person_id: str, now: datetime, recipient: str = PERSON) -> tuple[MessageItem, ...]:
    """Return what a call to a recipient may tell now, each with as much as was chosen.

    Raises `PersonUnknown`.
    """
    return items_of(services.to_call(person_id, now, recipient), subject_of(person_id), now)


def recorded_of(row: Decision) -> values.Decision:
    """Return a decision of the record as the rules gave it."""
    return values.Decision(
        row.subject,
        row.recipient,
        Outcome(row.outcome),
        Reason(row.reason),
        tuple(row.items),
        next_at=row.next_at,
    )


@transaction.atomic
def _viewed(act: Act, now: datetime, about: str = "", **details: Detail) -> None:
    """Before anything is shown: what is recorded and was not seen harms nobody."""
    DESK.record(act, now, by=actor(), about=about, **details)


def _overviews(known: Known, decided: Iterable[values.Decision], language: str) -> list[PersonOverview]:
    found: dict[tuple[str, str], list[values.Decision]] = {}
    for decision in decided:
        found.setdefault((decision.subject, decision.recipient), []).append(decision)
    open_now, told, calls = _tasks(known.found), _told(known.found), tasks.of(known.found)
    return [
        PersonOverview(
            one.person,
            _explained(found.get((subject, PERSON), []), one, language),
            len(told.get(subject, [])),
            max(told.get(subject, []), default=None),
            tuple(open_now.get(subject, [])),
            tuple(calls.get(subject, [])),
            tuple(
                Acting(each, party, _explained(found.get((subject, party), []), one, language))
                for each in one.acting
                for party in [party_of(each.id)]
            ),
        )
        for subject, one in known.found.items()
    ]


def _explained(decisions: list[values.Decision], one: Opened, language: str) -> tuple[Explained, ...]:
    zone = one.person.identity.zone
    return tuple(
        Explained(
            found.outcome, found.reason, explain(found, language, zone), len(found.items), found.next_at
        )
        for found in decisions
    )


def _told(subjects: Iterable[str]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    rows = Contact.objects.filter(subject__in=list(subjects), recipient=PERSON, handed__isnull=False)
    for subject, handed in rows.exclude(state__in=values.NEVER_LEFT).values_list("subject", "handed"):
        if handed is not None:
            found.setdefault(subject, []).append(handed)
    return found


def _tasks(subjects: Iterable[str]) -> dict[str, list[Task]]:
    found: dict[str, list[Task]] = {}
    rows = CareTask.objects.filter(subject__in=list(subjects), done=None).exclude(kind__in=CALLS)
    for row in rows.order_by("made", "id"):
        found.setdefault(row.subject, []).append(Task(row.id, row.kind, row.made, row.reason))
    return found
