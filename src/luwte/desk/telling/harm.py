"""Signs of harm (T15): telling pauses at once and a human is asked to call. They never leave the desk."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from luwte.desk.telling.models import CareTask
from luwte.desk.telling.tasks import CALL
from luwte.desk.telling.values import Reason
from luwte.desk.wishes import services as wishes


@transaction.atomic
def distress(subject: str, now: datetime) -> datetime:
    """Pause everything for `subject`, who pressed the button, and ask for a call; return when it ends."""
    ends = wishes.harm(subject, now)
    waiting = CareTask.objects.filter(subject=subject, recipient="person", kind=CALL, done=None)
    if not waiting.update(reason=Reason.HARM.value):
        CareTask.objects.create(subject=subject, kind=CALL, reason=Reason.HARM.value, made=now)
    return ends
