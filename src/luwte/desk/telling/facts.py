"""What the rules need to know, read from both databases, for the people of one act of telling."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from luwte.desk.cases.models import Event as EventRow
from luwte.desk.findings import models as register
from luwte.desk.findings.accepting import counted
from luwte.desk.telling.looking import next_look
from luwte.desk.telling.models import Contact, ContactItem
from luwte.desk.telling.recipients import recipients_of
from luwte.desk.telling.remembering import told_before
from luwte.desk.telling.rules import plan
from luwte.desk.telling.subjects import people_behind, subject_of
from luwte.desk.telling.values import Decision, Event, Finding, Limits, Recipient, State, Told
from luwte.desk.telling.ways import there
from luwte.desk.vault import services as vault
from luwte.desk.vault.batches import Opened, opened
from luwte.desk.vault.services import KnownPerson
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import Channel, Hold, Quiet, Source, Wish

LIMITS = Limits()
_COLUMNS = (
    "id", "subject", "source", "identical", "same_picture", "near", "confirmed", "registered", "quarantined",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """People by pseudonym, with who acts for them: the working memory of one act of telling.

    `ways`: the channels that are there; what is not there counts as stopped for everybody.
    """

    found: Mapping[str, Opened]
    ways: frozenset[Channel]

    @property
    def people(self) -> Mapping[str, KnownPerson]:
        """The people alone."""
        return {subject: one.person for subject, one in self.found.items()}

    @classmethod
    def of(cls, subjects: Iterable[str], ways: Collection[Channel] | None = None) -> Known:
        """Return the people behind pseudonyms as the vault knows them now, without who was erased."""
        behind = people_behind(list(subjects))
        people = opened(behind.values())
        found = {subject: people[one] for subject, one in behind.items() if one in people}
        return cls(found, there() if ways is None else frozenset(ways))

    @classmethod
    def everyone(cls) -> Known:
        """Return everyone in the vault, by name. For the lists that care workers read, never for telling."""
        ids = vault.person_ids()
        found = sorted(opened(ids).values(), key=lambda one: (one.person.identity.name, one.person.id))
        return cls({subject_of(one.person.id): one for one in found}, there())

    @classmethod
    def one(cls, person_id: str) -> Known:
        """Return one person. Raises `PersonUnknown`."""
        vault.person(person_id)
        return cls.of([subject_of(person_id)])

    @classmethod
    def behind(cls, subject: str) -> Known:
        """Return the person behind a pseudonym as the vault knows them now; nobody when erased."""
        return cls.of([subject])


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the rules read of some subjects."""

    wishes: list[Wish]
    findings: list[Finding]
    events: list[Event]
    history: list[Told]
    holds: list[Hold | Quiet]
    recipients: list[Recipient]

    @classmethod
    def about(cls, known: Known, subjects: Iterable[str], without: Collection[str] = ()) -> Facts:
        """Read them, as if the contacts `without` did not exist."""
        wanted = sorted(subject for subject in subjects if subject in known.found)
        return cls(
            wishes.wishes(wanted),
            findings_of(wanted),
            events_of(wanted),
            [told for told in history_of(wanted) if told.id not in without],
            [*wishes.holds(wanted), *wishes.quiets(wanted)],
            recipients_of(known.found, wanted, known.ways),
        )

    def decide(self, now: datetime) -> list[Decision]:
        """Return what the rules decide at `now`."""
        return plan(
            self.wishes, self.findings, self.events, self.history, self.holds, self.recipients, LIMITS, now
        )

    def next_look(self, decisions: list[Decision], now: datetime) -> datetime | None:
        """Return when time alone may change `decisions`; these facts are of one subject."""
        return next_look(
            decisions,
            self.recipients,
            self.wishes,
            LIMITS,
            now,
            events=self.events,
            history=self.history,
            holds=self.holds,
        )

    def apart(self) -> dict[str, Facts]:
        """Return the same for each subject alone."""
        found: dict[str, Facts] = {}
        for recipient in self.recipients:
            found.setdefault(recipient.subject, Facts([], [], [], [], [], [])).recipients.append(recipient)
        for wish in self.wishes:
            found[wish.subject].wishes.append(wish)
        for finding in self.findings:
            found[finding.subject].findings.append(finding)
        for event in self.events:
            found[event.subject].events.append(event)
        for told in self.history:
            found[told.subject].history.append(told)
        for hold in self.holds:
            found[hold.subject].holds.append(hold)
        return found


def decide(known: Known, subjects: Iterable[str], now: datetime, without: str = "") -> list[Decision]:
    """Return what the rules decide at `now` for all recipients, as if `without` did not exist."""
    return Facts.about(known, subjects, {without}).decide(now)


def findings_of(subjects: list[str]) -> list[Finding]:
    """Return the findings of `subjects` as the rules see them."""
    rows = register.Finding.objects.filter(subject__in=subjects)
    return [
        Finding(row[0], row[1], Source(row[2]), *_certain(*row[3:7]), *row[7:])
        for row in rows.values_list(*_COLUMNS).order_by("subject", "registered", "id").iterator(2_000)
    ]


def _certain(*files: int) -> tuple[int, int, int]:
    found = counted(*files)
    return found.identical, found.near, found.confirmed


def events_of(subjects: list[str]) -> list[Event]:
    """Return the events of `subjects`; those of safety go their own way (T14)."""
    rows = EventRow.objects.filter(subject__in=subjects).exclude(source=Source.SAFETY.value)
    columns = ("id", "subject", "source", "at", "lapses")
    return [
        Event(found, subject, Source(source), at, lapses)
        for found, subject, source, at, lapses in rows.order_by("at", "id").values_list(*columns)
    ]


def history_of(subjects: list[str]) -> list[Told]:
    """Return every contact of `subjects`, whatever became of it, and what was told before its rows went."""
    carried: defaultdict[str, set[str]] = defaultdict(set)
    items = ContactItem.objects.filter(contact__subject__in=subjects)
    for contact, finding, event in items.values_list("contact_id", "finding_id", "event_id"):
        carried[contact].add(finding or event)
    rows = Contact.objects.filter(subject__in=subjects).order_by("subject", "number")
    return [*(_told(row, carried[row.id]) for row in rows), *told_before(subjects)]


def _told(row: Contact, carried: set[str]) -> Told:
    return Told(
        row.id,
        row.subject,
        row.recipient,
        row.handed or row.decided,
        State(row.state),
        frozenset(carried),
        frozenset(Source(source) for source in row.sources),
        row.asked,
        Channel(row.channel),
        row.opened,
    )
