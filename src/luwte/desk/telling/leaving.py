"""Being erased at one's own request: asked for, open to be taken back for some days, then done for good.

Somebody may press the button because another stands behind them. So a care worker is asked to call, and until
the last day the person takes it back with one press. After it the key is destroyed: nobody can undo that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from luwte.base.faults import fault_point
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.telling.ages import Stage, stage_on
from luwte.desk.telling.errors import TaskUnknown
from luwte.desk.telling.facts import LIMITS
from luwte.desk.telling.models import CareTask
from luwte.desk.telling.subjects import person_of
from luwte.desk.telling.tasks import recorded
from luwte.desk.telling.values import Born
from luwte.desk.vault import erased
from luwte.desk.vault import services as vault
from luwte.desk.vault.errors import PersonUnknown
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import PERSON

LEAVING = "leaving"
"""The kind of the task: a care worker calls, and hears whether it is the person's own wish."""
DAYS = timedelta(days=7)
"""How long it can be taken back. A choice: long enough for a call, short enough to be without undue delay."""
LEAVING_POINTS = ("leaving.erased",)
_KEPT, _ERASED = "kept", "erased"


@dataclass(frozen=True, slots=True)
class Leaving:
    """A request that stands: when it was made, and from when on the person is erased."""

    asked: datetime
    due: datetime


def may_ask(subject: str, now: datetime) -> bool:
    """Return whether the person decides about their own data alone (T10: from 16). Raises `PersonUnknown`.

    Of whom the age is not known well enough a human decides.
    """
    identity = vault.person(person_of(subject)).identity
    born, day = Born(identity.born_from, identity.born_to), now.astimezone(identity.zone).date()
    stage = stage_on(born, LIMITS.ladder, day)
    return stage is not None and stage >= Stage.ALONE


def standing(subject: str) -> Leaving | None:
    """Return the request of a person that stands, or None."""
    row = CareTask.objects.filter(subject=subject, kind=LEAVING).exclude(outcome__in=(_KEPT, _ERASED)).first()
    return None if row is None else Leaving(row.made, row.made + DAYS)


@transaction.atomic
def ask(subject: str, now: datetime) -> Leaving:
    """Take in that a person wants to be erased, and ask for a call; return until when they can take it back.

    Asked twice it is one request, with the days of the first.
    """
    wishes.lock(subject)
    if (found := standing(subject)) is not None:
        return found
    row = CareTask.objects.create(subject=subject, kind=LEAVING, made=now)
    DESK.record(Act.LEAVING_ASKED, now, by=actor(), about=subject, task=row.id)
    return Leaving(now, now + DAYS)


@transaction.atomic
def keep(subject: str, now: datetime) -> bool:
    """Take the request back; return whether there was one."""
    wishes.lock(subject)
    rows = CareTask.objects.filter(subject=subject, kind=LEAVING).exclude(outcome__in=(_KEPT, _ERASED))
    for row in rows:
        _end(row, _KEPT, PERSON, now)
        DESK.record(Act.LEAVING_TAKEN_BACK, now, by=actor(), about=subject, task=row.id)
    return bool(rows)


@transaction.atomic
def keep_for(task_id: str, by: str, now: datetime) -> None:
    """Take the request back for a person who said so to the care worker `by`. Raises `TaskUnknown`."""
    row = CareTask.objects.filter(pk=task_id, kind=LEAVING).first()
    if row is None:
        raise TaskUnknown
    wishes.lock(row.subject)
    row.refresh_from_db()
    if row.done is not None:
        raise TaskUnknown
    _end(row, _KEPT, by, now)
    recorded(row, _KEPT, now)
    DESK.record(Act.LEAVING_TAKEN_BACK, now, by=actor(), about=row.subject, task=row.id)


def erase_due(now: datetime) -> int:
    """Erase who asked for it and let the days go by; return how many. A care worker's call changes nothing.

    A second time after a kill makes good what was left.
    """
    due = CareTask.objects.filter(kind=LEAVING, made__lte=now - DAYS).exclude(outcome__in=(_KEPT, _ERASED))
    return sum(_erase(row, now) for row in list(due.order_by("made", "id")))


@transaction.atomic
def _erase(row: CareTask, now: datetime) -> bool:
    wishes.lock(row.subject)
    row.refresh_from_db()
    if row.outcome in (_KEPT, _ERASED):
        return False
    try:
        vault.erase(person_of(row.subject), by=PERSON, now=now)
    except PersonUnknown:
        erased.reach(now)
    fault_point("leaving.erased")
    _end(row, _ERASED, PERSON, now)
    return True


def _end(row: CareTask, outcome: str, by: str, now: datetime) -> None:
    row.done, row.done_by, row.outcome = row.done or now, row.done_by or by, outcome
    row.save()
