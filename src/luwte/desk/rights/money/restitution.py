"""Restitution of several defendants for the same losses (18 USC 2259(b)(2)). Pure.

A trafficking defendant is ordered a share, not less than a floor. The victim never recovers more than the
losses: once the greatest loss found in any final order was *received*, the liability of every defendant ends.
What was ordered and not paid does not count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from luwte.desk.rights.amounts import Money, amount_on, total
from luwte.desk.rights.errors import AmountImpossible
from luwte.desk.rights.law import Jurisdiction

FLOOR = "restitution-floor"


@dataclass(frozen=True, slots=True)
class Order:
    """One order: what the court found as full losses, what this defendant must pay, and whether it is final.

    `losses` is None when the order finds none.
    """

    defendant: str
    ordered: Money
    losses: Money | None = None
    final: bool = False


@dataclass(frozen=True, slots=True)
class Liability:
    """What each defendant still owes, what may be collected in all, None while nothing caps it, and whether
    the liability of all has ended; `over`: what was received beyond the losses."""

    owed: Mapping[str, Money]
    left: Money | None
    ended: bool
    over: Money


def ordered(law: Jurisdiction, share: Money, day: date) -> Money:
    """Return what a trafficking defendant is ordered on `day`: the share, or the floor when that is more.

    Raises `AmountImpossible` when this law has no floor.
    """
    if FLOOR not in law.amounts:
        raise AmountImpossible(
            f"The law {law.version} has no floor of restitution. Use the file of the conduct."
        )
    return share.most(amount_on(law.amounts[FLOOR], day))


def losses_left(losses: Money, assistance: Money) -> Money:
    """Return the full losses from which a court starts when Defined Monetary Assistance was paid before."""
    return losses.less(assistance)


def liability(orders: Sequence[Order], collected: Mapping[str, Money]) -> Liability:
    """Return who still owes what. `collected`: what was received of each defendant, one order each.

    Raises `AmountImpossible` for two orders of one defendant, money of one without an order, two currencies.
    """
    names = [order.defendant for order in orders]
    if len(set(names)) < len(names) or not collected.keys() <= set(names) or not orders:
        raise AmountImpossible("Give one order of each defendant, and payments of these defendants alone.")
    currency = orders[0].ordered.currency
    received = total(tuple(collected.values()), currency)
    found = [order.losses for order in orders if order.final and order.losses is not None]
    cap = max(found, key=lambda one: one.cents) if found else None
    left = cap.less(received) if cap else None
    nothing = Money(currency, 0)
    owed = {
        order.defendant: _owed(order.ordered.less(collected.get(order.defendant, nothing)), left)
        for order in orders
    }
    ended = left is not None and left.cents == 0
    return Liability(owed, left, ended, received.less(cap) if cap else nothing)


def _owed(rest: Money, left: Money | None) -> Money:
    return rest if left is None else rest.least(left)
