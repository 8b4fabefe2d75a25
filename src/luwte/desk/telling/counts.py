"""How the desk does as a whole, in numbers: what left, how long people waited, what runs out. Never who.

Counts come from the rows; what retention took away is not in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth, TruncWeek

from luwte.desk.cases.models import Event
from luwte.desk.findings.models import ReportReceipt
from luwte.desk.telling.calls import CALL, NOT_NEEDED
from luwte.desk.telling.models import CareTask, Contact
from luwte.desk.telling.values import NEVER_LEFT, Reason
from luwte.desk.wishes.rules import PERSON

WEEKS = 12
MONTHS = 12
MOST_WAITS = 20_000
"""As many calls are read, the newest ones."""
MOST_REPORTS = 5_000
FIRST = (Reason.NEVER_ASKED.value, Reason.DOES_NOT_KNOW.value)
"""The first talk, which is a care worker's (T9)."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many in the week or month that begins on `day`."""

    day: date
    count: int


@dataclass(frozen=True, slots=True)
class Waits:
    """Days from when a first talk was asked for until it was had; and how many still wait."""

    days: tuple[float, ...]
    open: int


@dataclass(frozen=True, slots=True)
class Searched:
    """Files that were read, and those that could not be, in so many reports."""

    read: int
    unreadable: int
    reports: int


def contacts_a_week(now: datetime) -> list[Counted]:
    """Return how many contacts left in each of the last weeks, this one last."""
    rows = Contact.objects.filter(handed__gte=_start(now), handed__lte=now).exclude(state__in=NEVER_LEFT)
    return _by_week(rows, "handed", _weeks(now))


def calls_a_week(now: datetime) -> list[Counted]:
    """Return how many calls came to an end in each of the last weeks, whatever came of them."""
    rows = CareTask.objects.filter(kind=CALL, done__gte=_start(now), done__lte=now).exclude(
        outcome=NOT_NEEDED
    )
    return _by_week(rows, "done", _weeks(now))


def first_waits(now: datetime) -> Waits:
    """Return how long first talks of the last weeks were waited for; never less than no days."""
    asked = CareTask.objects.filter(kind=CALL, reason__in=FIRST)
    had = asked.filter(done__gte=_start(now), done__lte=now).exclude(outcome=NOT_NEEDED).order_by("-done")
    spans = (done - made for made, done in had.values_list("made", "done")[:MOST_WAITS] if done is not None)
    days = tuple(max(0.0, span.total_seconds() / 86_400) for span in spans)
    return Waits(days, asked.filter(done=None).count())


def lapses_a_week(now: datetime) -> list[Counted]:
    """Return how many rights run out in each of the coming weeks, this one first."""
    monday = _monday(now)
    end = monday + timedelta(weeks=WEEKS)
    rows = Event.objects.filter(lapses__gte=now, lapses__lt=_midnight(end))
    return _by_week(rows, "lapses", [monday + timedelta(weeks=week) for week in range(WEEKS)])


def searched(now: datetime) -> Searched:
    """Return what the reports of the last weeks say was searched, together; of the newest `MOST_REPORTS`."""
    rows = ReportReceipt.objects.filter(received__gte=_start(now), received__lte=now).order_by(
        "-received", "id"
    )
    found = list(rows.values_list("coverage", flat=True)[:MOST_REPORTS])
    unreadable = sum(int(one["unreadable"]) for one in found)
    return Searched(sum(int(one["files"]) for one in found) - unreadable, unreadable, len(found))


def contacts_a_month(subject: str, now: datetime) -> list[Counted]:
    """Return how many contacts the person had in each of the last months, this one last."""
    today = now.astimezone(_zone()).date()
    months = [_month_before(today, back) for back in reversed(range(MONTHS))]
    rows = Contact.objects.filter(subject=subject, recipient=PERSON).exclude(state__in=NEVER_LEFT)
    rows = rows.filter(handed__gte=_midnight(months[0]), handed__lte=now)
    found = rows.values_list(TruncMonth("handed", tzinfo=_zone())).annotate(Count("pk")).order_by()
    return _filled(months, found)


def _by_week(
    rows: QuerySet[Contact] | QuerySet[CareTask] | QuerySet[Event], field: str, weeks: list[date]
) -> list[Counted]:
    found = rows.values_list(TruncWeek(field, tzinfo=_zone())).annotate(Count("pk")).order_by()
    return _filled(weeks, found)


def _filled(days: list[date], found: Iterable[tuple[datetime, int]]) -> list[Counted]:
    counts = {at.astimezone(_zone()).date(): count for at, count in found}
    return [Counted(day, counts.get(day, 0)) for day in days]


def _weeks(now: datetime) -> list[date]:
    return [_monday(now) - timedelta(weeks=back) for back in reversed(range(WEEKS))]


def _start(now: datetime) -> datetime:
    return _midnight(_weeks(now)[0])


def _monday(now: datetime) -> date:
    today = now.astimezone(_zone()).date()
    return today - timedelta(days=today.weekday())


def _month_before(day: date, back: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(year, month + 1, 1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=_zone()).astimezone(UTC)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
