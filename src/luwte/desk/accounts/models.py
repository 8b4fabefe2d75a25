"""Tables of the room of the staff, beside Django's of accounts and allauth's of second factors."""

from __future__ import annotations

from django.db import models

from luwte.base.ids import new_id


class Account(models.Model):
    """What the desk knows of an account of the staff beyond Django's row, whose primary key it shares."""

    id = models.BigIntegerField(primary_key=True)
    epoch = models.PositiveIntegerField(default=0)
    """Sessions of an earlier epoch are over."""
    administrator = models.BooleanField(default=False)
    care = models.BooleanField(default=True)
    auditor = models.BooleanField(default=False)
    invitation = models.CharField(max_length=64, blank=True, default="", db_index=True)
    """SHA-256 of the token in the link, as hexadecimal digits; empty when it is used or was never made.

    Of a link in two halves: SHA-256 of the digest of the first, a ~ and the second.
    """
    open_until = models.DateTimeField(null=True)
    """Until when the link works, and an account without a second factor may set one up."""


class Request(models.Model):
    """An act that two administrators do: one asks, another approves.

    `account`: the primary key of the account of that `name` when it was asked, None when there was none.
    `half`: SHA-256 of the first half of the link that follows; empty when none does.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    act = models.CharField(max_length=20)
    name = models.CharField(max_length=150)
    account = models.BigIntegerField(null=True)
    half = models.CharField(max_length=64, blank=True, default="")
    asked = models.DateTimeField()
    asked_by = models.BigIntegerField()
    approved = models.DateTimeField(null=True)
    approved_by = models.BigIntegerField(null=True)


class Kept(models.Model):
    """Django's cache, shared by all processes: how often a code was tried, and that it was used."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)
