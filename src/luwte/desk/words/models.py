"""Who read which exact text and stands for it, and new versions that somebody proposes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luwte.base.ids import new_id


class SignOff(models.Model):
    """One person's signature under the exact text that `digest` is of.

    `signer`: the account that signed (`staff:7`); before accounts, the name, folded.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    template = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    words = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=200)
    signer = models.CharField(max_length=400)
    role = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest", "signer"], name="text_signed_once_by_each")
        ]


class Proposal(models.Model):
    """A new version of a text that an account (`staff:7`) proposes, in every register. It is never sent
    from here.

    `texts`: register -> subject and body. `ended` when another one took its place.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    template = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    texts = models.JSONField()
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    ended = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["template"], condition=models.Q(ended=None), name="text_proposed_once_at_a_time"
            )
        ]
