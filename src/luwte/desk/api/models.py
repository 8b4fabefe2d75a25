"""Tables of the interface: who may use it, what they sent, what they are told of. No person is in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from luwte.base.ids import new_id


class Client(models.Model):
    """A machine of an agency. `secret` is the SHA-256 of its secret, `scopes` words with blanks between.

    `certificate`: the SHA-256 (hex) of the certificate that it must show (RFC 8705), "" for none.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    name = models.CharField(max_length=200)
    secret = models.CharField(max_length=64)
    scopes = models.CharField(max_length=200)
    certificate = models.CharField(max_length=64, blank=True)
    added = models.DateTimeField()
    ended = models.DateTimeField(null=True)


class Token(models.Model):
    """A token that was given out, known by its SHA-256 alone."""

    digest = models.CharField(max_length=64, primary_key=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="tokens")
    scopes = models.CharField(max_length=200)
    expires = models.DateTimeField(db_index=True)


class Tries(models.Model):
    """How many tries to get a token failed from one place until `until`."""

    place = models.CharField(max_length=64, primary_key=True)
    failed = models.IntegerField()
    until = models.DateTimeField(db_index=True)


class Kept(models.Model):
    """A request with an idempotency key: what it was, and what it was answered. `status` 0: not yet.

    Until `lease_until` somebody works on it under the name `lease`.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="kept")
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    status = models.IntegerField(default=0)
    answer = models.JSONField(default=dict)
    location = models.CharField(max_length=200, blank=True)
    lease = models.CharField(max_length=32)
    lease_until = models.DateTimeField()
    made = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["client", "key"], name="api_key_once")]


class Delivery(models.Model):
    """That a client delivered a report, or an event of a case: what it may ask about again."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="deliveries")
    resource = models.CharField(max_length=200)
    received = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "resource"], name="api_delivered_once")
        ]


class Notice(models.Model):
    """That something came in, as other machines are told it: of what kind, and where to ask (`resource`)."""

    id = models.BigAutoField(primary_key=True)
    event = models.CharField(max_length=32, unique=True, default=new_id)
    kind = models.CharField(max_length=64)
    resource = models.CharField(max_length=200)
    made = models.DateTimeField(db_index=True)


class Hook(models.Model):
    """Where a client wants notices sent to, and how far it was told: all up to `position`."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="hooks")
    address = models.CharField(max_length=500)
    position = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    added = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=100, blank=True)
