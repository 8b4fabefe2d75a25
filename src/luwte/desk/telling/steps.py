"""Steps of cases as events of those whom they concern: who has a finding in the case that counts (T12).

Every round looks anew at what stands, so that a step which came before its finding, or before what it rests
on, reaches whom it concerns once both are there. What was corrected before anybody had it is told to nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from luwte.base.faults import fault_point
from luwte.desk.cases import services as cases
from luwte.desk.cases.book import Book, concerns, open_books
from luwte.desk.cases.errors import EventDiffers
from luwte.desk.cases.happens import CANCELLED, MOVED, OF_HEARINGS, SOURCES
from luwte.desk.cases.models import CaseStep, Event
from luwte.desk.cases.vocabulary import Step
from luwte.desk.findings.models import Finding, SeriesLink
from luwte.desk.findings.uncharged import MAY_COUNT, subjects_of
from luwte.desk.telling import safety_outbox
from luwte.desk.telling.agenda import look_again
from luwte.desk.telling.models import CareTask
from luwte.desk.telling.subjects import people_behind
from luwte.desk.wishes.rules import PERSON, Source

BATCH = 200
SPREAD_POINTS = ("steps.recorded", "steps.batch")
STEP_TAKEN_BACK = "step_taken_back"
"""The kind of the task: a step was told that did not happen; its reason is the id of the event."""


@dataclass(frozen=True, slots=True)
class News:
    """An event that somebody has not: its kind and moment, or (`task`) one of theirs that did not happen."""

    subject: str
    kind: str
    at: datetime
    task: str = ""


def spread_steps(now: datetime) -> int:
    """Record what stands in each case for everyone whom it concerns; return how many events that made."""
    wanted = set(_untold().values_list("case", flat=True)) | set(
        _told_wrongly().values_list("case", flat=True)
    )
    return sum(_spread(book, now) for book in open_books(wanted))


def _untold() -> QuerySet[CaseStep]:
    """Return the steps that no other corrects and that somebody with a finding in the case has not yet."""
    corrections = CaseStep.objects.filter(corrects=OuterRef("pk"), dismissal=None)
    rows = CaseStep.objects.exclude(tells="").filter(~Exists(corrections), dismissal=None)
    known = Event.objects.filter(
        subject=OuterRef("subject"), case=OuterRef("case"), at=OuterRef(OuterRef("at"))
    )
    known = known.filter(Q(kind=OuterRef(OuterRef("tells"))) | Q(kind=MOVED))
    lacking = Finding.objects.filter(MAY_COUNT, ~Exists(known), case=OuterRef("case"))
    shown = SeriesLink.objects.filter(subject=OuterRef("subject"), series=OuterRef(OuterRef("series")))
    of_all = Q(Exists(lacking), series="", subject="")
    of_series = Q(Exists(lacking.filter(Exists(shown)))) & ~Q(series="")
    of_one = Q(Exists(lacking.filter(subject=OuterRef("subject")))) & ~Q(subject="")
    return rows.filter(of_all | of_series | of_one)


def _told_wrongly() -> QuerySet[CaseStep]:
    """Return the steps that were taken back and that stand as an event of somebody."""
    backs = CaseStep.objects.filter(step=Step.TAKEN_BACK.value, corrects=OuterRef("pk"), dismissal=None)
    events = Event.objects.filter(
        case=OuterRef("case"), at=OuterRef("at"), kind__in=(OuterRef("tells"), MOVED)
    )
    return CaseStep.objects.exclude(tells="").filter(Exists(backs), Exists(events))


def _spread(book: Book, now: datetime) -> int:
    by_subject: defaultdict[str, list[News]] = defaultdict(list)
    for one in _news(book):
        by_subject[one.subject].append(one)
    made, subjects = 0, sorted(by_subject)
    for start in range(0, len(subjects), BATCH):
        with transaction.atomic():
            here = people_behind(subjects[start : start + BATCH])
            made += sum(_record(one, book, now) for subject in sorted(here) for one in by_subject[subject])
        fault_point("steps.batch")
    return made


def _news(book: Book) -> Iterator[News]:
    """Give what each whom the case concerns has not, in the order in which it was known."""
    subjects = subjects_of(book.case)
    shown = _series_of(subjects)
    had: defaultdict[str, dict[tuple[str, datetime], str]] = defaultdict(dict)
    for event in Event.objects.filter(case=book.case):
        had[event.subject][event.kind, event.at] = event.id
    for subject in subjects:
        yield from _news_of(subject, book, shown[subject], had[subject])
    for subject in sorted(had):
        yield from _not_happened(subject, book, had[subject])


def _series_of(subjects: Iterable[str]) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in SeriesLink.objects.filter(subject__in=list(subjects)):
        found[row.subject].add(row.series)
    return found


def _news_of(
    subject: str, book: Book, series: set[str], had: dict[tuple[str, datetime], str]
) -> Iterator[News]:
    """A correction tells only what changed: a hearing of which another day was told before is moved."""
    for row in book.standing:
        if not row.tells or not concerns(row, subject, series):
            continue
        kind = row.tells
        if kind in OF_HEARINGS and _told_on_another_day(row, book, had):
            kind = MOVED
        if not {(row.tells, row.at), (kind, row.at)} & had.keys():
            yield News(subject, kind, row.at)


def _told_on_another_day(row: CaseStep, book: Book, had: dict[tuple[str, datetime], str]) -> bool:
    earlier = [book.rows[one] for one in book.judged.chains[row.id][:-1]]
    return any((kind, one.at) in had for one in earlier if one.at != row.at for kind in OF_HEARINGS)


def _not_happened(subject: str, book: Book, had: dict[tuple[str, datetime], str]) -> Iterator[News]:
    """Of a hearing that never was the person hears that it is off; of anything else a human tells them."""
    standing = {(row.tells, row.at) for row in book.standing}
    for end, chain in book.judged.chains.items():
        if book.rows[end].step != Step.TAKEN_BACK:
            continue
        for row in (book.rows[one] for one in chain[:-1]):
            told = next((had[kind, row.at] for kind in (row.tells, MOVED) if (kind, row.at) in had), "")
            if not row.tells or not told or (row.tells, row.at) in standing:
                continue
            if row.tells not in OF_HEARINGS:
                yield News(subject, row.tells, row.at, told)
            elif (CANCELLED, row.at) not in had:
                yield News(subject, CANCELLED, row.at)


def _record(news: News, book: Book, now: datetime) -> bool:
    if news.task:
        _talk_about(news, now)
        return False
    source = SOURCES[news.kind]
    try:
        event, new = cases.record_event(
            news.subject, book.case.number, source, news.kind, at=news.at, now=now
        )
    except EventDiffers:
        return False
    fault_point("steps.recorded")
    if new and source == Source.SAFETY:
        safety_outbox.raise_alert(event, now)
    elif new:
        look_again([news.subject], now)
    return new


def _talk_about(news: News, now: datetime) -> None:
    """An alert that is still sent stops; once for each event, also after a human talked about it."""
    if CareTask.objects.filter(subject=news.subject, kind=STEP_TAKEN_BACK, reason=news.task).exists():
        return
    CareTask.objects.create(
        subject=news.subject, recipient=PERSON, kind=STEP_TAKEN_BACK, reason=news.task, made=now
    )
    safety_outbox.take_back(news.task, now)
