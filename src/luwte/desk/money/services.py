"""What can be done with losses, awards and what is paid of them; one function an act, one transaction.

By pseudonym: who somebody is, and whether one who acts may, is not known here. `by`: as the record names who
acts. Days are those on paper; amounts are cents.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from luwte.base.faults import fault_point
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.money import interest
from luwte.desk.money.errors import AwardUnknown, MoneyImpossible, ReceiptDiffers
from luwte.desk.money.models import Award, Ceiling, Loss, Payment
from luwte.desk.money.rules import (
    AWARDED,
    LONGEST_NAME,
    Currency,
    Head,
    Scheme,
    apportion,
    check_amount,
    check_day,
    check_words,
)

MONEY_POINTS = ("money.lost", "money.awarded", "money.received", "money.taken-back")


@dataclass(frozen=True, slots=True)
class Order:
    """What a court awarded: by which scheme, in which case (its id), against whom, by which court, how much,
    when; the full losses that it found, since when the order is final, and from when it bears interest."""

    scheme: Scheme
    case: str
    defendant: str
    court: str
    amount: int
    currency: Currency
    ordered: date
    found: int | None = None
    final: date | None = None
    bears: date | None = None
    regime: str = interest.NONE


@dataclass(frozen=True, slots=True)
class Lost:
    """What somebody lost on a day, or will lose (`projected`), and where the paper is that shows it.

    `replaces`: the id of a loss that this one mends; each is replaced once.
    """

    head: Head
    amount: int
    currency: Currency
    day: date
    proof: str
    projected: bool = False
    replaces: str = ""


@transaction.atomic
def record_loss(subject: str, lost: Lost, now: datetime) -> str:
    """Record a loss; return its id. Raises `MoneyImpossible`."""
    check_amount(lost.amount)
    check_day(lost.day, now.date())
    proof = check_words("place of the proof", lost.proof)
    if lost.replaces:
        _check_mended(subject, lost.replaces)
    row = Loss.objects.create(
        subject=subject, head=lost.head, amount=lost.amount, currency=lost.currency, day=lost.day,
        projected=lost.projected, proof=proof, replaces=lost.replaces, recorded=now, recorded_by=actor(),
    )  # fmt: skip
    DESK.record(Act.LOSS_RECORDED, now, by=actor(), about=subject, loss=row.id)
    fault_point("money.lost")
    return row.id


def losses(subject: str) -> list[Loss]:
    """Return the losses that stand for somebody, oldest first, without those that were mended."""
    rows = Loss.objects.filter(subject=subject)
    mended = rows.exclude(replaces="").values("replaces")
    return list(rows.exclude(pk__in=mended).order_by("day", "pk"))


@transaction.atomic
def record_award(subject: str, order: Order, now: datetime) -> str:
    """Record what a court awarded somebody; return its id. The same order twice changes nothing.

    What all defendants pay together ends at the greatest loss that a final order found (18 USC 2259(b)(2)).
    Raises `MoneyImpossible`.
    """
    _check(order, now)
    found = Award.objects.filter(
        subject=subject, case=order.case, scheme=order.scheme, defendant=order.defendant,
        ordered=order.ordered,
    ).first()  # fmt: skip
    if found is not None:
        return _same(found, order)
    row = Award.objects.create(
        subject=subject, case=order.case, scheme=order.scheme, defendant=order.defendant, court=order.court,
        amount=order.amount, currency=order.currency, found=order.found, ordered=order.ordered,
        final=order.final, bears=order.bears, regime=order.regime, recorded=now, recorded_by=actor(),
    )  # fmt: skip
    _raise_ceiling(row)
    DESK.record(Act.AWARD_RECORDED, now, by=actor(), about=subject, award=row.id, scheme=order.scheme)
    fault_point("money.awarded")
    return row.id


@transaction.atomic
def make_final(subject: str, award: str, day: date, now: datetime) -> None:
    """Record since when an award is final, once. Raises `AwardUnknown`, `MoneyImpossible`."""
    row = award_of(subject, award)
    check_day(day, now.date())
    if row.final is not None or day < row.ordered:
        raise MoneyImpossible("This award is final already, or was not ordered yet on that day.")
    row.final = day
    row.save(update_fields=["final"])
    _raise_ceiling(row)
    DESK.record(Act.AWARD_FINAL, now, by=actor(), about=subject, award=row.id)


@transaction.atomic
def receive(subject: str, award: str, cents: int, day: date, reference: str, now: datetime) -> Payment:
    """Record that a convict paid `cents` of an award; return the payment. The same one twice is one.

    It goes to interest first, then to what was awarded, and no further than what all together may pay:
    what is over is the payment's `surplus`, and belongs to whoever paid. `reference` names the payment
    within its scheme. Raises `AwardUnknown`, `MoneyImpossible`, `ReceiptDiffers`.
    """
    check_amount(cents)
    check_day(day, now.date())
    reference = check_words("reference of the payment", reference)
    row = award_of(subject, award)
    known = Payment.objects.filter(scheme=row.scheme, reference=reference).first()
    if known is not None:
        if (known.award_id, _whole(known), known.day) != (award, cents, day):
            raise ReceiptDiffers
        return known
    parts = interest.split(cents, due(row, day))
    principal = min(parts.principal, _room(row))
    made = Payment.objects.create(
        subject=subject, award=row, scheme=row.scheme, currency=row.currency, principal=principal,
        interest=parts.interest, surplus=cents - parts.interest - principal, day=day, reference=reference,
        recorded=now, recorded_by=actor(),
    )  # fmt: skip
    DESK.record(Act.MONEY_RECEIVED, now, by=actor(), about=subject, payment=made.id, award=row.id)
    fault_point("money.received")
    return made


@transaction.atomic
def receive_together(
    subject: str, awards: list[str], cents: int, day: date, reference: str, now: datetime
) -> list[Payment]:
    """Share a payment out over awards, in proportion to what is open of each, and record each part.

    Raises as `receive` does, and `MoneyImpossible` when nothing is open of any of them.
    """
    open_ = [
        max(each.principal + each.interest, 0)
        for each in (due(award_of(subject, one), day) for one in awards)
    ]
    if not any(open_):
        raise MoneyImpossible("Nothing is open of these awards. Send the payment back, or name another one.")
    shares = apportion(cents, open_)
    return [
        receive(subject, award, share, day, f"{reference} / {number}", now)
        for number, (award, share) in enumerate(zip(awards, shares, strict=True), 1)
        if share
    ]


@transaction.atomic
def take_back(subject: str, payment: str, day: date, reason: str, now: datetime) -> Payment:
    """Record that a payment did not come after all (a bank took it back, a slip of the pen), once.

    Raises `MoneyImpossible`.
    """
    check_day(day, now.date())
    reason = check_words("reason", reason)
    row = Payment.objects.filter(pk=payment, subject=subject, takes_back="").first()
    if row is None or Payment.objects.filter(takes_back=payment).exists():
        raise MoneyImpossible(f"No payment {payment!r} stands for this person, or it was taken back already.")
    made = Payment.objects.create(
        subject=subject, award=row.award, payout=row.payout, scheme=row.scheme, currency=row.currency,
        principal=-row.principal, interest=-row.interest, surplus=-row.surplus, day=max(day, row.day),
        reference=f"{row.id}: {reason}"[:200], takes_back=row.id, recorded=now, recorded_by=actor(),
    )  # fmt: skip
    DESK.record(Act.MONEY_TAKEN_BACK, now, by=actor(), about=subject, payment=made.id, of=row.id)
    fault_point("money.taken-back")
    return made


def award_of(subject: str, award: str) -> Award:
    """Return an award of somebody, locked until the transaction ends. Raises `AwardUnknown`."""
    row = Award.objects.select_for_update().filter(pk=award, subject=subject).first()
    if row is None:
        raise AwardUnknown(award)
    return row


def due(award: Award, day: date) -> interest.Due:
    """Return what is still to be paid of an award on a day, in cents."""
    paid = [interest.Paid(one.day, one.interest, one.principal) for one in award.payments.all()]
    return interest.due(award.amount, award.bears, award.regime, paid, day)


def _check_mended(subject: str, loss: str) -> None:
    if not Loss.objects.filter(pk=loss, subject=subject).exists():
        raise MoneyImpossible(f"No loss {loss!r} stands for this person, so it cannot be mended.")
    if Loss.objects.filter(replaces=loss).exists():
        raise MoneyImpossible(f"The loss {loss!r} was mended already. Mend the one in its place.")


def _whole(payment: Payment) -> int:
    return payment.principal + payment.interest + payment.surplus


def _room(award: Award) -> int:
    """What may still be paid under the ceiling of all defendants together; it is locked as the award is."""
    row = Ceiling.objects.select_for_update().filter(
        subject=award.subject, scheme=award.scheme, currency=award.currency
    ).first()  # fmt: skip
    return award.amount if row is None else row.most - row.taken


def _raise_ceiling(award: Award) -> None:
    """Only an order that is final, and says what was lost in all, says what all together may pay."""
    if award.scheme != Scheme.RESTITUTION or award.found is None or award.final is None:
        return
    row, new = Ceiling.objects.select_for_update().get_or_create(
        subject=award.subject, scheme=award.scheme, currency=award.currency, defaults={"most": award.found}
    )
    if new:
        _count(row)
    elif row.most < award.found:
        row.most = award.found
        row.save(update_fields=["most"])


def _count(row: Ceiling) -> None:
    """What was paid before the first final order counts too; the ceiling is never below it."""
    paid = Payment.objects.filter(subject=row.subject, scheme=row.scheme, currency=row.currency)
    taken = sum(paid.values_list("principal", flat=True))
    row.most = max(row.most, taken)
    row.taken = taken
    row.save(update_fields=["most", "taken"])


def _check(order: Order, now: datetime) -> None:
    check_amount(order.amount)
    check_day(order.ordered, now.date())
    check_words("defendant", order.defendant, LONGEST_NAME)
    check_words("court", order.court)
    if order.scheme not in AWARDED:
        raise MoneyImpossible(f"No court awards {order.scheme}: it is asked for as a payout.")
    if order.found is not None and not order.amount <= order.found:
        raise MoneyImpossible("A court awards no more than the losses that it found. Check both amounts.")
    if order.final is not None and not order.ordered <= order.final <= now.date():
        raise MoneyImpossible("An order is final on the day it is made, or later, and not in the future.")
    if (order.bears is None) != (order.regime == interest.NONE):
        raise MoneyImpossible("Interest needs a first day and a regime, or neither.")
    if order.regime != interest.NONE and order.regime not in interest.regimes():
        known = ", ".join(sorted(interest.regimes()))
        raise MoneyImpossible(f"There are no rates of {order.regime!r}. Choose one of: {known}.")


def _same(row: Award, order: Order) -> str:
    said = (order.amount, order.currency, order.found, order.court, order.bears, order.regime)
    if (row.amount, row.currency, row.found, row.court, row.bears, row.regime) != said:
        raise MoneyImpossible(
            "This order was recorded before, with another amount, court or interest. What is recorded stays; "
            "record an order that changes it under its own day."
        )
    return row.id
