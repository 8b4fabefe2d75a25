"""Events of cases, as the prosecution or a court tells them: of a case, never of a person."""

from __future__ import annotations

from datetime import datetime

from luwte.base.errors import BadInput
from luwte.desk.api import notices
from luwte.desk.api.models import Delivery
from luwte.desk.api.problems import Refused
from luwte.desk.api.repeats import Done, once
from luwte.desk.api.scopes import Scope
from luwte.desk.api.shapes import CaseEvent
from luwte.desk.api.tokens import Caller
from luwte.desk.cases import services as cases
from luwte.desk.cases.errors import EventDiffers, EventImpossible
from luwte.desk.cases.models import Announcement
from luwte.exchange.documents import moment_text

ROOT = "/api/v1/case-events"
REGISTERED = "nl.luwte.case-event-registered.v1"
_DIFFERS = (
    "This event was delivered before, with another source or another moment at which the right lapses. What "
    "was delivered stays; deliver what changed as an event of its own."
)
_IMPOSSIBLE = (
    "This cannot be an event: the kind is not one of its source, it is still to come and must have happened, "
    "its year is too far away, or a right lapses where none can."
)


def deliver(caller: Caller, key: str | None, fingerprint: str, event: CaseEvent, now: datetime) -> Done:
    """Keep an event of a case, once; return what is answered. Raises `Refused`."""
    return once(caller.client, key, fingerprint, lambda: _announce(event, caller, now), now)


def status(caller: Caller, event: str) -> dict[str, object]:
    """Return what is kept of an event. Raises `Refused` (404), also for one that another client delivered."""
    row = Announcement.objects.filter(pk=event).first()
    mine = Delivery.objects.filter(client=caller.client, resource=f"{ROOT}/{event}").exists()
    if row is None or not (mine or Scope.EVENTS in caller.scopes):
        raise Refused(404)
    return _document(row)


def _announce(event: CaseEvent, caller: Caller, now: datetime) -> Done:
    try:
        row, new = cases.announce(
            event.case,
            event.source,
            event.kind,
            at=event.at,
            lapses=event.lapses,
            series=event.series or "",
            now=now,
        )
    except EventDiffers:
        raise Refused(409, _DIFFERS, name="event-differs") from None
    except EventImpossible:
        raise Refused(400, _IMPOSSIBLE, name="event-impossible") from None
    except BadInput:
        raise Refused(400) from None
    location = f"{ROOT}/{row.id}"
    Delivery.objects.get_or_create(client_id=caller.client, resource=location, defaults={"received": now})
    if new:
        notices.add(REGISTERED, location, now)
    return Done(201 if new else 200, _document(row), location)


def _document(row: Announcement) -> dict[str, object]:
    return {
        "id": row.id,
        "state": "registered",
        "source": row.source,
        "kind": row.kind,
        "at": moment_text(row.at),
        "lapses": moment_text(row.lapses) if row.lapses else None,
        "received": moment_text(row.received),
    }
