"""Tables of telling: the decisions, the outbox and what a human must look at."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luwte.base.ids import new_id
from luwte.desk.cases.models import Event
from luwte.desk.findings.models import Finding


class Contact(models.Model):
    """One act of reaching a person: a row of the outbox, and afterwards the record of it.

    `key` makes it idempotent: it follows from the person and the contact's number, so that planning twice
    collides instead of telling twice. The states are those of `luwte.desk.telling.values.State`. Before
    `not_before` it is not handed over; once it left, its channel is not asked what became of it.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32)
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=32, unique=True)
    recipient = models.CharField(max_length=32, default="person")
    channel = models.CharField(max_length=16)
    detail = models.CharField(max_length=16)
    words = models.CharField(max_length=16, default="nl")
    sources = models.JSONField(default=list)
    reason = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=16, db_index=True)
    asked = models.BooleanField(default=False)
    decided = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    handed = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    opened = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "number"], name="contact_number_once")
        ]


class ContactItem(models.Model):
    """A finding (with its counts as told) or an event in a contact; `live` ends when it never left."""

    id = models.BigAutoField(primary_key=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="items")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="told_in")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="told_in")
    recipient = models.CharField(max_length=32, default="person")
    identical = models.PositiveIntegerField(default=0)
    confirmed = models.PositiveIntegerField(default=0)
    live = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["finding", "recipient"],
                condition=models.Q(live=True, finding__isnull=False),
                name="finding_told_once",
            ),
            models.UniqueConstraint(
                fields=["event", "recipient"],
                condition=models.Q(live=True, event__isnull=False),
                name="event_told_once",
            ),
            models.CheckConstraint(
                condition=models.Q(finding__isnull=False) ^ models.Q(event__isnull=False),
                name="item_is_finding_or_event",
            ),
        ]


class Decision(models.Model):
    """What was decided for a recipient about `items` (ids), and why; it stands until `replaced`."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32)
    recipient = models.CharField(max_length=32, default="person")
    outcome = models.CharField(max_length=16)
    reason = models.CharField(max_length=32)
    channel = models.CharField(max_length=16, blank=True)
    items = models.JSONField(default=list)
    next_at = models.DateTimeField(null=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="decisions")
    decided = models.DateTimeField()
    replaced = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "replaced"], name="decision_standing")]


class Agenda(models.Model):
    """When the planner must look at a subject again, because time alone may change what is decided."""

    subject = models.CharField(max_length=32, primary_key=True)
    look_at = models.DateTimeField(db_index=True)


class StoppedChannel(models.Model):
    """A channel that failed for a recipient: nothing goes through it until a care worker solved why.

    `cause`: bounced, refused, returned, moved, not_subscribed.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32)
    recipient = models.CharField(max_length=32, default="person")
    channel = models.CharField(max_length=16)
    cause = models.CharField(max_length=16, default="refused")
    stopped = models.DateTimeField()
    solved = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "recipient", "channel"],
                condition=models.Q(solved=None),
                name="channel_stopped_once",
            )
        ]


class CareTask(models.Model):
    """Something that only a human may do: a call, an unknown outcome, an address that fails.

    A call is accepted by a named care worker, who books a slot and records the outcome; `reason` says why it
    is asked for (a `Reason` of `luwte.desk.telling.values`).
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32)
    recipient = models.CharField(max_length=32, default="person")
    kind = models.CharField(max_length=32)
    reason = models.CharField(max_length=32, blank=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="tasks")
    made = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=200, blank=True)
    slot = models.DateTimeField(null=True)
    done = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=32, blank=True)


class FirstContact(models.Model):
    """T9: what one person proposed about the call of a first contact, and another one agreed with.

    `verdict` and `why` are codes of `luwte.desk.telling.first`. `refused`: it stands no more, because the
    second person said no, or another proposal took its place. What came of it is the outcome of the task.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    task = models.ForeignKey(CareTask, on_delete=models.CASCADE, related_name="first_contacts")
    verdict = models.CharField(max_length=8)
    why = models.CharField(max_length=16)
    until = models.DateField(null=True)
    asked = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    agreed = models.DateTimeField(null=True)
    agreed_by = models.CharField(max_length=200, blank=True)
    refused = models.BooleanField(default=False)


class SafetyAlert(models.Model):
    """T14: an event of safety on its way to one recipient, tried again until it is confirmed.

    `state`: open, confirmed, withheld, or left to a human.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="alerts")
    subject = models.CharField(max_length=32, db_index=True)
    recipient = models.CharField(max_length=32, default="person")
    state = models.CharField(max_length=16, db_index=True)
    made = models.DateTimeField()
    next_try = models.DateTimeField(null=True)
    confirmed = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "recipient"], name="alert_once")]


class SafetyAttempt(models.Model):
    """One hand-over of an alert; recorded before it leaves, and again when its fate is known."""

    alert = models.ForeignKey(SafetyAlert, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=32, unique=True)
    channel = models.CharField(max_length=16)
    state = models.CharField(max_length=16)
    at = models.DateTimeField()
    receipt = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alert", "number"], name="attempt_number_once")
        ]


class CoverageStatement(models.Model):
    """A coverage statement that was made for a person; all but `own` and the note is made again from the log.

    `own`: what the lists hold of the person's series, JSON. `digest`: SHA-256 of the statement. `leaf`: the
    act that records it.
    """

    id = models.CharField(max_length=32, primary_key=True)
    subject = models.CharField(max_length=32, db_index=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    made = models.DateTimeField()
    note = models.TextField()
    own = models.TextField()
    digest = models.CharField(max_length=64)
    leaf = models.BigIntegerField()


class Remembered(models.Model):
    """What the rules must still know of a contact whose rows are gone: that it told, not what.

    `mark`: a keyed digest of whom and what it told (`luwte.desk.telling.remembering`), empty when it told
    nothing. `number`: the contact's, so that none gets it again.
    """

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=32, db_index=True)
    recipient = models.CharField(max_length=32)
    mark = models.CharField(max_length=32, blank=True)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
