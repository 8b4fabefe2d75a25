"""The tables of a log, for each database that keeps one. Rows are added; none is ever changed or taken away.

The one exception: the content of a leaf may be forgotten when its term is over. Its hash stays, so the tree
does. Beside the log stands which backups were put back.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class LeafRow(models.Model):
    """One act: its hash (RFC 6962, 2.1), and its content, canonical JSON, until that is forgotten."""

    objects: ClassVar[models.Manager[LeafRow]] = models.Manager()

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    act = models.CharField(max_length=32, db_index=True)
    about = models.CharField(max_length=64, db_index=True)
    hash = models.BinaryField(max_length=32)
    content = models.BinaryField(null=True)

    class Meta:
        abstract = True


class WaitingRow(models.Model):
    """A leaf that has no place in the tree yet. Its number is a leaf's; rows come and go."""

    objects: ClassVar[models.Manager[WaitingRow]] = models.Manager()

    leaf = models.BigIntegerField(primary_key=True)

    class Meta:
        abstract = True


class PlaceRow(models.Model):
    """The place (from 0) of a leaf in the tree, and that leaf's number."""

    objects: ClassVar[models.Manager[PlaceRow]] = models.Manager()

    place = models.BigIntegerField(primary_key=True)
    leaf = models.BigIntegerField(unique=True)

    class Meta:
        abstract = True


class TileRow(models.Model):
    """The root of a complete subtree of 256**level leaves, level at least 1."""

    objects: ClassVar[models.Manager[TileRow]] = models.Manager()

    id = models.BigAutoField(primary_key=True)
    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["level", "number"], name="%(app_label)s_tile_once")
        ]


class CheckpointRow(models.Model):
    """A signed state of the tree, as it was given out."""

    objects: ClassVar[models.Manager[CheckpointRow]] = models.Manager()

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    note = models.TextField()

    class Meta:
        abstract = True


class CosignatureRow(models.Model):
    """The line by which a witness signed a checkpoint."""

    objects: ClassVar[models.Manager[CosignatureRow]] = models.Manager()

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField()
    witness = models.CharField(max_length=200)
    line = models.CharField(max_length=500)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["size", "witness"], name="%(app_label)s_cosigned_once")
        ]


class RestorationRow(models.Model):
    """That a backup was put back; `id` is the backup's, `made` when that was made.

    `loaded`: since when its rows are here. `finished`: since when they are checked, and may be used.
    """

    objects: ClassVar[models.Manager[RestorationRow]] = models.Manager()

    id = models.CharField(max_length=32, primary_key=True)
    made = models.DateTimeField()
    begun = models.DateTimeField()
    loaded = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class ClearedRow(models.Model):
    """Which rows went in one step of retention: a keyed digest (16 bytes) for each, in ascending order.

    `leaf`: the act that records the step and holds the SHA-256 of `digests`. Without the key of the ring
    nobody can tell of which rows they are.
    """

    objects: ClassVar[models.Manager[ClearedRow]] = models.Manager()

    leaf = models.BigIntegerField(primary_key=True)
    digests = models.BinaryField()

    class Meta:
        abstract = True
