"""What came of a call, with what it told, recorded in one act by the care worker who accepted it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from luwte.desk.telling import services, tasks
from luwte.desk.telling.subjects import person_of
from luwte.desk.telling.tasks import CallOutcome


@transaction.atomic
def end_call(task_id: str, outcome: CallOutcome, by: str, now: datetime, told: Collection[str] = ()) -> None:
    """Record what came of a call, and that it told the items `told`; for a call of safety, those alerts.

    Raises `TaskUnknown`, `CallImpossible` when another accepted it, `PersonUnknown`, and `NothingToCall` when
    none of `told` may be told now.
    """
    call = tasks.accepted(task_id, by)
    if call.safety:
        for alert in told:
            services.confirm_alert(call.subject, alert, now)
    elif told:
        services.record_call(person_of(call.subject), by, now, told, call.recipient)
    tasks.record_outcome(task_id, outcome, by, now)
