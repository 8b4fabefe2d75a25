"""Tables of the wishes: written once, never edited."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

from luwte.base.ids import new_id
from luwte.desk.wishes.errors import WishesAreNeverEdited
from luwte.desk.wishes.rules import Channel, Detail, HoldKind, QuietKind, Register, Rhythm, Source


class WishBook(models.Model):
    """One row a person: whoever changes a wish or hands a contact over holds its lock meanwhile.

    `changed`: something in it is new since the planner looked last.
    """

    subject = models.CharField(max_length=32, primary_key=True)
    changed = models.BooleanField(default=True, db_index=True)


class AppendOnly(models.QuerySet["Wish"]):
    """A query set that reads and adds, and refuses to edit or delete."""

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refuse."""
        raise WishesAreNeverEdited

    def delete(self) -> NoReturn:
        """Refuse."""
        raise WishesAreNeverEdited


class Wish(models.Model):
    """One version of what was chosen for a source: by whom, in which conversation and assessment."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    book = models.ForeignKey(WishBook, on_delete=models.PROTECT, related_name="wishes")
    source = models.CharField(max_length=16, choices=[(item.value, item.name) for item in Source])
    version = models.PositiveIntegerField()
    told = models.BooleanField()
    rhythm = models.CharField(max_length=16, choices=[(item.value, item.name) for item in Rhythm])
    channel = models.CharField(max_length=16, choices=[(item.value, item.name) for item in Channel])
    detail = models.CharField(max_length=16, choices=[(item.value, item.name) for item in Detail])
    until = models.DateField(null=True)
    weekday = models.PositiveSmallIntegerField(null=True)
    from_hour = models.PositiveSmallIntegerField(default=0)
    to_hour = models.PositiveSmallIntegerField(default=24)
    forward = models.BooleanField(default=False)
    cover = models.BooleanField(default=False)
    others = models.JSONField(default=list)
    words = models.CharField(
        max_length=16, choices=[(item.value, item.name) for item in Register], default=Register.DUTCH.value
    )
    by = models.JSONField(default=list)
    assessment = models.CharField(max_length=200, blank=True)
    set_by = models.CharField(max_length=200)
    conversation = models.CharField(max_length=200)
    since = models.DateTimeField()

    objects = AppendOnly.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "source", "version"], name="wish_version_once")
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add this version; refuses to edit one that stands."""
        if not self._state.adding:
            raise WishesAreNeverEdited
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse."""
        raise WishesAreNeverEdited


class Hold(models.Model):
    """A pause; it ends by itself at `ends`, or earlier when it is lifted."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    book = models.ForeignKey(WishBook, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=8, choices=[(item.value, item.name) for item in HoldKind])
    set_by = models.CharField(max_length=200)
    reason = models.CharField(max_length=500, blank=True)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    lifted = models.DateTimeField(null=True)


class Quiet(models.Model):
    """A quiet period, by whole days; it stands until it is lifted."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    book = models.ForeignKey(WishBook, on_delete=models.PROTECT, related_name="quiets")
    kind = models.CharField(max_length=8, choices=[(item.value, item.name) for item in QuietKind])
    first = models.DateField()
    last = models.DateField()
    yearly = models.BooleanField(default=False)
    set_by = models.CharField(max_length=200)
    since = models.DateTimeField()
    lifted = models.DateTimeField(null=True)
