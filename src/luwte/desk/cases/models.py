"""Tables of the cases and of what happens in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luwte.base.ids import new_id


class Case(models.Model):
    """One criminal case, known by the number that the police or the prosecution gave it."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    number = models.CharField(max_length=100, unique=True)
    opened = models.DateTimeField()


class Event(models.Model):
    """News for one person that is no finding: a step in a case, a right, a takedown, or one of safety.

    `kind` says which (charge, hearing, release, ...), `lapses` when a right is over; `source` as in a wish.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32, db_index=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    source = models.CharField(max_length=16)
    kind = models.CharField(max_length=32)
    at = models.DateTimeField()
    lapses = models.DateTimeField(null=True)
    registered = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "case", "kind", "at"], name="event_once")
        ]


class Announcement(models.Model):
    """An event of a case as another agency told it, of nobody in particular; telling finds whom it is about.

    With a `series` only those whom it shows, else all of whom something was found in the case.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="announcements")
    series = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=16)
    kind = models.CharField(max_length=32)
    at = models.DateTimeField()
    lapses = models.DateTimeField(null=True)
    received = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "series", "kind", "at"], name="announced_once")
        ]


class LegalHold(models.Model):
    """That nothing of a case, and of those it is about, is deleted until `ended`: by whom and why."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="legal_holds")
    reason = models.CharField(max_length=500)
    since = models.DateTimeField()
    set_by = models.CharField(max_length=200)
    ended = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, blank=True)
    ended_why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(ended=None), name="case_held_once_at_a_time"
            )
        ]
