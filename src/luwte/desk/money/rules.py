"""What kinds of money there are, what goes once only, and how an amount is shared out. Pure.

Amounts are whole cents of one currency; nothing is ever a fraction of a cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from luwte.desk.money.errors import MoneyImpossible

MOST = 10**12
"""Cents; ten thousand million is more than any award."""
LONGEST, LONGEST_NAME = 200, 64
EARLIEST = date(1945, 1, 1)


class Currency(StrEnum):
    """Which money an amount is in; amounts in different ones are never added."""

    EUR = "EUR"
    USD = "USD"


class Head(StrEnum):
    """What was lost (the heads of 18 USC 2259(c)(2), and damage that is no money: art. 6:106 BW)."""

    MEDICAL = "medical"
    THERAPY = "therapy"
    TRANSPORT = "transport"
    INCOME = "income"
    LEGAL = "legal"
    OTHER = "other"
    IMMATERIAL = "immaterial"


class Scheme(StrEnum):
    """By what somebody gets money.

    claim: what a Dutch court awards (art. 51f, 361 Sv; 36f Sr). restitution: what an American court orders
    (18 USC 2259). advance: what the State pays of a claim in advance (art. 36f Sr). fund: the Schadefonds.
    assistance: defined monetary assistance (18 USC 2259(d)).
    """

    CLAIM = "claim"
    RESTITUTION = "restitution"
    ADVANCE = "advance"
    FUND = "fund"
    ASSISTANCE = "assistance"


AWARDED = frozenset({Scheme.CLAIM, Scheme.RESTITUTION})
"""A court awards these against a defendant, who pays."""
PAID_OUT = frozenset(Scheme) - AWARDED
"""An authority pays these out: two people decide, and once is once."""


def once(scheme: Scheme, case: str, award: str) -> str:
    """Return within what `scheme` is paid out once: for ever, for a case, or for an award.

    Assistance: one payment a victim, ever (18 USC 2259(d)(1)). The fund: once for a crime, so for a case
    (art. 3 Wsg). An advance: once for an award (art. 36f Sr). Raises `MoneyImpossible` for what needs a
    case or an award and has none, and for what no authority pays out.
    """
    within = {Scheme.ASSISTANCE: "ever", Scheme.FUND: case, Scheme.ADVANCE: award}.get(scheme)
    if within is None:
        raise MoneyImpossible(f"{scheme} is awarded by a court and paid by a convict, not paid out here.")
    if not within:
        needed = "case" if scheme == Scheme.FUND else "award"
        raise MoneyImpossible(f"{scheme} is paid out once for each {needed}. Say which {needed} it is for.")
    return within


def check_amount(cents: int) -> None:
    """Raise `MoneyImpossible` unless this is an amount that somebody can be owed or paid."""
    if not 0 < cents <= MOST:
        raise MoneyImpossible(f"{cents} cents is no amount: give 1 to {MOST}.")


def check_day(day: date, today: date) -> None:
    """Raise `MoneyImpossible` unless this day was, and not before anybody who is here was born."""
    if not EARLIEST <= day <= today:
        raise MoneyImpossible(f"{day} cannot be: give a day from {EARLIEST} up to today.")


def check_words(what: str, text: str, longest: int = LONGEST) -> str:
    """Return `text` without blanks around it. Raises `MoneyImpossible` when it is none, or too long."""
    found = text.strip()
    if not 0 < len(found) <= longest or not found.isprintable():
        raise MoneyImpossible(
            f"The {what} is empty, too long or not printable. Give at most {longest} characters."
        )
    return found


def apportion(cents: int, weights: Sequence[int]) -> list[int]:
    """Return `cents` shared out in proportion to `weights`, whole cents that add up to it.

    What is left over by rounding down goes, a cent each, to those who miss most of one (the largest
    remainders), the first of those that miss alike. All zero when no weight is above it. Raises
    `MoneyImpossible` for a negative number.
    """
    whole = sum(weights)
    if cents < 0 or any(weight < 0 for weight in weights):
        raise MoneyImpossible("Nothing below zero can be shared out.")
    if whole == 0:
        return [0] * len(weights)
    shares = [cents * weight // whole for weight in weights]
    missed = sorted(range(len(weights)), key=lambda at: -(cents * weights[at] % whole))
    for at in missed[: cents - sum(shares)]:
        shares[at] += 1
    return shares
