"""Call tasks: a warm hand-over to a care worker by name (T9), who accepts, books a time, records the outcome.

A care worker holds a bounded number of calls at once; the others wait in the queue, most pressing first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction

from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.telling.agenda import look_again
from luwte.desk.telling.calls import CALL
from luwte.desk.telling.errors import CallImpossible, TaskUnknown
from luwte.desk.telling.first import may_be_taken
from luwte.desk.telling.models import CareTask
from luwte.desk.telling.safety_outbox import CARE
from luwte.desk.telling.values import Reason

CALLS = (CALL, CARE)
"""The kinds of task that are calls: for the rules, and for an event of safety that nobody confirmed."""
PRESSING = (Reason.HARM, Reason.CONFLICT, Reason.CONFLICT_DOUBT, Reason.CALL_CHOSEN, Reason.UNOPENED)
"""The reasons that come first in the queue, in this order; the others follow by age."""


class CallOutcome(StrEnum):
    """What came of a call; only `REACHED` and `NOT_WANTED` end the task."""

    REACHED = "reached"
    NOT_WANTED = "not_wanted"
    NO_ANSWER = "no_answer"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class CallTask:
    """A call that waits or was accepted: for whom, why, since when, by whom, and the booked time.

    `last`: what came of the last try, when it was tried. `safety`: about an event of safety.
    """

    id: str
    subject: str
    recipient: str
    reason: Reason
    made: datetime
    accepted_by: str
    slot: datetime | None
    last: str = ""
    safety: bool = False

    @property
    def first(self) -> bool:
        """Whether two people decide before anybody takes this call (T9)."""
        return self.reason == Reason.DOES_NOT_KNOW and not self.safety


def queue() -> list[CallTask]:
    """Return the open calls, the most pressing reason first, then the oldest."""
    rows = CareTask.objects.filter(kind__in=CALLS, done=None).order_by("made", "id")
    return sorted(map(_call, rows), key=_pressing)


def free_hands(by: str) -> int:
    """Return how many more calls the care worker `by` may accept now."""
    held = CareTask.objects.filter(kind__in=CALLS, done=None, accepted_by=by).count()
    return max(0, settings.CALLS_OPEN - held)


@transaction.atomic
def accept(task_id: str, by: str, now: datetime) -> None:
    """Take a call over by name. Raises `TaskUnknown`; `CallImpossible` when taken, or hands are full.

    So too when two people have to decide about a first contact before (T9).
    """
    task = _open_call(task_id)
    if task.accepted_by == by:
        return
    if task.accepted_by:
        raise CallImpossible("taken", f"{task.accepted_by} took this call already. Choose another one.")
    if not may_be_taken(task):
        raise CallImpossible(
            "first", "This person does not know yet: two people decide first, on the board of first contacts."
        )
    if not free_hands(by):
        raise CallImpossible(
            "full", f"You hold {settings.CALLS_OPEN} calls already. Record what came of one of them first."
        )
    task.accepted, task.accepted_by = now, by
    task.save()
    recorded(task, "accepted", now)


@transaction.atomic
def give_back(task_id: str, by: str, now: datetime) -> None:
    """Put a call back in the queue. Raises `TaskUnknown` or `CallImpossible`."""
    task = _mine(task_id, by)
    task.accepted, task.accepted_by, task.slot = None, "", None
    task.save()
    recorded(task, "given_back", now)


@transaction.atomic
def book(task_id: str, slot: datetime, by: str, now: datetime) -> None:
    """Book when the call will be made. Raises `TaskUnknown`, or `CallImpossible` for a time that is over."""
    task = _mine(task_id, by)
    if slot <= now:
        raise CallImpossible("past", "This time is over. Choose one that is still to come.")
    task.slot = slot
    task.save()
    recorded(task, "booked", now)


@transaction.atomic
def record_outcome(task_id: str, outcome: CallOutcome, by: str, now: datetime) -> None:
    """Record what came of a call; one without an answer stays with the care worker, to try again.

    What the call told is recorded with it by `luwte.desk.telling.talks.end_call`.
    """
    task = _mine(task_id, by)
    task.outcome, task.slot = outcome.value, None
    if outcome in (CallOutcome.REACHED, CallOutcome.NOT_WANTED):
        task.done, task.done_by = now, by
        look_again([task.subject], now)
    task.save()
    recorded(task, outcome.value, now)


def accepted(task_id: str, by: str) -> CallTask:
    """Return a call that `by` accepted. Raises `TaskUnknown` or `CallImpossible`; only in a transaction."""
    return _call(_mine(task_id, by))


@transaction.atomic
def look_done(task_id: str, by: str, now: datetime) -> None:
    """Record that a care worker did what a task asks that is no call. Raises `TaskUnknown`."""
    task = CareTask.objects.select_for_update().filter(pk=task_id, done=None).exclude(kind__in=CALLS).first()
    if task is None:
        raise TaskUnknown
    task.done, task.done_by, task.outcome = now, by, "done"
    task.save()
    recorded(task, "done", now)


def recorded(task: CareTask, what: str, now: datetime) -> None:
    """Record what somebody did with a task. Only in a transaction."""
    DESK.record(Act.TASK_HANDLED, now, by=actor(), about=task.subject, task=task.id, what=what)


def of(subjects: Iterable[str]) -> dict[str, list[CallTask]]:
    """Return the open calls of `subjects`, by subject."""
    found: dict[str, list[CallTask]] = {}
    rows = CareTask.objects.filter(kind__in=CALLS, done=None, subject__in=list(subjects))
    for row in rows.order_by("made", "id"):
        found.setdefault(row.subject, []).append(_call(row))
    return found


def _call(row: CareTask) -> CallTask:
    reason = Reason(row.reason or Reason.NEVER_ASKED)
    return CallTask(
        row.id,
        row.subject,
        row.recipient,
        reason,
        row.made,
        row.accepted_by,
        row.slot,
        row.outcome,
        row.kind == CARE,
    )


def _pressing(call: CallTask) -> tuple[int, datetime, str]:
    if call.safety:
        return -1, call.made, call.id
    place = PRESSING.index(call.reason) if call.reason in PRESSING else len(PRESSING)
    return place, call.made, call.id


def _open_call(task_id: str) -> CareTask:
    task = CareTask.objects.select_for_update().filter(pk=task_id, kind__in=CALLS, done=None).first()
    if task is None:
        raise TaskUnknown
    return task


def _mine(task_id: str, by: str) -> CareTask:
    task = _open_call(task_id)
    if task.accepted_by != by:
        raise CallImpossible("not_yours", "This call is not yours. Accept it first.")
    return task
