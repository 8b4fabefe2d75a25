"""Who cannot be reached the chosen way stands on a care worker's list until that is solved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from luwte.desk.telling import values
from luwte.desk.telling.calls import NOT_NEEDED
from luwte.desk.telling.models import CareTask
from luwte.desk.telling.values import Reason

ADDRESS_FAILS = "address_fails"
"""The kind of the task; its reason says why the way failed, empty when there never was one."""
_Party = tuple[str, str]


def keep_open(decided: Mapping[str, list[values.Decision]], now: datetime) -> None:
    """Open and close these tasks for the subjects in `decided`, which holds all that stands for them.

    No address, a secret one, a way that this desk does not have: a task, as for an address that failed. One
    that tells why is closed by a human alone.
    """
    wanted = {
        (one.subject, one.recipient)
        for decisions in decided.values()
        for one in decisions
        if one.reason == Reason.CHANNEL_STOPPED
    }
    open_now = CareTask.objects.filter(subject__in=list(decided), kind=ADDRESS_FAILS, done=None)
    standing: set[_Party] = set()
    for task in open_now:
        party = (task.subject, task.recipient)
        if party in wanted or task.reason:
            standing.add(party)
        else:
            task.done, task.outcome = now, NOT_NEEDED
            task.save()
    CareTask.objects.bulk_create(
        CareTask(subject=subject, recipient=recipient, kind=ADDRESS_FAILS, made=now)
        for subject, recipient in sorted(wanted - standing)
    )
