"""Opening who a person is outside one's duties: two people, a reason, a short time, and all on record.

Telling the person is the work of `luwte.desk.telling.access`, which calls `open_glass` after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from luwte.base.clock import SystemClock
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.vault import sealing
from luwte.desk.vault.errors import GlassClosed, GlassUnknown
from luwte.desk.vault.log import VAULT
from luwte.desk.vault.models import BreakGlass
from luwte.desk.vault.rows import locked, person_and_key
from luwte.desk.vault.services import KnownPerson, person

APPROVED_WITHIN = timedelta(hours=24)
OPEN_FOR = timedelta(hours=1)
LONGEST = 500
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class Glass:
    """A request: who asked and why, who approved, until when it opens, when it was opened first."""

    id: str
    person_id: str
    reason: str
    asked: datetime
    asked_by: str
    approved: datetime | None
    approved_by: str
    ends: datetime | None
    opened: datetime | None


@transaction.atomic(using="vault")
def ask(person_id: str, reason: str, *, by: str, now: datetime) -> str:
    """Ask to open who a person is and return the id of the request. Raises `PersonUnknown`, `GlassClosed`."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST or not reason.isprintable():
        raise GlassClosed(
            f"The reason is empty, too long or not printable. Give at most {LONGEST} characters."
        )
    found, key = locked(person_id)
    row = BreakGlass(person=found, asked=now, asked_by=by)
    sealing.seal_row(row, key, {"reason": reason})
    row.save()
    VAULT.record(Act.GLASS_ASKED, now, by=by, about=person_id, request=row.id)
    return row.id


@transaction.atomic(using="vault")
def approve(request_id: str, *, by: str, now: datetime) -> datetime:
    """Approve a request and return until when it opens. Raises `GlassUnknown`, or `GlassClosed` for the one
    who asked, a second time, and a request of more than a day ago or from a clock that ran ahead."""
    row = _row(request_id)
    if row.asked_by == by:
        raise GlassClosed("Whoever asked cannot approve. Let another person look at it.")
    if row.approved is not None:
        raise GlassClosed("This request was approved already.")
    if now < row.asked:
        raise GlassClosed("This request was made by a clock that ran ahead. Ask anew.")
    if now >= row.asked + APPROVED_WITHIN:
        raise GlassClosed("This request is more than a day old. Ask anew.")
    row.approved, row.approved_by, row.ends = now, by, now + OPEN_FOR
    row.save()
    VAULT.record(Act.GLASS_APPROVED, now, by=by, about=row.person_id, request=row.id)
    return row.ends


@transaction.atomic(using="vault")
def check_open(request_id: str, *, by: str, now: datetime) -> Glass:
    """Return the request when `by` may open it now. Raises `GlassUnknown` or `GlassClosed`."""
    found = _glass(_row(request_id))
    if found.asked_by != by:
        raise GlassClosed("Only whoever asked may open this.")
    if found.approved is None or found.ends is None:
        raise GlassClosed("Nobody approved this request yet. Let another person look at it.")
    if not found.approved <= now < found.ends:
        raise GlassClosed("The time to open this is over. Ask anew.")
    return found


@transaction.atomic(using="vault")
def open_glass(request_id: str, *, by: str, now: datetime) -> KnownPerson:
    """Return the person; each time is recorded. Raises `GlassUnknown` or `GlassClosed`."""
    row = _row(request_id)
    check_open(request_id, by=by, now=now)
    if row.opened is None:
        row.opened = now
        row.save()
    VAULT.record(Act.GLASS_OPENED, now, by=by, about=row.person_id, request=row.id)
    return person(row.person_id)


@transaction.atomic(using="vault")
def requests(person_id: str) -> list[Glass]:
    """Return every request about a person, oldest first: the answer when the person asks who looked.

    That somebody asked for them is recorded too. Raises `PersonUnknown`.
    """
    found, _ = person_and_key(person_id)
    VAULT.record(Act.PERSON_VIEWED, SystemClock().now(), by=actor(), about=person_id)
    return [_glass(row) for row in BreakGlass.objects.filter(person=found).order_by("asked", "id")]


def _row(request_id: str) -> BreakGlass:
    row = (
        BreakGlass.objects.select_for_update(of=("self",))
        .filter(pk=request_id, person__key__isnull=False)
        .first()
    )
    if row is None:
        raise GlassUnknown
    return row


def _glass(row: BreakGlass) -> Glass:
    reason = sealing.open_row(row, sealing.data_key(row.person_id))["reason"]
    return Glass(
        row.id,
        row.person_id,
        reason,
        row.asked,
        row.asked_by,
        row.approved,
        row.approved_by,
        row.ends,
        row.opened,
    )
