"""What an authority pays out: one person asks, another decides, and once is once.

That nobody decides alone, and that nothing is paid twice, stands in the database too (`models`, `ceilings`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from luwte.base.faults import fault_point
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.money.errors import PayoutImpossible, ReceiptDiffers
from luwte.desk.money.models import Payment, Payout
from luwte.desk.money.rules import Currency, Scheme, check_amount, check_day, check_words, once
from luwte.desk.money.services import award_of, due

APPROVED, DECLINED = "approved", "declined"
PAYOUT_POINTS = ("payout.asked", "payout.decided", "payout.paid")
_TWICE = (
    "This was asked for already, or paid: {scheme} is paid out once. `luwte desk money show` says which "
    "payout stands."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: by which scheme, how much, the `day` of the order or the application, which sets the
    amount, why; for which case (the fund) or award (an advance)."""

    scheme: Scheme
    amount: int
    currency: Currency
    day: date
    reason: str
    case: str = ""
    award: str = ""


def ask(subject: str, wanted: Wanted, *, by: str, now: datetime) -> str:
    """Ask for a payout; return its id.

    An advance is of an award that is final, and no more than what is open of it (art. 36f Sr). Raises
    `PayoutImpossible`, also when one stands already; `MoneyImpossible`, `AwardUnknown`.
    """
    check_amount(wanted.amount)
    check_day(wanted.day, now.date())
    reason = check_words("reason", wanted.reason)
    within = once(wanted.scheme, wanted.case, wanted.award)
    try:
        with transaction.atomic():
            if wanted.scheme == Scheme.ADVANCE:
                _check_advance(subject, wanted)
            row = Payout.objects.create(
                subject=subject, scheme=wanted.scheme, once=within, amount=wanted.amount,
                currency=wanted.currency, day=wanted.day, reason=reason, asked=now, asked_by=by,
            )  # fmt: skip
            DESK.record(Act.PAYOUT_ASKED, now, by=actor(), about=subject, payout=row.id, scheme=wanted.scheme)
            fault_point("payout.asked")
    except IntegrityError:
        raise PayoutImpossible(_TWICE.format(scheme=wanted.scheme)) from None
    return row.id


@transaction.atomic
def decide(payout: str, approve: bool, *, by: str, now: datetime) -> Payout:
    """Approve or decline what somebody else asked for. Raises `PayoutImpossible`, also for whoever asked."""
    row = _row(payout)
    if row.result:
        raise PayoutImpossible(f"This payout was {row.result} already.")
    if row.asked_by == by:
        raise PayoutImpossible("Whoever asked cannot decide. Let a colleague look at it.")
    row.decided, row.decided_by, row.result = now, by, APPROVED if approve else DECLINED
    row.save(update_fields=["decided", "decided_by", "result"])
    DESK.record(Act.PAYOUT_DECIDED, now, by=actor(), about=row.subject, payout=row.id, result=row.result)
    fault_point("payout.decided")
    return row


@transaction.atomic
def pay(payout: str, day: date, reference: str, now: datetime) -> Payment:
    """Record that an approved payout was paid, whole, on a day; the same payment twice is one.

    Raises `PayoutImpossible` for one that was not approved or is paid; `MoneyImpossible`, `ReceiptDiffers`.
    """
    check_day(day, now.date())
    reference = check_words("reference of the payment", reference)
    row = _row(payout)
    known = Payment.objects.filter(scheme=row.scheme, reference=reference).first()
    if known is not None:
        if (known.payout_id, known.day) != (payout, day):
            raise ReceiptDiffers
        return known
    if row.result != APPROVED or row.paid:
        raise PayoutImpossible("This payout is paid already, or nobody approved it.")
    made = Payment.objects.create(
        subject=row.subject, payout=row, scheme=row.scheme, currency=row.currency, principal=row.amount,
        day=day, reference=reference, recorded=now, recorded_by=actor(),
    )  # fmt: skip
    DESK.record(Act.PAID_OUT, now, by=actor(), about=row.subject, payout=row.id, payment=made.id)
    fault_point("payout.paid")
    return made


def waiting() -> list[Payout]:
    """Return the payouts that nobody decided, oldest first."""
    return list(Payout.objects.filter(result="").order_by("asked", "pk"))


def _row(payout: str) -> Payout:
    row = Payout.objects.select_for_update().filter(pk=payout).first()
    if row is None:
        raise PayoutImpossible(f"There is no payout {payout!r}. `luwte desk money waiting` lists them.")
    return row


def _check_advance(subject: str, wanted: Wanted) -> None:
    row = award_of(subject, wanted.award)
    final = row.final is not None and row.final <= wanted.day
    if row.scheme != Scheme.CLAIM or not final or row.currency != wanted.currency:
        raise PayoutImpossible(
            "The State pays an advance on a claim that is final, in the same currency. Check the award."
        )
    if wanted.amount > due(row, wanted.day).principal:
        raise PayoutImpossible("No more is paid in advance than is open of the award. Ask for less.")
