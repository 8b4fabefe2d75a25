"""Events of cases that other agencies told, and whom they are about: who has a finding there that counts.

Every round looks anew, so an event that came before its finding reaches whom it is about once that is there.
Nobody is told by this; what a person hears is a matter of their wishes.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from luwte.base.faults import fault_point
from luwte.desk.cases import services as cases
from luwte.desk.cases.errors import EventDiffers
from luwte.desk.cases.models import Announcement, Event
from luwte.desk.findings.models import Finding, SeriesLink
from luwte.desk.findings.uncharged import MAY_COUNT
from luwte.desk.telling import safety_outbox
from luwte.desk.telling.agenda import look_again
from luwte.desk.telling.subjects import people_behind
from luwte.desk.wishes.rules import Source

BATCH = 200
ANNOUNCED_POINTS = ("announced.recorded", "announced.batch")


def spread(now: datetime) -> int:
    """Record what was announced for everyone whom it is about; return how many events that made."""
    waiting = Announcement.objects.select_related("case").order_by("received", "id")
    of_all, of_series = Exists(_lacking()), Exists(_lacking().filter(Exists(_shown())))
    found = list(waiting.filter(of_all, series="")) + list(waiting.filter(of_series).exclude(series=""))
    return sum(_spread(row, now) for row in found)


def _lacking() -> QuerySet[Finding]:
    """Return the findings of the announcement's case whose subjects have not this event yet."""
    said = {"kind": OuterRef(OuterRef("kind")), "at": OuterRef(OuterRef("at"))}
    known = Event.objects.filter(subject=OuterRef("subject"), case=OuterRef("case"), **said)
    return Finding.objects.filter(MAY_COUNT, ~Exists(known), case=OuterRef("case"))


def _shown() -> QuerySet[SeriesLink]:
    """Return the links by which the announcement's series shows the subject of a finding."""
    return SeriesLink.objects.filter(subject=OuterRef("subject"), series=OuterRef(OuterRef("series")))


def _spread(row: Announcement, now: datetime) -> int:
    made = 0
    subjects = _concerned(row)
    for start in range(0, len(subjects), BATCH):
        with transaction.atomic():
            here = people_behind(subjects[start : start + BATCH])
            made += sum(_record(subject, row, now) for subject in sorted(here))
        fault_point("announced.batch")
    return made


def _concerned(row: Announcement) -> list[str]:
    """T12: only who has a finding in the case that may be told."""
    found = Finding.objects.filter(MAY_COUNT, case=row.case_id)
    if row.series:
        found = found.filter(subject__in=SeriesLink.objects.filter(series=row.series).values("subject"))
    return sorted(one.subject for one in found if one.counted.identical + one.counted.confirmed > 0)


def _record(subject: str, row: Announcement, now: datetime) -> bool:
    """One that the person has with another end stays as it is."""
    try:
        event, new = cases.record_event(
            subject, row.case.number, row.source, row.kind, at=row.at, lapses=row.lapses, now=now
        )
    except EventDiffers:
        return False
    fault_point("announced.recorded")
    if new and row.source == Source.SAFETY:
        safety_outbox.raise_alert(event, now)
    elif new:
        look_again([subject], now)
    return new
