"""Tables of money, by pseudonym; the database itself keeps what is paid once and never above a ceiling.

`case` is the id of a case in the register, "" for none. It is no foreign key: money is kept longer than the
case, as what is paid once must be known for ever.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from luwte.base.ids import new_id


class Loss(models.Model):
    """What somebody lost, or will lose, as `luwte.desk.money.rules.Head` has it; one that is mended is
    replaced by another row. `proof`: where the paper is that shows it."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32, db_index=True)
    head = models.CharField(max_length=16)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    day = models.DateField()
    projected = models.BooleanField()
    proof = models.CharField(max_length=200)
    replaces = models.CharField(max_length=32, blank=True)
    recorded = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="loss_is_an_amount"),
            models.UniqueConstraint(
                fields=["replaces"], condition=~Q(replaces=""), name="loss_replaced_once"
            ),
        ]


class Ceiling(models.Model):
    """What somebody may receive by a scheme at most, of all who pay together; `taken` follows payments.

    18 USC 2259(b)(2)(C): never more than the losses that were found.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32)
    scheme = models.CharField(max_length=16)
    currency = models.CharField(max_length=3)
    most = models.BigIntegerField()
    taken = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "scheme", "currency"], name="ceiling_once"),
            models.CheckConstraint(
                condition=Q(taken__gte=0, taken__lte=F("most")), name="never_above_the_ceiling"
            ),
        ]


class Award(models.Model):
    """What a court awarded against a defendant (an opaque name). `found`: the full losses that it found,
    None when it found none; `paid` follows payments and is what was paid of `amount`, without interest."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32, db_index=True)
    case = models.CharField(max_length=32, blank=True)
    scheme = models.CharField(max_length=16)
    defendant = models.CharField(max_length=64)
    court = models.CharField(max_length=200)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    found = models.BigIntegerField(null=True)
    ordered = models.DateField()
    final = models.DateField(null=True)
    bears = models.DateField(null=True)
    regime = models.CharField(max_length=16, blank=True)
    paid = models.BigIntegerField(default=0)
    recorded = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "case", "scheme", "defendant", "ordered"], name="award_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, paid__gte=0, paid__lte=F("amount")), name="never_more_than_awarded"
            ),
        ]


class Payout(models.Model):
    """That an authority pays somebody: one asks, another decides. `result`: approved or declined, "" while
    nobody decided. `once`: within what this scheme is paid once (`luwte.desk.money.rules.once`). `paid`
    follows payments."""

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32, db_index=True)
    scheme = models.CharField(max_length=16)
    once = models.CharField(max_length=32)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    day = models.DateField()
    reason = models.CharField(max_length=200)
    asked = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    decided = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=16, blank=True)
    paid = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "scheme", "once"], condition=~Q(result="declined"), name="paid_out_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, paid__gte=0, paid__lte=F("amount")), name="never_more_than_approved"
            ),
            models.CheckConstraint(condition=~Q(asked_by=F("decided_by")), name="payout_takes_two"),
        ]


class Payment(models.Model):
    """Money that somebody received, of an award or by a payout. `reference` names it at whoever paid.

    One that `takes_back` another undoes it, with its amounts below zero. `surplus` is not the person's.
    """

    id = models.CharField(max_length=32, primary_key=True, default=new_id)
    subject = models.CharField(max_length=32, db_index=True)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="payments", null=True)
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="payments", null=True)
    scheme = models.CharField(max_length=16)
    currency = models.CharField(max_length=3)
    principal = models.BigIntegerField()
    interest = models.BigIntegerField(default=0)
    surplus = models.BigIntegerField(default=0)
    day = models.DateField()
    reference = models.CharField(max_length=200)
    takes_back = models.CharField(max_length=32, blank=True)
    recorded = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "reference"], name="payment_once"),
            models.UniqueConstraint(
                fields=["takes_back"], condition=~Q(takes_back=""), name="payment_taken_back_once"
            ),
            models.CheckConstraint(
                condition=Q(award=None, payout__isnull=False) | Q(award__isnull=False, payout=None),
                name="payment_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(takes_back="", principal__gte=0, interest__gte=0, surplus__gte=0)
                | (~Q(takes_back="") & Q(principal__lte=0, interest__lte=0, surplus__lte=0)),
                name="payment_takes_nothing_unless_back",
            ),
        ]
