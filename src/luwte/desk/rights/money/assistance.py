"""Defined Monetary Assistance (18 USC 2259(d), 2259B; 28 CFR 81.51-81.53): who, how much, once. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from luwte.desk.rights.amounts import Money, amount_of_year
from luwte.desk.rights.errors import AmountImpossible
from luwte.desk.rights.law import Jurisdiction

ASSISTANCE = "assistance"
FEE_PERCENT = 15
"""The most that lawyers may take of a payment, fees and costs together; more is a crime (2259(d))."""


class Eligible(StrEnum):
    """Whether the sum can be ordered, or why not."""

    YES = "yes"
    NOT_THIS_LAW = "this law has no such sum"
    NO_CONVICTION = "nobody was convicted of trafficking"
    PAID_BEFORE = "it was paid before, and is paid once"
    COLLECTED_MORE = "more restitution was collected than this sum"
    CONVICTED_CLAIMANT = "who asks was convicted of such an offence"


@dataclass(frozen=True, slots=True)
class Claim:
    """What is known of a request: restitution *collected* under section 2259, not what was ordered."""

    ordered_on: date
    collected: Money
    trafficking_conviction: bool
    paid_before: bool = False
    claimant_convicted: bool = False


def sum_of(law: Jurisdiction, ordered_on: date) -> Money:
    """Return the sum of the year of the court's order. Raises `AmountImpossible` without its index."""
    if ASSISTANCE not in law.amounts:
        raise AmountImpossible(f"The law {law.version} has no Defined Monetary Assistance.")
    return amount_of_year(law.amounts[ASSISTANCE], ordered_on.year)


def eligible(law: Jurisdiction, claim: Claim) -> Eligible:
    """Return whether the court can order it. Restitution up to the sum does not stand in the way."""
    if ASSISTANCE not in law.amounts:
        return Eligible.NOT_THIS_LAW
    if not claim.trafficking_conviction:
        return Eligible.NO_CONVICTION
    if claim.claimant_convicted:
        return Eligible.CONVICTED_CLAIMANT
    if claim.paid_before:
        return Eligible.PAID_BEFORE
    more = claim.collected.less(sum_of(law, claim.ordered_on)).cents > 0
    return Eligible.COLLECTED_MORE if more else Eligible.YES


def most_fee(payment: Money) -> Money:
    """Return the most that lawyers may take of a payment, rounded down to a cent."""
    return payment.percent(FEE_PERCENT)
