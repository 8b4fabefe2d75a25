"""Tables of the wishes: written once, never edited."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

from luwte.base.ids import new_id
from luwte.desk.wishes.errors import WishesAreNeverEdited
from luwte.desk.wishes.rules import Channel, Detail, Rhythm, Source


class WishBook(models.Model):
    """One row a person: whoever changes a wish or hands a contact over holds its lock meanwhile."""

    subject = models.CharField(max_length=32, primary_key=True)


class AppendOnly(models.QuerySet["Wish"]):
    """A query set that reads and adds, and refuses to edit or delete."""

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refuse."""
        raise WishesAreNeverEdited

    def delete(self) -> NoReturn:
        """Refuse."""
        raise WishesAreNeverEdited


class Wish(models.Model):
    """One version of what a person chose for one source, and in which conversation."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    book = models.ForeignKey(WishBook, on_delete=models.PROTECT, related_name="wishes")
    source = models.CharField(max_length=16, choices=[(item.value, item.name) for item in Source])
    version = models.PositiveIntegerField()
    told = models.BooleanField()
    rhythm = models.CharField(max_length=16, choices=[(item.value, item.name) for item in Rhythm])
    channel = models.CharField(max_length=16, choices=[(item.value, item.name) for item in Channel])
    detail = models.CharField(max_length=16, choices=[(item.value, item.name) for item in Detail])
    until = models.DateField(null=True)
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
    by_person = models.BooleanField()
    set_by = models.CharField(max_length=200)
    reason = models.CharField(max_length=500, blank=True)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    lifted = models.DateTimeField(null=True)
