"""Signs of harm (T15): telling pauses at once and a human is asked to call. They never leave the desk."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from luwte.desk.telling.calls import CALL
from luwte.desk.telling.errors import CallImpossible
from luwte.desk.telling.models import CareTask
from luwte.desk.telling.tasks import CallOutcome, recorded
from luwte.desk.telling.values import Reason
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import PERSON, HoldKind

LIFTED = "harm_lifted"
"""The kind of the record that a care worker let telling go on."""


@transaction.atomic
def distress(subject: str, now: datetime, *, set_by: str = wishes.BY_PERSON, reason: str = "") -> datetime:
    """Pause everything for `subject` and ask for a call; return when it ends.

    The person pressed the button, or `set_by` saw a sign of harm (a worsening score, a talk) and says which.
    """
    ends = wishes.harm(subject, now, set_by=set_by, reason=reason)
    waiting = CareTask.objects.filter(subject=subject, recipient=PERSON, kind=CALL, done=None)
    if not waiting.update(reason=Reason.HARM.value):
        CareTask.objects.create(subject=subject, kind=CALL, reason=Reason.HARM.value, made=now)
    return ends


def may_lift(subject: str, now: datetime) -> bool:
    """Return whether a pause for a sign of harm is on, and a call since the last sign reached the person."""
    signs = [
        hold.ends - wishes.HARM
        for hold in wishes.holds([subject])
        if hold.kind == HoldKind.HARM and hold.holds(now)
    ]
    reached = CareTask.objects.filter(
        subject=subject, recipient=PERSON, kind=CALL, outcome=CallOutcome.REACHED.value
    )
    return bool(signs) and reached.filter(done__gte=max(signs)).exists()


@transaction.atomic
def lift(subject: str, by: str, now: datetime) -> None:
    """Let telling go on after a sign of harm, on behalf of the care worker `by`; it stays on record.

    Raises `CallImpossible` before a call reached the person.
    """
    wishes.lock(subject)
    if not may_lift(subject, now):
        raise CallImpossible("no_call", "Nobody reached this person since. Call first, and record it.")
    wishes.resume(subject, now, HoldKind.HARM)
    waiting = CareTask.objects.filter(subject=subject, recipient=PERSON, kind=CALL, done=None)
    waiting.filter(reason=Reason.HARM.value).update(done=now, done_by=by, outcome="lifted")
    done = CareTask.objects.create(
        subject=subject, kind=LIFTED, made=now, done=now, done_by=by, outcome="lifted"
    )
    recorded(done, "lifted", now)
