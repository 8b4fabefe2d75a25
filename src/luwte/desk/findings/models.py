"""Tables of the register. No path, no file name, no fingerprint and no name of a person fits in here."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models

from luwte.base.ids import new_id
from luwte.desk.cases.models import Case
from luwte.desk.findings.accepting import counted
from luwte.desk.findings.rules import Counted


def new_salt() -> bytes:
    """Return 32 random bytes."""
    return secrets.token_bytes(32)


class Gate(models.Model):
    """One row whose lock lets links and reports in one after the other, so that none misses the other.

    `accepts`: whether "the same picture" counted without a reviewer when the planner looked last.
    """

    id = models.PositiveIntegerField(primary_key=True)
    accepts = models.BooleanField(default=False)


class SeriesLink(models.Model):
    """Says that a series of known imagery shows this person (a pseudonym)."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32)
    series = models.CharField(max_length=200, db_index=True)
    linked = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "series"], name="series_linked_once")
        ]


class ReportReceipt(models.Model):
    """One report that was taken in; `content` is the SHA-256 of its body, `coverage` what was searched.

    `salt` (32 bytes) opens what the record says of it; see `searched`.
    """

    id = models.CharField(max_length=64, primary_key=True)
    content = models.CharField(max_length=64)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    signer = models.CharField(max_length=64)
    list_version = models.CharField(max_length=200)
    made = models.DateTimeField()
    received = models.DateTimeField()
    coverage = models.JSONField()
    salt = models.BinaryField(max_length=32, default=new_salt)


class ReportSeries(models.Model):
    """What one report says of one series, linked or not: files, and those of each of its entries.

    `entries`: id -> [identical, near, same picture].
    """

    id = models.BigAutoField(primary_key=True)
    receipt = models.ForeignKey(ReportReceipt, on_delete=models.PROTECT, related_name="series")
    series = models.CharField(max_length=200, db_index=True)
    identical = models.PositiveIntegerField()
    near = models.PositiveIntegerField()
    same_picture = models.PositiveIntegerField(default=0)
    entries = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["receipt", "series"], name="report_series_once")
        ]


