"""Tables of the vault. Each row is one envelope; what is inside is read and written by the services only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luwte.base.ids import new_id
from luwte.desk.audit import tables


class Person(models.Model):
    """A person: name, birth date, language, time zone and care worker, sealed.

    `changed`: something of the person is new since the planner looked last. `visit`: the number of the
    person's only visit to the portal that may still stand; all earlier ones are over.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    sealed = models.BinaryField()
    changed = models.BooleanField(default=True, db_index=True)
    visit = models.PositiveIntegerField(default=0)


class PersonKey(models.Model):
    """The data key of one person, wrapped by the key ring; without it nothing of that person can be read.

    `version`: the key of the ring that wrapped it and under which the person can be looked up; empty before
    the ring had versions.
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="key")
    wrapped = models.BinaryField()
    version = models.CharField(max_length=16, default="", db_index=True)


class LookUp(models.Model):
    """One thing by which a person can be looked up: a keyed digest, from which nothing can be read.

    `kind`: identity (name and day of birth), email or phone. `version`: the key of the ring behind it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="look_ups")
    kind = models.CharField(max_length=16)
    version = models.CharField(max_length=16)
    digest = models.CharField(max_length=32, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "version", "kind", "digest"], name="looked_up_once")
        ]


class Erasure(models.Model):
    """That someone was erased; `reached`: since when no backup can be read with this ring either."""

    person_id = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()
    reached = models.DateTimeField(null=True, db_index=True)


class Ring(models.Model):
    """The one row that says which key ring this vault was set up with: what only its link key makes."""

    id = models.PositiveIntegerField(primary_key=True)
    mark = models.CharField(max_length=64)


class Address(models.Model):
    """One way to reach a person: its kind (e-mail) and its value, sealed."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="addresses")
    sealed = models.BinaryField()


class Representative(models.Model):
    """Someone who acts for a person: name, address, role and mandate, sealed; `visit` as of a person."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="representatives")
    sealed = models.BinaryField()
    visit = models.PositiveIntegerField(default=0)


class BreakGlass(models.Model):
    """Opening who a person is outside one's duties: asked by one, approved by another, for a short time.

    The reason is sealed. `asked_by` and `approved_by` are staff (`staff:7`). `ends`: until when it may be
    opened; `opened`: when that was done first.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="break_glass")
    sealed = models.BinaryField()
    asked = models.DateTimeField()
    asked_by = models.CharField(max_length=64)
    approved = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=64, blank=True)
    ends = models.DateTimeField(null=True)
    opened = models.DateTimeField(null=True)


class Draft(models.Model):
    """A person who is not added yet: what `owner` (`staff:7`) wrote so far, sealed.

    The id, and the data key in `wrapped`, become those of the person. `version`: as of a `PersonKey`.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    wrapped = models.BinaryField()
    version = models.CharField(max_length=16, db_index=True)
    sealed = models.BinaryField()
    owner = models.CharField(max_length=64, db_index=True)
    begun = models.DateTimeField()
    changed = models.DateTimeField(db_index=True)


class Assessment(models.Model):
    """An individual assessment of a person, sealed; when it was made, and by whom (`staff:7`)."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assessments")
    sealed = models.BinaryField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)


class SignInLink(models.Model):
    """A link that signs a person in once, or a representative; only the SHA-256 of its token is kept."""

    token = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_in_links")
    representative = models.ForeignKey(Representative, on_delete=models.CASCADE, null=True)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires"], name="sign_in_expiry")]


class Factor(models.Model):
    """Something by which a person, or who acts for one, comes into the portal without a link; sealed.

    `kind`: number, app, codes or passkey. `digest`: by which a number or a passkey is looked up at sign-in,
    keyed, so that nothing can be read from it. Of a number: how many codes `failed` in a row, and when one
    was `tried` last.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="factors")
    representative = models.ForeignKey(Representative, on_delete=models.CASCADE, null=True)
    kind = models.CharField(max_length=16)
    digest = models.CharField(max_length=32, null=True, unique=True)
    sealed = models.BinaryField()
    failed = models.PositiveIntegerField(default=0)
    tried = models.DateTimeField(null=True)


class Leaf(tables.LeafRow):
    """An act on people's data."""


class Waiting(tables.WaitingRow):
    """A leaf of the vault without a place yet."""


class Place(tables.PlaceRow):
    """The place of a leaf of the vault."""


class Tile(tables.TileRow):
    """A subtree of the vault's log."""


class Checkpoint(tables.CheckpointRow):
    """A signed state of the vault's log."""


class Cosignature(tables.CosignatureRow):
    """A witness's signature on one."""


class Restoration(tables.RestorationRow):
    """A restore of the vault."""


class Cleared(tables.ClearedRow):
    """What a step of retention took out of the vault."""
