"""T14: the alerts of safety events on their way, tried again until the person confirms.

An attempt is recorded before it leaves and again when its fate is known, each in one transaction; one that a
dead process left behind counts, and the next comes after half an hour. The wish is asked again while the book
is locked, so that after a withdrawal nothing leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from luwte.base.clock import Clock
from luwte.base.faults import fault_point
from luwte.desk.audit import restored
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act as Recorded
from luwte.desk.audit.desk import DESK
from luwte.desk.cases.models import Event as EventRow
from luwte.desk.telling.addressing import alert_envelope, may_leave
from luwte.desk.telling.channels.port import ChannelPort, Fate
from luwte.desk.telling.errors import MessageUnknown
from luwte.desk.telling.facts import Known
from luwte.desk.telling.models import CareTask, SafetyAlert, SafetyAttempt
from luwte.desk.telling.recipients import recipients_of
from luwte.desk.telling.safety import EVERY, Act, Alert, Step, next_step
from luwte.desk.telling.subjects import alert_key
from luwte.desk.telling.values import Event, Recipient
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import PERSON, Channel, Register, Source, Wish, latest

OPEN, CONFIRMED, WITHHELD, HUMAN = "open", "confirmed", "withheld", "human"
BEGUN, STOPPED = "begun", "stopped"
CARE = "safety"
_FAILED = (Fate.NOT_REACHED.value, Fate.REFUSED.value)

FAULT_POINTS = ("safety.begin", "safety.begun", "safety.sent", "safety.record", "safety.recorded")


def raise_alert(event: EventRow, now: datetime) -> SafetyAlert:
    """Make the alert of an event of safety, once; it leaves with the next round."""
    found, _ = SafetyAlert.objects.get_or_create(
        event=event,
        recipient=PERSON,
        defaults={"subject": event.subject, "state": OPEN, "made": now, "next_try": now},
    )
    return found


def take_back(event: str, now: datetime) -> None:
    """Stop the alerts of an event of safety that did not happen; only in a transaction."""
    for alert in SafetyAlert.objects.select_for_update().filter(event=event, state__in=(OPEN, HUMAN)):
        alert.state, alert.next_try, alert.closed = WITHHELD, None, now
        alert.save()
        details = {"alert": alert.id, "state": alert.state, "reason": "taken_back"}
        DESK.record(Recorded.ALERT_ENDED, now, by=actor(), about=alert.subject, **details)


@transaction.atomic
def confirm_alert(subject: str, alert_id: str, now: datetime) -> None:
    """Record that the person read an alert: it is not sent again. Raises `MessageUnknown`."""
    wishes.lock(subject)
    alert = SafetyAlert.objects.select_for_update().filter(pk=alert_id, subject=subject).first()
    if alert is None:
        raise MessageUnknown
    if alert.confirmed is None:
        alert.state, alert.confirmed, alert.closed, alert.next_try = CONFIRMED, now, now, None
        alert.save()
        DESK.record(Recorded.ALERT_CONFIRMED, now, by=actor(), about=subject, alert=alert.id)
        _end_care(subject, now)


@dataclass(slots=True)
class SafetyOutbox:
    """Hands alerts over through `channels`, by its `clock`."""

    channels: Mapping[Channel, ChannelPort]
    clock: Clock

    def send_due(self) -> int:
        """Bring every alert whose time has come one step further; return how many were handed over.

        After a restore none is, until telling was resumed.
        """
        if restored.held():
            return 0
        rows = SafetyAlert.objects.filter(state=OPEN, next_try__lte=self.clock.now())
        sent = 0
        for alert_id in list(rows.order_by("next_try", "id").values_list("id", flat=True)):
            attempt = self._begin(alert_id)
            if attempt is not None:
                fault_point("safety.begun")
                sent += self._send(attempt)
                fault_point("safety.recorded")
        return sent

    @transaction.atomic
    def _begin(self, alert_id: str) -> str | None:
        """Record the next attempt, or whatever else the rules say; return the attempt's id."""
        alert, now = self._due(alert_id), self.clock.now()
        if alert is None:
            return None
        wish, recipient, _ = self._standing(alert)
        step = next_step(_value(alert), wish, wishes.holds([alert.subject]), recipient, now)
        if step.care:
            _ask_care(alert, step, now)
        if step.act == Act.SEND and wish is not None:
            return self._attempt(alert, wish, step, now)
        _follow(alert, step, now)
        return None

    def _attempt(self, alert: SafetyAlert, wish: Wish, step: Step, now: datetime) -> str | None:
        alert.next_try = now + EVERY
        alert.save()
        if not may_leave(wish.choice.channel, wish.choice.words):
            _ask_care(alert, step, now)
            return None
        number = alert.attempts.count() + 1
        attempt = alert.attempts.create(
            number=number,
            key=alert_key(alert.id, number),
            channel=wish.choice.channel.value,
            state=BEGUN,
            at=now,
        )
        fault_point("safety.begin")
        return str(attempt.pk)

    @transaction.atomic
    def _send(self, attempt_id: str) -> bool:
        attempt = SafetyAttempt.objects.select_related("alert").get(pk=attempt_id)
        alert, now = attempt.alert, self.clock.now()
        wishes.lock(alert.subject)
        alert.refresh_from_db()
        wish, recipient, known = self._standing(alert)
        before = _value(alert, without=attempt.pk)
        step = next_step(before, wish, wishes.holds([alert.subject]), recipient, now)
        stopped = step.act != Act.SEND or restored.held() is not None
        if stopped or wish is None or wish.choice.channel.value != attempt.channel:
            attempt.state, alert.next_try = STOPPED, now if alert.state == OPEN else None
        else:
            words = Register(wish.choice.words)
            envelope = alert_envelope(attempt, alert.subject, alert.recipient, words, known, now)
            receipt = self.channels[Channel(attempt.channel)].deliver(envelope)
            fault_point("safety.sent")
            attempt.state, attempt.receipt = receipt.fate.value, receipt.text[:500]
        attempt.save()
        alert.save()
        sent(attempt, now)
        fault_point("safety.record")
        return attempt.state != STOPPED

    def _due(self, alert_id: str) -> SafetyAlert | None:
        subject = SafetyAlert.objects.values_list("subject", flat=True).get(pk=alert_id)
        wishes.lock(subject)
        due = SafetyAlert.objects.filter(pk=alert_id, state=OPEN, next_try__lte=self.clock.now())
        return due.select_for_update().first()

    def _standing(self, alert: SafetyAlert) -> tuple[Wish | None, Recipient, Known]:
        """The wish, and the person as a recipient; nobody is left of someone who was erased."""
        known = Known.of([alert.subject], self.channels)
        wish = latest(wishes.wishes([alert.subject]), Source.SAFETY, self.clock.now())
        people = recipients_of(known.found, [alert.subject], known.ways)
        return wish, people[0] if people else _nobody(alert.subject), known


