"""Tables of review: who may look, who answered what of which cluster, and the limits. No person is here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luwte.base.ids import new_id
from luwte.desk.findings.models import Cluster


class Reviewer(models.Model):
    """Somebody who looks at clusters; `key` is what names that look alike have in common: one each."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    since = models.DateTimeField()
    ended = models.DateTimeField(null=True)


class Look(models.Model):
    """One cluster before one reviewer: from when until when at most, when it ended, and the answer.

    `answer`: as in `luwte.desk.review.rules.Answer`; refused, stopped or lapsed when there is none. An answer
    that was `undone` counts no more and stays on record.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="looks")
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="looks")
    given = models.DateTimeField(db_index=True)
    sampled = models.BooleanField(default=False)
    until = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    answer = models.CharField(max_length=16, blank=True)
    undone = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=200, blank=True)
    undone_why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cluster"], condition=models.Q(ended=None), name="cluster_before_one_reviewer"
            ),
            models.UniqueConstraint(
                fields=["reviewer"], condition=models.Q(ended=None), name="reviewer_has_one_cluster"
            ),
            models.UniqueConstraint(
                fields=["cluster", "reviewer"],
                condition=models.Q(undone=None, answer__in=("confirmed", "rejected", "cannot_tell")),
                name="reviewer_answers_once",
            ),
        ]


class ReviewLimits(models.Model):
    """The one row of what the authority set; the fields are those of `luwte.desk.review.hours.Limits`."""

    id = models.PositiveIntegerField(primary_key=True)
    acute = models.BooleanField()
    from_hour = models.PositiveIntegerField()
    to_hour = models.PositiveIntegerField()
    minutes_a_day = models.PositiveIntegerField()
    items_a_day = models.PositiveIntegerField()
    minutes_in_a_row = models.PositiveIntegerField()
    pause = models.PositiveIntegerField()


class ReviewFloor(models.Model):
    """One version of the floor: none is ever changed, the last holds. Fields as in `floors.Floor`."""

    id = models.AutoField(primary_key=True)
    only = models.PositiveIntegerField()
    first = models.PositiveIntegerField()
    more = models.PositiveIntegerField()
    sample = models.PositiveIntegerField()
    since = models.DateTimeField()
    set_by = models.CharField(max_length=200)


class Proposal(models.Model):
    """A change that one asked for and another approves: `act` as in `proposals.Change`, `about` an entry, a
    key or that change itself, `said` the values. `result`: done, declined or lapsed.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    act = models.CharField(max_length=20)
    about = models.CharField(max_length=32)
    said = models.JSONField()
    reason = models.CharField(max_length=500)
    asked = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    closed = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["about"], condition=models.Q(closed=None), name="proposal_open_once"
            )
        ]


class KeptStake(models.Model):
    """What hangs on a series in a case, as telling last found it; the fields are those of `Stake`.

    A process that has no people reads it here. There is a row only where somebody may hear of it.
    """

    id = models.BigAutoField(primary_key=True)
    series = models.CharField(max_length=200)
    case = models.CharField(max_length=32)
    settled = models.BooleanField()
    right = models.DateTimeField(null=True)
    only = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["series", "case"], name="stake_kept_once")]
