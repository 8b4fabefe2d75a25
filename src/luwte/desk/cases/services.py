"""What can be done with cases and their events; one function per act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.cases.errors import CaseUnknown, EventDiffers, EventImpossible
from luwte.desk.cases.models import Announcement, Case, Event
from luwte.desk.cases.rules import LAPSING, NOTICES, case_number, check_event


def case_for(number: str | None, now: datetime) -> Case:
    """Return the case with this `number`, opened at `now` if it is new. Raises `CaseUnknown` without one."""
    wanted = case_number(number)
    if wanted is None:
        raise CaseUnknown("The report names no case. Say which one it belongs to with `--case NUMBER`.")
    return Case.objects.get_or_create(number=wanted, defaults={"opened": now})[0]


def known_case(number: str) -> Case:
    """Return the case with this `number`. Raises `CaseUnknown` when none stands in the register."""
    found = Case.objects.filter(number=number.strip()).exclude(number="").first()
    if found is None:
        raise CaseUnknown(
            f"No case {number.strip()!r} stands in the register. Give the number as it is there."
        )
    return found


@transaction.atomic
def record_event(
    subject: str,
    number: str,
    source: str,
    kind: str,
    *,
    at: datetime,
    lapses: datetime | None = None,
    now: datetime,
) -> tuple[Event, bool]:
    """Record that `kind` happens at `at` for `subject` in a case; return it, and whether it is new.

    The same event twice changes nothing. Raises `CaseUnknown`, `EventImpossible`, or `EventDiffers` when it
    stands with another source or another end. Telling the planner is the work of `luwte.desk.telling`.
    """
    if case_number(number) is None:
        raise CaseUnknown("This event names no case. Give the number of the case.")
    check_event(source, kind, at, lapses, now)
    event, new = Event.objects.get_or_create(
        subject=subject,
        case=case_for(number, now),
        kind=kind,
        at=at,
        defaults={"source": source, "lapses": lapses, "registered": now},
    )
    if (event.source, event.lapses) != (source, lapses):
        raise EventDiffers
    if new:
        _recorded(event, now)
    return event, new


@transaction.atomic
def announce(
    number: str,
    source: str,
    kind: str,
    *,
    at: datetime,
    lapses: datetime | None = None,
    series: str = "",
    now: datetime,
) -> tuple[Announcement, bool]:
    """Keep that `kind` happens at `at` in a case, of whomever it is about; return it, and whether it is new.

    The same one twice changes nothing. Raises `CaseUnknown`, `EventImpossible`, or `EventDiffers` when it
    stands with another source or another end. Nobody is looked for here: `luwte.desk.telling.announced` does.
    """
    if case_number(number) is None:
        raise CaseUnknown("This event names no case. Give the number of the case.")
    check_event(source, kind, at, lapses, now)
    said, new = Announcement.objects.get_or_create(
        case=case_for(number, now),
        series=series,
        kind=kind,
        at=at,
        defaults={"source": source, "lapses": lapses, "received": now},
    )
    if (said.source, said.lapses) != (source, lapses):
        raise EventDiffers
    if new:
        DESK.record(Act.EVENT_ANNOUNCED, now, by=actor(), about=said.id, source=source)
    return said, new


@transaction.atomic
def record_notice(subject: str, kind: str, *, at: datetime, now: datetime) -> Event:
    """Record that the house owes `subject` to say `kind` (of `NOTICES`); the same one twice changes nothing.

    It stands under the case without a number.
    """
    if kind not in NOTICES:
        raise EventImpossible(f"There is no notice {kind!r}. Choose one of: {', '.join(NOTICES)}.")
    case, _ = Case.objects.get_or_create(number="", defaults={"opened": now})
    event, new = Event.objects.get_or_create(
        subject=subject, case=case, kind=kind, at=at, defaults={"source": LAPSING, "registered": now}
    )
    if new:
        _recorded(event, now)
    return event


def events(subjects: Iterable[str]) -> list[Event]:
    """Return the events of `subjects` in the order in which they were registered."""
    rows = Event.objects.filter(subject__in=list(subjects)).select_related("case")
    return list(rows.order_by("registered", "id"))


def _recorded(event: Event, now: datetime) -> None:
    details = {"event": event.id, "source": event.source}
    DESK.record(Act.EVENT_RECORDED, now, by=actor(), about=event.subject, **details)
