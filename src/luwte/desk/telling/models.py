"""Tables of telling: the decisions, the outbox and what a human must look at."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luwte.base.ids import new_id
from luwte.desk.findings.models import Finding


class Contact(models.Model):
    """One act of reaching a person: a row of the outbox, and afterwards the record of it.

    `key` makes it idempotent: it follows from the person and the contact's number, so that planning twice
    collides instead of telling twice. The states are those of `luwte.desk.telling.rules.State`.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32)
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=32, unique=True)
    recipient = models.CharField(max_length=32, default="person")
    channel = models.CharField(max_length=16)
    detail = models.CharField(max_length=16)
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
    """A finding in a contact, with the counts as they were told; `live` ends when the contact never left."""

    id = models.BigAutoField(primary_key=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="items")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="told_in")
    recipient = models.CharField(max_length=32, default="person")
    identical = models.PositiveIntegerField()
    confirmed = models.PositiveIntegerField()
    live = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["finding", "recipient"], condition=models.Q(live=True), name="finding_told_once"
            )
        ]


class Decision(models.Model):
    """What was decided for a person and why; it stands until `replaced` by a newer one."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32)
    outcome = models.CharField(max_length=16)
    reason = models.CharField(max_length=32)
    channel = models.CharField(max_length=16, blank=True)
    findings = models.JSONField(default=list)
    next_at = models.DateTimeField(null=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="decisions")
    decided = models.DateTimeField()
    replaced = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "replaced"], name="decision_standing")]


class StoppedChannel(models.Model):
    """A channel that failed for a person: nothing goes through it until a care worker solved why."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32)
    channel = models.CharField(max_length=16)
    stopped = models.DateTimeField()
    solved = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "channel"], condition=models.Q(solved=None), name="channel_stopped_once"
            )
        ]


class CareTask(models.Model):
    """Something that only a human may decide: an unknown outcome, an address that fails."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32)
    kind = models.CharField(max_length=32)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="tasks")
    made = models.DateTimeField()
    done = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=32, blank=True)
