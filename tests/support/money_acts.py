"""Acts of the ledger of money, for tests that kill the process in the middle, or run two at once."""

from __future__ import annotations

from datetime import date
from typing import Any

MILA = "ab" * 16
DAY = date(2026, 1, 12)


def owed() -> dict[str, str]:
    """Award somebody 1,000 cents, of 1,500 that all may pay, and ask for assistance; return the ids."""
    from luwte.desk.money import payouts, services
    from luwte.desk.money.rules import Currency, Scheme
    from luwte.desk.money.services import Order
    from tests.support.desk import NOON

    order = Order(Scheme.RESTITUTION, "c", "d-1", "court", 1_000, Currency.USD, DAY, 1_500, DAY)
    return {
        "award": services.record_award(MILA, order, NOON),
        "payout": payouts.ask(MILA, _assistance(), by="staff:1", now=NOON),
    }


def settle(act: str, award: str = "", payout: str = "", number: int = 0) -> None:
    """Do one act."""
    from luwte.desk.money import payouts, services
    from luwte.desk.money.models import Payment
    from luwte.desk.money.payouts import Wanted
    from luwte.desk.money.rules import Currency, Head, Scheme
    from luwte.desk.money.services import Lost, Order
    from tests.support.desk import NOON

    other = Order(Scheme.RESTITUTION, "c", f"d-{number}", "court", 1_000, Currency.USD, DAY)
    fund = Wanted(Scheme.FUND, 300, Currency.EUR, DAY, "application", case="c")
    acts: dict[str, Any] = {
        "lose": lambda: services.record_loss(MILA, Lost(Head.OTHER, 5, Currency.USD, DAY, "p"), NOON),
        "award": lambda: services.record_award(MILA, other, NOON),
        "receive": lambda: services.receive(MILA, award, 600, DAY, f"r-{number}", NOON),
        "take back": lambda: services.take_back(MILA, Payment.objects.get(principal=600).id, DAY, "no", NOON),
        "ask": lambda: payouts.ask(MILA, _assistance(), by=f"staff:{number}", now=NOON),
        "ask the fund": lambda: payouts.ask(MILA, fund, by="staff:1", now=NOON),
        "decide": lambda: payouts.decide(payout, True, by="staff:2", now=NOON),
        "pay": lambda: payouts.pay(payout, DAY, "b", NOON),
    }
    acts[act]()


def settle_many(act: str, times: int, first: int, award: str = "", payout: str = "") -> list[str]:
    """Do one act so often, each with a number of its own; return the names of what was refused."""
    from luwte.base.errors import BadInput

    refused = []
    for number in range(first, first + times):
        try:
            settle(act, award, payout, number)
        except BadInput as wrong:
            refused.append(type(wrong).__name__)
    return refused


def settled() -> dict[str, Any]:
    """Return what the ledger holds."""
    from luwte.desk.money.models import Award, Ceiling, Loss, Payment, Payout

    return {
        "losses": Loss.objects.count(),
        "awards": sorted(Award.objects.values_list("amount", "paid")),
        "ceiling": list(Ceiling.objects.values_list("most", "taken")),
        "payouts": sorted(Payout.objects.values_list("result", "paid")),
        "payments": sorted(Payment.objects.values_list("principal", "surplus")),
    }


def _assistance() -> Any:
    from luwte.desk.money.payouts import Wanted
    from luwte.desk.money.rules import Currency, Scheme

    return Wanted(Scheme.ASSISTANCE, 400, Currency.USD, DAY, "order of the court")


ACTS = {"owed": owed, "settle": settle, "settle-many": settle_many, "settled": settled}
