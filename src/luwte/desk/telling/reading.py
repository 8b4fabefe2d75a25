"""What can be read about telling: the person's messages, who waits for a call, and why for everyone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from luwte.desk.findings.models import Finding, ReportReceipt
from luwte.desk.telling import values
from luwte.desk.telling.errors import MessageUnknown
from luwte.desk.telling.facts import Known, decide
from luwte.desk.telling.models import CareTask, Contact, Decision
from luwte.desk.telling.reasons import explain
from luwte.desk.telling.values import Band, Outcome, Reason, State, band_of
from luwte.desk.vault.services import KnownPerson
from luwte.desk.wishes.rules import Detail, Source, Wish, latest
from luwte.desk.wishes.services import wishes

_SETTLED = (State.HANDED, State.DONE)
_MAY_HAVE_ARRIVED = (State.HANDING, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched in a case: files read and not read, whether all was read, and when it ended."""

    files: int
    unreadable: int
    complete: bool
    ended: str


@dataclass(frozen=True, slots=True)
class MessageItem:
    """One finding in a message; what was not chosen to be read is None."""

    source: Source
    detail: Detail
    band: Band | None
    files: int | None
    case: str | None
    searched: tuple[Searched, ...]


@dataclass(frozen=True, slots=True)
class PortalMessage:
    """A contact as its person may read it; `opened`: first read; how many findings and files, in bands."""

    id: str
    at: datetime
    opened: datetime | None
    band: Band | None
    files: Band | None
    items: tuple[MessageItem, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """One reason that stands for a person, its sentence, and for how many findings."""

    outcome: Outcome
    reason: Reason
    sentence: str
    findings: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Task:
    """Something a care worker must look at; `kind` as in `luwte.desk.telling.outbox`."""

    id: str
    kind: str
    made: datetime


@dataclass(frozen=True, slots=True)
class Late:
    """A contact that stands ready and could not be handed over yet: why not, and when it is tried again."""

    subject: str
    cause: str
    next_try: datetime


@dataclass(frozen=True, slots=True)
class PersonOverview:
    """A person as a care worker sees them: who, why told or not, how often told, and what a human must do."""

    person: KnownPerson
    reasons: tuple[Explained, ...]
    told: int
    last_told: datetime | None
    tasks: tuple[Task, ...]

    @property
    def waits_for_call(self) -> bool:
        """Whether a care worker must call or decide something."""
        return bool(self.tasks) or any(found.outcome == Outcome.CALL for found in self.reasons)


def messages(subject: str, now: datetime) -> list[PortalMessage]:
    """Return the messages of `subject`, newest first, each with as much as was chosen and no more."""
    chosen = wishes([subject])
    rows = Contact.objects.filter(subject=subject, channel__in=("portal", "email")).order_by("-decided")
    return [_message(row, chosen, now) for row in rows if _visible(row, chosen, now)]


def open_message(subject: str, message_id: str, now: datetime) -> PortalMessage:
    """Return one message and remember that it was opened. Raises `MessageUnknown`."""
    found = next((one for one in messages(subject, now) if one.id == message_id), None)
    if found is None:
        raise MessageUnknown
    Contact.objects.filter(pk=message_id, opened=None).update(opened=now)
    return found


def people_overview(now: datetime, language: str = "nl") -> list[PersonOverview]:
    """Return everyone by name, with the reasons for what is told or not told at `now`."""
    known = Known.everyone()
    decided: dict[str, list[values.Decision]] = {subject: [] for subject in known.people}
    for decision in decide(known, known.people, now):
        decided[decision.subject].append(decision)
    return _overviews(known, decided, language)


def why(person_id: str, now: datetime, language: str = "nl") -> PersonOverview:
    """Return the same for one person. Raises `PersonUnknown`."""
    known = Known.one(person_id)
    decisions = decide(known, known.people, now)
    return _overviews(known, dict.fromkeys(known.people, decisions), language)[0]


def standing(language: str = "nl") -> list[PersonOverview]:
    """Return everyone by name, with the decisions that stand in the record."""
    known = Known.everyone()
    recorded: dict[str, list[values.Decision]] = {subject: [] for subject in known.people}
    rows = Decision.objects.filter(subject__in=list(known.people), replaced=None)
    for row in rows.order_by("decided", "reason", "id"):
        recorded[row.subject].append(_recorded(row))
    return _overviews(known, recorded, language)


def late(person_id: str | None = None) -> list[Late]:
    """Return what could not be handed over yet, for one person or for all. Raises `PersonUnknown`."""
    rows = Contact.objects.filter(state=State.PLANNED)
    if person_id is not None:
        rows = rows.filter(subject__in=list(Known.one(person_id).people))
    return [
        Late(row.subject, row.receipt, row.not_before)
        for row in rows.order_by("not_before", "id")
        if row.not_before is not None
    ]


def waiting_for_call(now: datetime, language: str = "nl") -> list[PersonOverview]:
    """Return who waits for a care worker: never asked, a wish that ended, a chosen call, a task."""
    return [found for found in people_overview(now, language) if found.waits_for_call]


def to_tell_in_call(person_id: str, now: datetime) -> tuple[MessageItem, ...]:
    """Return what a care worker may tell a person who chose a call, each with as much as was chosen."""
    known = Known.one(person_id)
    chosen = wishes(list(known.people))
    ids = [
        item
        for decision in decide(known, known.people, now)
        if decision.reason == Reason.CALL_CHOSEN
        for item in decision.items
    ]
    found = Finding.objects.filter(id__in=ids).select_related("case").order_by("registered", "id")
    return tuple(
        _item(one, one.identical + one.confirmed, wish.choice.detail)
        for one in found
        if (wish := latest(chosen, Source(one.source), now)) is not None
    )


def _visible(row: Contact, chosen: list[Wish], now: datetime) -> bool:
    """What left is there to read. What may have left is there too, unless it is not wanted any more."""
    if row.state in _SETTLED:
        return True
    if row.state not in _MAY_HAVE_ARRIVED or row.channel != "email":
        return False
    sources = {Source(source) for source in row.items.values_list("finding__source", flat=True)}
    standing = [latest(chosen, source, now) for source in sources]
    return all(wish is not None and wish.choice.told for wish in standing)


def _message(row: Contact, chosen: list[Wish], now: datetime) -> PortalMessage:
    carried = list(
        row.items.select_related("finding__case").order_by("finding__registered", "finding__case__number")
    )
    items = tuple(
        _item(one.finding, one.identical + one.confirmed, _detail(one.finding, row, chosen, now))
        for one in carried
        if one.finding is not None
    )
    counted = [one for one, item in zip(carried, items, strict=True) if item.detail != Detail.SOMETHING]
    files = sum(one.identical + one.confirmed for one in counted)
    return PortalMessage(
        row.id,
        row.handed or row.decided,
        row.opened,
        band_of(len(counted)) if counted else None,
        band_of(files) if counted else None,
        items,
    )


def _detail(finding: Finding, row: Contact, chosen: list[Wish], now: datetime) -> Detail:
    """The level that is chosen now; after a withdrawal the level at which it was told."""
    wish = latest(chosen, Source(finding.source), now)
    if wish is not None and wish.choice.told:
        return wish.choice.detail
    return Detail(row.detail) if row.detail else Detail.SOMETHING


def _item(finding: Finding, files: int, detail: Detail) -> MessageItem:
    everything = detail == Detail.EVERYTHING
    return MessageItem(
        Source(finding.source),
        detail,
        None if detail == Detail.SOMETHING else band_of(files),
        files if everything else None,
        finding.case.number if everything else None,
        _searched(finding.case_id) if everything else (),
    )


def _searched(case_id: str) -> tuple[Searched, ...]:
    receipts = ReportReceipt.objects.filter(case_id=case_id).order_by("made", "id")
    return tuple(
        Searched(found["files"], found["unreadable"], found["complete"], found["ended"])
        for found in receipts.values_list("coverage", flat=True)
    )


def _overviews(
    known: Known, decided: dict[str, list[values.Decision]], language: str
) -> list[PersonOverview]:
    tasks, told = _tasks(known.people), _told(known.people)
    return [
        _overview(person, decided[subject], told.get(subject, []), tasks.get(subject, []), language)
        for subject, person in known.people.items()
    ]


def _recorded(row: Decision) -> values.Decision:
    return values.Decision(
        row.subject,
        row.recipient,
        Outcome(row.outcome),
        Reason(row.reason),
        tuple(row.items),
        next_at=row.next_at,
    )


def _overview(
    person: KnownPerson,
    decisions: list[values.Decision],
    told: list[datetime],
    tasks: list[Task],
    language: str,
) -> PersonOverview:
    zone = person.identity.zone
    reasons = tuple(
        Explained(
            decision.outcome,
            decision.reason,
            explain(decision, language, zone),
            len(decision.items),
            decision.next_at,
        )
        for decision in decisions
    )
    return PersonOverview(person, reasons, len(told), max(told, default=None), tuple(tasks))


def _told(subjects: Iterable[str]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    rows = Contact.objects.filter(subject__in=list(subjects), handed__isnull=False).exclude(
        state__in=values.NEVER_LEFT
    )
    for subject, handed in rows.values_list("subject", "handed"):
        if handed is not None:
            found.setdefault(subject, []).append(handed)
    return found


def _tasks(subjects: Iterable[str]) -> dict[str, list[Task]]:
    found: dict[str, list[Task]] = {}
    rows = CareTask.objects.filter(subject__in=list(subjects), done=None).order_by("made", "id")
    for row in rows:
        found.setdefault(row.subject, []).append(Task(row.id, row.kind, row.made))
    return found
