"""What holds after a restore: the desk is closed until it is finished, and silent until a human resumes.

What was told, chosen or withdrawn since the backup is lost with what was lost. So nothing leaves, whatever
the wishes say that came back, before somebody looked at the time between.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from luwte.desk.audit.models import Restoration


@dataclass(frozen=True, slots=True)
class Gap:
    """The time that a restore lost: from when the backup was `made`, until the desk was `restored`."""

    made: datetime
    restored: datetime


def held() -> Gap | None:
    """Return the time that nobody looked at yet, None when telling is free."""
    rows = list(Restoration.objects.filter(resumed=None).values_list("made", "finished", "begun"))
    if not rows:
        return None
    return Gap(min(made for made, _, _ in rows), max(finished or begun for _, finished, begun in rows))


def resume(by: str, now: datetime) -> list[str]:
    """Let telling go on; return the backups that were waited for. Only inside a transaction."""
    waiting = Restoration.objects.select_for_update().filter(resumed=None)
    found = list(waiting.order_by("begun", "id").values_list("id", flat=True))
    Restoration.objects.filter(id__in=found).update(resumed=now, resumed_by=by)
    return found
