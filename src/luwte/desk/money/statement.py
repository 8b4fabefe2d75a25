"""What somebody is owed and received, on one day: for the person, and as lines of a file for a fund."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO

from luwte.crypto.pseudonyms import pseudonym
from luwte.desk.money import services
from luwte.desk.money.models import Award, Payment, Payout
from luwte.desk.money.rules import Scheme

FIELDS = (
    "payout", "claimant", "scheme", "amount_cents", "currency", "day", "asked_on", "decided_on", "result",
    "paid_cents",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Owed:
    """An award on a day, in cents: what was awarded, paid of it, and still due of it and of interest."""

    award: Award
    paid: int
    interest_paid: int
    principal_due: int
    interest_due: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody lost, is owed, and received by payouts; `lost`, `received`: cents by currency."""

    day: date
    lost: dict[str, int]
    awards: tuple[Owed, ...]
    payouts: tuple[Payout, ...]
    received: dict[str, int]


def statement(subject: str, day: date) -> Statement:
    """Return what stands for somebody on a day."""
    awards = Award.objects.filter(subject=subject, ordered__lte=day).order_by("ordered", "pk")
    payouts = Payout.objects.filter(subject=subject, day__lte=day).order_by("day", "pk")
    payments = Payment.objects.filter(subject=subject, day__lte=day)
    return Statement(
        day,
        _summed((one.currency, one.amount) for one in services.losses(subject) if one.day <= day),
        tuple(_owed(one, day) for one in awards.prefetch_related("payments")),
        tuple(payouts),
        _summed((one.currency, one.principal + one.interest) for one in payments),
    )


def for_fund(scheme: Scheme, since: date, until: date, key: bytes) -> str:
    """Return the payouts of a scheme from day to day (both with it) as CSV, for whoever pays them.

    A claimant is named by a pseudonym that is made with `key` for this scheme alone, so that the file leads
    to nobody in the register, and the same person is the same in each file.
    """
    rows = Payout.objects.filter(scheme=scheme, day__range=(since, until)).order_by("day", "pk")
    out = StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(FIELDS)
    for row in rows:
        claimant = pseudonym(key, row.subject, purpose=f"money-{scheme}")
        lines.writerow([
            row.id, claimant, row.scheme, row.amount, row.currency, row.day, row.asked.date(),
            row.decided.date() if row.decided else "", row.result or "waiting", row.paid,
        ])  # fmt: skip
    return out.getvalue()


def _owed(award: Award, day: date) -> Owed:
    due = services.due(award, day)
    here = [one for one in award.payments.all() if one.day <= day]
    paid, interest = sum(one.principal for one in here), sum(one.interest for one in here)
    return Owed(award, paid, interest, due.principal, due.interest)


def _summed(amounts: Iterator[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for currency, cents in amounts:
        found[currency] = found.get(currency, 0) + cents
    return found