def _nobody(subject: str) -> Recipient:
    """Without a life: the rules give it to a human."""
    return Recipient(subject, ZoneInfo("UTC"))


def _value(alert: SafetyAlert, without: int | None = None) -> Alert:
    row = alert.event
    event = Event(row.id, row.subject, Source(row.source), row.at, row.lapses)
    begun = [one for one in alert.attempts.order_by("number") if one.pk != without and one.state != STOPPED]
    last = begun[-1] if begun else None
    failed = last is not None and last.state in _FAILED
    before = without is not None
    return Alert(
        event, len(begun), None if before or last is None else last.at, failed, confirmed=alert.confirmed
    )


def sent(attempt: SafetyAttempt, now: datetime) -> None:
    """Record what became of an attempt. Only in a transaction."""
    details = {"alert": attempt.alert_id, "channel": attempt.channel, "fate": attempt.state}
    DESK.record(Recorded.ALERT_SENT, now, by=actor(), about=attempt.alert.subject, **details)


def _follow(alert: SafetyAlert, step: Step, now: datetime) -> None:
    alert.reason = step.reason.value
    if step.act == Act.WAIT:
        alert.next_try = step.at
    else:
        alert.state = WITHHELD if step.act == Act.WITHHOLD else HUMAN
        alert.next_try, alert.closed = None, step.at
        details = {"alert": alert.id, "state": alert.state, "reason": alert.reason}
        DESK.record(Recorded.ALERT_ENDED, now, by=actor(), about=alert.subject, **details)
    alert.save()


def _ask_care(alert: SafetyAlert, step: Step, now: datetime) -> None:
    CareTask.objects.get_or_create(
        subject=alert.subject,
        recipient=alert.recipient,
        kind=CARE,
        done=None,
        defaults={"made": now, "reason": step.reason.value},
    )


def _end_care(subject: str, now: datetime) -> None:
    """Nobody has to call any more when nothing else of safety is open; a call that was accepted stays."""
    if SafetyAlert.objects.filter(subject=subject, state__in=(OPEN, HUMAN)).exists():
        return
    waiting = CareTask.objects.filter(subject=subject, kind=CARE, done=None, accepted=None)
    waiting.update(done=now, outcome=CONFIRMED)
