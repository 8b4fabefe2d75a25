"""The first contact with somebody who does not know (T9): two people decide about it before anybody calls.

Who was only never asked is called by a named care worker who took the call, as `tasks` has it. Who does not
know that there is something to know is called only after one person proposed it and another one agreed. What
is kept is a code, never a text: the register holds nobody's story.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction

from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.telling.calls import CALL
from luwte.desk.telling.errors import FirstContactImpossible, TaskUnknown
from luwte.desk.telling.models import CareTask, FirstContact
from luwte.desk.telling.values import Reason

ON_BOARD = (Reason.DOES_NOT_KNOW, Reason.NEVER_ASKED)
"""The reasons of a call that is a first contact."""


class Verdict(StrEnum):
    """What is decided: to call, or to wait until a day."""

    CALL = "call"
    WAIT = "wait"


WHY = {
    Verdict.CALL: ("news", "right", "safety", "asks", "grows_up"),
    Verdict.WAIT: ("too_young", "no_support", "risk_near", "unwell", "unsure_who"),
}
"""Why, for each verdict: each code has words on the board."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about a first contact: what, why, until when it waits; who proposed it, and who agreed.

    `agreed_by` is "" while a second person has to look.
    """

    id: str
    task: str
    verdict: Verdict
    why: str
    until: date | None
    asked: datetime
    asked_by: str
    agreed_by: str

    def lets_call(self) -> bool:
        """Whether the call may be taken."""
        return self.verdict == Verdict.CALL and bool(self.agreed_by)


def standing(tasks: Collection[str]) -> dict[str, Decided]:
    """Return the decision that stands for each of these tasks, by task; a refused one stands no more."""
    rows = FirstContact.objects.filter(task__in=list(tasks), refused=False).order_by("asked", "id")
    return {row.task_id: _decided(row) for row in rows}


def number_for_second(by: str) -> int:
    """Return how many proposals wait for a second person who is not `by`."""
    rows = FirstContact.objects.filter(agreed=None, refused=False, task__done=None)
    return rows.exclude(asked_by=by).count()


def may_be_taken(task: CareTask) -> bool:
    """Return whether a named care worker may take this call now."""
    if task.kind != CALL or task.reason != Reason.DOES_NOT_KNOW.value:
        return True
    found = standing([task.id]).get(task.id)
    return found is not None and found.lets_call()


@transaction.atomic
def propose(
    task_id: str, verdict: Verdict, why: str, *, by: str, now: datetime, until: date | None = None
) -> str:
    """Propose what to do about a first contact, in place of what stood; return the id of the decision.

    Raises `TaskUnknown` when nobody has to be called for that reason any more, `FirstContactImpossible`.
    """
    task = _on_board(task_id)
    if why not in WHY[verdict]:
        raise FirstContactImpossible("why", "This is no reason for that. Choose one of those that are there.")
    if verdict == Verdict.WAIT and (until is None or until <= now.date()):
        raise FirstContactImpossible("until", "Waiting has an end. Give a day that is still to come.")
    if task.accepted_by:
        raise FirstContactImpossible("taken", f"{task.accepted_by} took this call already. Talk with them.")
    FirstContact.objects.filter(task=task, refused=False).update(refused=True)
    row = FirstContact.objects.create(
        task=task, verdict=verdict.value, why=why, until=until if verdict == Verdict.WAIT else None,
        asked=now, asked_by=by,
    )  # fmt: skip
    _record(Act.FIRST_PROPOSED, row, now, verdict=row.verdict, why=why)
    return row.id


@transaction.atomic
def settle(decision_id: str, agree: bool, *, by: str, now: datetime) -> Decided:
    """Agree with what another person proposed, or refuse it; return the decision.

    Raises `TaskUnknown` when it waits for that no more, `FirstContactImpossible` for who proposed it.
    """
    row = FirstContact.objects.select_for_update().filter(pk=decision_id, agreed=None, refused=False).first()
    if row is None:
        raise TaskUnknown
    _on_board(row.task_id)
    if row.asked_by == by:
        raise FirstContactImpossible("own", "Whoever proposed it cannot agree. Let a colleague look at it.")
    row.agreed, row.agreed_by, row.refused = now, by, not agree
    row.save()
    _record(Act.FIRST_DECIDED, row, now, agreed=agree)
    return _decided(row)


def _on_board(task_id: str) -> CareTask:
    """The locked call of a first contact that nobody made yet."""
    reasons = [one.value for one in ON_BOARD]
    rows = CareTask.objects.select_for_update().filter(pk=task_id, kind=CALL, reason__in=reasons, done=None)
    task = rows.first()
    if task is None:
        raise TaskUnknown
    return task


def _record(act: Act, row: FirstContact, now: datetime, **details: str | bool) -> None:
    DESK.record(act, now, by=actor(), about=row.task.subject, decision=row.id, task=row.task_id, **details)


def _decided(row: FirstContact) -> Decided:
    return Decided(
        row.id, row.task_id, Verdict(row.verdict), row.why, row.until, row.asked, row.asked_by, row.agreed_by
    )  # fmt: skip