class Finding(models.Model):
    """Known imagery of one person in one case, with counts.

    `identical` and `same_picture` leave out files whose entry is quarantined; those are in `quarantined`.
    `same_picture`: a model is sure that they are; reviewers `confirmed` so many of them and of the near ones.
    `fell`: by which act of a human (`values.Fell`) files of it stopped counting, from `fell_from`, which they
    have not reached again.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32, db_index=True)
    source = models.CharField(max_length=16, default="case")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="findings")
    identical = models.PositiveIntegerField(default=0)
    near = models.PositiveIntegerField(default=0)
    same_picture = models.PositiveIntegerField(default=0)
    confirmed = models.PositiveIntegerField(default=0)
    quarantined = models.PositiveIntegerField(default=0)
    fell = models.CharField(max_length=16, blank=True)
    fell_at = models.DateTimeField(null=True)
    fell_from = models.PositiveIntegerField(default=0)
    registered = models.DateTimeField()
    updated = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["subject", "case"], name="finding_once")]

    @property
    def counted(self) -> Counted:
        """What of it counts as certain for telling, and what does not, as the authority chose."""
        return counted(self.identical, self.same_picture, self.near, self.confirmed)


class Touched(models.Model):
    """Says that the register changed for a subject since the planner looked last; it takes the row away."""

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=32)


class EntrySighting(models.Model):
    """That an entry was found in a case, identical or the same picture, and since when: its baseline.

    One that does not stand rested on what reviewers confirmed and do not any more.
    """

    id = models.BigAutoField(primary_key=True)
    entry = models.CharField(max_length=32)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sightings")
    seen = models.DateTimeField()
    stands = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "case"], name="entry_seen_once_in_case")
        ]
        indexes: ClassVar = [models.Index(fields=["entry", "seen"], name="entry_sightings")]


class Quarantine(models.Model):
    """An entry that a human must look at: nobody is told of it until a human released it.

    `cause`: it suddenly matches far above its baseline (burst: `cases` in the window against `baseline` a
    window), or reviewers mostly reject it (rejected: `confirmed` and `rejected` clusters). `verdict`:
    released, or kept for good (a bad entry).
    """

    entry = models.CharField(max_length=32, primary_key=True)
    cause = models.CharField(max_length=16, default="burst")
    since = models.DateTimeField()
    cases = models.PositiveIntegerField()
    baseline = models.FloatField()
    confirmed = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    reviewed = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=16, blank=True)


class Cluster(models.Model):
    """Files that one decision is enough for, and what was decided of them: "", or an outcome of review.

    No file is known here, only how many. `verdict` and `likelihood` (per mille) are what the report says that
    the lab made last, at `said`. `decided` is when the outcome came to be what it is, and `decided_with` the
    cluster that holds this one and on which that was decided, "" for this one itself. `series` is "" while no
    report tells of it.
    """

    id = models.CharField(max_length=32, primary_key=True)
    entry = models.CharField(max_length=32, db_index=True)
    series = models.CharField(max_length=200, db_index=True)
    verdict = models.CharField(max_length=16)
    likelihood = models.PositiveIntegerField()
    said = models.DateTimeField()
    since = models.DateTimeField()
    outcome = models.CharField(max_length=16, blank=True, db_index=True)
    decided = models.DateTimeField(null=True)
    decided_with = models.CharField(max_length=32, blank=True)


class ClusterHeld(models.Model):
    """That a cluster has the files of another one, named `held`, which may be in no report."""

    id = models.BigAutoField(primary_key=True)
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="holds")
    held = models.CharField(max_length=32, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cluster", "held"], name="cluster_holds_once")
        ]


class ClusterFiles(models.Model):
    """How many files one report counts in a cluster, and by which verdict."""

    id = models.BigAutoField(primary_key=True)
    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="found")
    receipt = models.ForeignKey(ReportReceipt, on_delete=models.PROTECT, related_name="clusters")
    verdict = models.CharField(max_length=16)
    files = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cluster", "receipt"], name="cluster_once_in_report")
        ]


class Remembered(models.Model):
    """Files that a report calls identical to an entry only because they are to files of a cluster, which
    reviewers confirmed to be it.

    This desk may not know the cluster: the list may be another authority's. Of one report, what has the same
    `part` are the same files, of several clusters.
    """

    id = models.BigAutoField(primary_key=True)
    receipt = models.ForeignKey(ReportReceipt, on_delete=models.PROTECT, related_name="remembered")
    part = models.PositiveIntegerField()
    cluster = models.CharField(max_length=32, db_index=True)
    series = models.CharField(max_length=200)
    entry = models.CharField(max_length=32)
    files = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["receipt", "part", "cluster"], name="remembered_once_in_report")
        ]


class Objection(models.Model):
    """Somebody says that an entry is wrong (`dispute`), or withdrew it: it is held while this is open."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    entry = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    reason = models.CharField(max_length=500)
    opened = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    closed = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry", "kind"], condition=models.Q(closed=None), name="objection_open_once"
            )
        ]


class Origin(models.Model):
    """That a list is foreign: `of` says whether `name` is the key id of its signer, or one of its series."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    of = models.CharField(max_length=16)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    since = models.DateTimeField()
    declared_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["of", "name"], name="origin_once")]


class EntrySource(models.Model):
    """A source that says what a foreign entry is. One without any is the authority's own."""

    id = models.BigAutoField(primary_key=True)
    entry = models.CharField(max_length=32)
    source = models.CharField(max_length=200)
    since = models.DateTimeField()
    said_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "source"], name="entry_source_once")
        ]


class CommittedList(models.Model):
    """A list whose maker gave receipts: what it commits to (64 hex), and the maker's keys and signature.

    `leaves`: how many its tree has.
    """

    version = models.CharField(max_length=200, primary_key=True)
    commitment = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    signing = models.CharField(max_length=64)
    recipient = models.CharField(max_length=200)
    leaves = models.PositiveIntegerField()
    received = models.DateTimeField()


class SeriesReceipt(models.Model):
    """Shows that a series was in a list (see `luwte.exchange.commitment`); `proof`: hashes of 32 bytes.

    When whom it shows was erased, a keyed mark stands for the name in `series`, and `veil` is "".
    """

    id = models.BigAutoField(primary_key=True)
    list = models.ForeignKey(CommittedList, on_delete=models.PROTECT, related_name="series")
    series = models.CharField(max_length=200, db_index=True)
    salt = models.CharField(max_length=64)
    veil = models.CharField(max_length=64)
    name = models.CharField(max_length=64)
    entries = models.BigIntegerField()
    ids = models.CharField(max_length=64)
    place = models.PositiveIntegerField()
    proof = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list", "series"], name="series_receipt_once")
        ]
