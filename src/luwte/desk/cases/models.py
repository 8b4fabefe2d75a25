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


class CaseAgency(models.Model):
    """An agency that works on a case, what it calls it, and the jurisdiction whose law holds there."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="agencies")
    agency = models.CharField(max_length=60)
    reference = models.CharField(max_length=100, blank=True)
    jurisdiction = models.CharField(max_length=8)
    told_by = models.CharField(max_length=64)
    received = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "agency", "reference", "jurisdiction"], name="agency_of_case_once"
            )
        ]


class CaseStep(models.Model):
    """A step of a case as somebody told it: never changed, only corrected by another one.

    Whether it stands, was corrected or waits is worked out from all steps of the case (`judging`). `id` is
    made from the case, who told it and what they call it. `counts`: the charge sheet, [article, offence,
    first day, last day, entries] each. `tells` and `at`: the event that it is for whom it concerns.
    """

    id = models.CharField(max_length=32, primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    reference = models.CharField(max_length=64)
    step = models.CharField(max_length=32)
    occurred = models.DateField()
    known = models.DateField()
    defendant = models.CharField(max_length=40, blank=True)
    hearing = models.CharField(max_length=64, blank=True)
    corrects = models.CharField(max_length=32, blank=True, db_index=True)
    series = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=32, blank=True, db_index=True)
    said = models.JSONField()
    counts = models.JSONField()
    tells = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()
    told_by = models.CharField(max_length=64)
    received = models.DateTimeField()


class Dismissal(models.Model):
    """That a case officer dismissed a step that waited, and why: it never counts any more."""

    step = models.OneToOneField(CaseStep, models.PROTECT, primary_key=True, related_name="dismissal")
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()


class VictimStatus(models.Model):
    """A version of whether somebody is a victim in a case, who decided so and when; the latest one holds.

    Of one person, or of those whom a `series` shows.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statuses")
    subject = models.CharField(max_length=32, blank=True, db_index=True)
    series = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=16)
    source = models.CharField(max_length=100)
    decided = models.DateField()
    known = models.DateField()
    told_by = models.CharField(max_length=64)
    received = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "subject", "series", "status", "source", "decided"], name="status_told_once"
            )
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
