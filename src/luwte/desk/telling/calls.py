"""Call tasks follow the decisions: one open call a recipient while a decision that asks for one stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from luwte.desk.telling import values
from luwte.desk.telling.models import CareTask, Decision
from luwte.desk.telling.values import Outcome, Reason

CALL = "call"
NOT_NEEDED = "not needed"
_Party = tuple[str, str]


def keep_open(decided: Mapping[str, list[values.Decision]], now: datetime) -> None:
    """Open, follow and close the calls of the subjects in `decided`, which holds all that stands for them.

    A call that was finished answers the decisions that stood then: only a newer one asks for another. One for
    a sign of harm is closed by a human alone (T15).
    """
    wanted = _wanted(decided)
    tasks = CareTask.objects.filter(subject__in=list(decided), kind=CALL, done=None)
    open_now = {(task.subject, task.recipient): task for task in tasks.order_by("-made", "id")}
    for party, task in open_now.items():
        _follow(task, wanted.get(party), now)
    missing = {party: reason for party, reason in wanted.items() if party not in open_now}
    answered = _answered(missing)
    CareTask.objects.bulk_create(
        CareTask(subject=party[0], recipient=party[1], kind=CALL, reason=reason, made=now)
        for party, reason in missing.items()
        if party not in answered
    )


def _wanted(decided: Mapping[str, list[values.Decision]]) -> dict[_Party, str]:
    found: dict[_Party, str] = {}
    for decisions in decided.values():
        for decision in decisions:
            if decision.outcome == Outcome.CALL:
                found.setdefault((decision.subject, decision.recipient), decision.reason.value)
    return found


def _follow(task: CareTask, reason: str | None, now: datetime) -> None:
    if task.reason == Reason.HARM.value or reason == task.reason:
        return
    if reason is not None:
        task.reason = reason
    elif task.accepted is None:
        task.done, task.outcome = now, NOT_NEEDED
    else:
        return
    task.save()


def _answered(missing: Mapping[_Party, str]) -> set[_Party]:
    """Which parties had a call since the newest decision that asks for one."""
    subjects = {subject for subject, _ in missing}
    asked: dict[_Party, datetime] = {}
    rows = Decision.objects.filter(subject__in=subjects, replaced=None, outcome=Outcome.CALL.value)
    for subject, recipient, at in rows.values_list("subject", "recipient", "decided"):
        asked[subject, recipient] = max(at, asked.get((subject, recipient), at))
    finished = CareTask.objects.filter(subject__in=subjects, kind=CALL, done__isnull=False)
    calls = finished.exclude(outcome=NOT_NEEDED).values_list("subject", "recipient", "done")
    return {
        (subject, recipient)
        for subject, recipient, done in calls
        if done is not None and (subject, recipient) in asked and asked[subject, recipient] <= done
    }
