"""A case with all that hangs on it: when its term is over, what still needs it, and how it goes, as a whole.

Were only its reports deleted, or only its findings, the next count would make something else of what is left:
a finding without files, or one that was told already and looks new.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from luwte.base.chunks import chunks
from luwte.desk.cases.models import (
    Announcement,
    Case,
    CaseAgency,
    CaseStep,
    Dismissal,
    Event,
    LegalHold,
    VictimStatus,
)
from luwte.desk.findings import names
from luwte.desk.findings.lists import DISPUTE
from luwte.desk.findings.models import (
    Cluster,
    ClusterFiles,
    ClusterHeld,
    EntrySighting,
    Finding,
    Objection,
    Quarantine,
    ReportReceipt,
    ReportSeries,
    Touched,
)
from luwte.desk.findings.models import Remembered as RememberedFiles
from luwte.desk.retention import alike
from luwte.desk.retention.needed import (
    DECISION,
    HOLD,
    RULES,
    RUNNING,
    UNOPENED,
    UNTOLD,
    busy,
    erased,
    held_cases,
    held_subjects,
)
from luwte.desk.retention.taking import Taking
from luwte.desk.review.models import KeptStake, Look
from luwte.desk.telling.models import (
    CareTask,
    Contact,
    ContactItem,
    Decision,
    Remembered,
    SafetyAlert,
    SafetyAttempt,
)
from luwte.desk.telling.obstacles import POSTED
from luwte.desk.telling.remembering import mark_of_event, mark_of_finding
from luwte.desk.telling.values import NEVER_LEFT
from luwte.desk.wishes.rules import PERSON, Source

_NEVER_LEFT = [state.value for state in NEVER_LEFT]
_POSTED = [channel.value for channel in POSTED]


def over(before: datetime) -> QuerySet[Case]:
    """Return the cases in which nothing happened since `before`, and which no legal hold keeps."""
    late = [
        ReportReceipt.objects.filter(received__gte=before).values("case"),
        Finding.objects.filter(registered__gte=before).values("case"),
        _happened(Event.objects.all(), before).values("case"),
        Announcement.objects.filter(Q(received__gte=before) | Q(at__gte=before)).values("case"),
        Announcement.objects.filter(lapses__gte=before).values("case"),
        CaseStep.objects.filter(Q(received__gte=before) | Q(at__gte=before)).values("case"),
        VictimStatus.objects.filter(received__gte=before).values("case"),
        CaseAgency.objects.filter(received__gte=before).values("case"),
        ClusterFiles.objects.filter(cluster__decided__gte=before).values("receipt__case"),
        _told(before).filter(finding__isnull=False).values("finding__case"),
        _told(before).filter(event__isnull=False).values("event__case"),
        held_cases(),
    ]
    found = Case.objects.exclude(number="").filter(opened__lt=before)
    for cases in late:
        found = found.exclude(pk__in=cases)
    return found.order_by("opened", "pk")


def notices(before: datetime) -> QuerySet[Event]:
    """Return the notices, which belong to no case, with which nothing happened since `before`."""
    found = Event.objects.filter(case__number="", registered__lt=before)
    found = found.exclude(pk__in=_happened(found, before).values("pk"))
    told = _told(before).filter(event__isnull=False)
    return found.exclude(pk__in=told.values("event")).order_by("registered", "pk")


def _happened(events: QuerySet[Event], before: datetime) -> QuerySet[Event]:
    return events.filter(Q(registered__gte=before) | Q(at__gte=before) | Q(lapses__gte=before))


def _told(before: datetime) -> QuerySet[ContactItem]:
    late = Q(contact__decided__gte=before) | Q(contact__handed__gte=before)
    return ContactItem.objects.filter(late | Q(contact__closed__gte=before) | Q(contact__opened__gte=before))


@dataclass(slots=True)
class CaseFile:
    """What goes together: a `case` with all that hangs on it, or (None) `events` that belong to no case."""

    case: Case | None
    events: list[Event]
    findings: list[Finding] = field(default_factory=list)

    @classmethod
    def of(cls, case: Case) -> CaseFile:
        """Return a case with its findings and events."""
        return cls(case, list(case.events.select_related("case")), list(case.findings.all()))

    @property
    def items(self) -> frozenset[str]:
        """The ids of findings and events."""
        return frozenset([*(one.id for one in self.findings), *(one.id for one in self.events)])

    @property
    def subjects(self) -> set[str]:
        """Everyone whom it is about."""
        return {*(one.subject for one in self.findings), *(one.subject for one in self.events)}

    def carried(self) -> QuerySet[ContactItem]:
        """Return what contacts told, or were to tell, of it."""
        if self.case is None:
            return ContactItem.objects.filter(event__in=[one.pk for one in self.events])
        return ContactItem.objects.filter(Q(finding__case=self.case) | Q(event__case=self.case))

    def contacts(self) -> list[str]:
        """Return the contacts that told of nothing else."""
        carried = self.carried()
        mine = Contact.objects.filter(pk__in=carried.values("contact"))
        others = ContactItem.objects.exclude(pk__in=carried.values("pk")).values("contact")
        return list(mine.exclude(pk__in=others).values_list("pk", flat=True))

    def needed(self, now: datetime) -> str:
        """Return what still needs it, in a word that docs/retention.md explains; "" when nothing does."""
        subjects = self.subjects
        here = subjects - erased(subjects)
        asked: tuple[tuple[str, Callable[[], bool]], ...] = (
            (HOLD, lambda: not subjects.isdisjoint(held_subjects())),
            (DECISION, self._undecided),
            (RUNNING, lambda: bool(busy(here)) or self._running(here)),
            (UNTOLD, lambda: self._untold(here)),
            (UNOPENED, lambda: self._unopened(here)),
            (RULES, lambda: bool(alike.unlike(here, self.items, self.contacts(), now))),
        )
        return next((word for word, needs in asked if needs()), "")

    def _undecided(self) -> bool:
        """Whether an entry of it waits for a verdict or an answer to an objection, or a look is open."""
        if self.case is None:
            return False
        entries = EntrySighting.objects.filter(case=self.case).values("entry")
        near = ClusterFiles.objects.filter(receipt__case=self.case)
        mine = Q(entry__in=entries) | Q(entry__in=near.values("cluster__entry"))
        waits = (
            Quarantine.objects.filter(mine, verdict=""),
            Objection.objects.filter(mine, closed=None, kind=DISPUTE),
            Look.objects.filter(ended=None, cluster__in=near.values("cluster")),
        )
        return any(rows.exists() for rows in waits)

    def _running(self, here: Collection[str]) -> bool:
        """Whether a contact about it did not leave yet, or a decision to tell of it still stands."""
        stands = Decision.objects.filter(contact__in=self.contacts(), replaced=None, subject__in=list(here))
        return stands.exists() or self.carried().filter(contact__closed=None).exists()

    def _untold(self, here: Collection[str]) -> bool:
        """T3: whether something that may be told to somebody was never told to them."""
        told = self.carried().filter(live=True, recipient=PERSON).exclude(contact__state__in=_NEVER_LEFT)
        known = {found or event for found, event in told.values_list("finding", "event")}
        findings = {
            one.id for one in self.findings
            if one.subject in here and one.counted.identical + one.counted.confirmed > 0
        }  # fmt: skip
        events = {
            one.id for one in self.events
            if one.subject in here and one.source != Source.SAFETY and one.lapses is None
        }  # fmt: skip
        return not (findings | events) <= known

    def _unopened(self, here: Collection[str]) -> bool:
        """T15: whether somebody has a contact about it that they never opened."""
        posted = self.carried().filter(contact__channel__in=_POSTED, contact__opened=None, live=True)
        return posted.filter(contact__subject__in=here).exclude(contact__state__in=_NEVER_LEFT).exists()

    def clear(self, taking: Taking) -> None:
        """Delete all of it, and keep a mark of what was told; only inside a clearing, alone."""
        subjects = self.subjects
        here = subjects - erased(subjects)
        contacts = self.contacts()
        self._remember(here)
        for some in chunks(one.pk for one in self.events):
            taking.delete(SafetyAttempt.objects.filter(alert__event__in=some))
            taking.delete(SafetyAlert.objects.filter(event__in=some))
        for some in chunks(contacts):
            taking.delete(CareTask.objects.filter(contact__in=some))
            taking.delete(Decision.objects.filter(contact__in=some))
        taking.delete(self.carried())
        for some in chunks(contacts):
            taking.delete(Contact.objects.filter(pk__in=some))
        for some in chunks(one.pk for one in self.findings):
            taking.delete(Finding.objects.filter(pk__in=some))
        for some in chunks(one.pk for one in self.events):
            taking.delete(Event.objects.filter(pk__in=some))
        if self.case is not None:
            _clear_reports(self.case, taking)
        Touched.objects.bulk_create([Touched(subject=subject) for subject in sorted(here)])

    def _remember(self, here: Collection[str]) -> None:
        marks = {one.id: mark_of_finding(one.subject, one.case.number) for one in self.findings}
        marks |= {one.id: mark_of_event(one) for one in self.events}
        left = self.carried().filter(contact__subject__in=list(here), live=True).select_related("contact")
        Remembered.objects.bulk_create(
            Remembered(
                subject=one.contact.subject,
                recipient=one.recipient,
                mark=marks[one.finding_id or one.event_id or ""],
                number=one.contact.number,
                at=one.contact.handed or one.contact.decided,
            )
            for one in left.exclude(contact__state__in=_NEVER_LEFT).order_by("pk")
        )
        remember_numbers(self.contacts())


def remember_numbers(contacts: Collection[str]) -> None:
    """Keep the numbers of contacts that go and are the highest of their subject: none gets one again."""
    for some in chunks(contacts):
        rows = Contact.objects.filter(pk__in=some)
        newer = Contact.objects.exclude(pk__in=some)
        for one in rows:
            if not newer.filter(subject=one.subject, number__gt=one.number).exists():
                Remembered.objects.create(
                    subject=one.subject, recipient=one.recipient, number=one.number, at=one.decided
                )


def _clear_reports(case: Case, taking: Taking) -> None:
    """Clusters go with the last case that has files of them; of one that was decided the name of its series.

    One that was undone stays as long as a report of another case rests on it: a cluster that is not known
    counts as decided elsewhere.
    """
    files = ClusterFiles.objects.filter(receipt__case=case)
    clusters = list(files.values_list("cluster", flat=True).distinct())
    taking.delete(files)
    taking.delete(RememberedFiles.objects.filter(receipt__case=case))
    for some in chunks(clusters):
        orphans = Cluster.objects.filter(pk__in=some, outcome="", found=None)
        rested_on = RememberedFiles.objects.filter(cluster__in=some).values("cluster")
        ids = list(orphans.exclude(pk__in=rested_on).values_list("pk", flat=True))
        taking.delete(Look.objects.filter(cluster__in=ids))
        taking.delete(ClusterHeld.objects.filter(cluster__in=ids))
        taking.delete(Cluster.objects.filter(pk__in=ids))
    names.forget_without_files(clusters)
    taking.delete(ReportSeries.objects.filter(receipt__case=case))
    taking.delete(ReportReceipt.objects.filter(case=case))
    taking.delete(EntrySighting.objects.filter(case=case))
    taking.delete(KeptStake.objects.filter(case=case.pk))
    taking.delete(Announcement.objects.filter(case=case))
    taking.delete(Dismissal.objects.filter(step__case=case))
    for table in (CaseStep, VictimStatus, CaseAgency):
        taking.delete(table.objects.filter(case=case))
    taking.delete(LegalHold.objects.filter(case=case))
    taking.delete(Case.objects.filter(pk=case.pk))
