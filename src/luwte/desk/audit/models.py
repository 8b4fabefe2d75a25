"""The log of the desk. The vault keeps one of its own, in its own database."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luwte.desk.audit import tables


class Leaf(tables.LeafRow):
    """An act at the desk."""


class Waiting(tables.WaitingRow):
    """A leaf of the desk without a place yet."""


class Place(tables.PlaceRow):
    """The place of a leaf of the desk."""


class Tile(tables.TileRow):
    """A subtree of the desk's log."""


class Checkpoint(tables.CheckpointRow):
    """A signed state of the desk's log."""


class Cosignature(tables.CosignatureRow):
    """A witness's signature on one."""


class Cleared(tables.ClearedRow):
    """What a step of retention took out of the register."""


class Clearing(models.Model):
    """Is there only inside a transaction that lets rows go (`luwte.desk.audit.clearing`)."""


class Restoration(tables.RestorationRow):
    """A restore of the register. Nothing is told to anyone until a human `resumed` telling (`staff:7`)."""

    objects: ClassVar[models.Manager[Restoration]] = models.Manager()

    resumed = models.DateTimeField(null=True)
    resumed_by = models.CharField(max_length=64, default="")
