"""What an authority pays out: two people, once, and no more than was approved."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from luwte.desk.money import payouts, services, statement
from luwte.desk.money.errors import MoneyImpossible, PayoutImpossible, ReceiptDiffers
from luwte.desk.money.models import Payment, Payout
from luwte.desk.money.payouts import Wanted
from luwte.desk.money.rules import Currency, Scheme
from luwte.desk.money.services import Order
from tests.support.desk import NOON

pytestmark = pytest.mark.django_db
MILA, NOOR = "ab" * 16, "cd" * 16
DAY = date(2025, 5, 1)


def wanted(**changes: Any) -> Wanted:
    """Return assistance at the amount of 2025."""
    values: dict[str, Any] = {
        "scheme": Scheme.ASSISTANCE, "amount": 4_479_078, "currency": Currency.USD, "day": DAY,
        "reason": "order of the court",
    }  # fmt: skip
    return Wanted(**values | changes)


def ask(subject: str = MILA, **changes: Any) -> str:
    return payouts.ask(subject, wanted(**changes), by="staff:1", now=NOON)


def test_who_asked_cannot_decide_and_what_is_decided_stays() -> None:
    one = ask()
    with pytest.raises(PayoutImpossible, match="cannot decide"):
        payouts.decide(one, True, by="staff:1", now=NOON)
    payouts.decide(one, True, by="staff:2", now=NOON)
    with pytest.raises(PayoutImpossible, match="approved already"):
        payouts.decide(one, False, by="staff:3", now=NOON)
    assert payouts.waiting() == []


def test_assistance_is_once_for_ever_but_what_was_declined_can_be_asked_anew() -> None:
    first = ask()
    with pytest.raises(PayoutImpossible, match="once"):
        ask(amount=1)
    payouts.decide(first, False, by="staff:2", now=NOON)
    second = ask()
    payouts.decide(second, True, by="staff:2", now=NOON)
    with pytest.raises(PayoutImpossible, match="once"):
        ask()
    assert ask(NOOR)


def test_the_fund_pays_once_a_case() -> None:
    same: dict[str, Any] = {"scheme": Scheme.FUND, "currency": Currency.EUR}
    ask(**same, case="c-1")
    assert ask(**same, case="c-2")
    with pytest.raises(PayoutImpossible):
        ask(**same, case="c-1")
    with pytest.raises(MoneyImpossible, match="Say which case"):
        ask(**same)


def test_it_is_paid_whole_and_once_after_it_was_approved() -> None:
    one = ask()
    with pytest.raises(PayoutImpossible, match="nobody approved"):
        payouts.pay(one, DAY, "b-1", NOON)
    payouts.decide(one, True, by="staff:2", now=NOON)
    made = payouts.pay(one, DAY, "b-1", NOON)
    assert payouts.pay(one, DAY, "b-1", NOON) == made
    with pytest.raises(ReceiptDiffers):
        payouts.pay(one, date(2025, 5, 2), "b-1", NOON)
    with pytest.raises(PayoutImpossible, match="paid already"):
        payouts.pay(one, DAY, "b-2", NOON)
    services.take_back(MILA, made.id, DAY, "wrong account", NOON)
    payouts.pay(one, DAY, "b-2", NOON)
    assert Payout.objects.get().paid == 4_479_078


def test_an_advance_is_of_a_final_claim_and_no_more_than_is_open() -> None:
    """Worked case NL5: awarded EUR 9,000, paid 1,500: the State pays at most 7,500, once."""
    order = Order(Scheme.CLAIM, "c", "d", "Rb. Den Haag", 900_000, Currency.EUR, date(2025, 1, 12))
    claim = services.record_award(MILA, order, NOON)
    same: dict[str, Any] = {"scheme": Scheme.ADVANCE, "currency": Currency.EUR, "award": claim}
    with pytest.raises(PayoutImpossible, match="final"):
        ask(**same, amount=1)
    services.make_final(MILA, claim, date(2025, 1, 27), NOON)
    services.receive(MILA, claim, 150_000, date(2025, 2, 1), "r", NOON)
    with pytest.raises(PayoutImpossible, match="less"):
        ask(**same, amount=750_001)
    ask(**same, amount=750_000)
    with pytest.raises(PayoutImpossible, match="once"):
        ask(**same, amount=1)


def test_the_database_itself_keeps_two_people_and_once() -> None:
    one = ask()
    row: dict[str, Any] = {
        "subject": MILA, "scheme": "assistance", "once": "ever", "amount": 1, "currency": "USD", "day": DAY,
        "reason": "r", "asked": NOON, "asked_by": "staff:9",
    }  # fmt: skip
    paid: dict[str, Any] = {
        "subject": MILA, "scheme": "assistance", "currency": "USD", "day": DAY, "recorded": NOON,
        "recorded_by": "x", "payout_id": one,
    }  # fmt: skip
    of_one = Payout.objects.filter(pk=one)
    alone = partial(of_one.update, decided_by="staff:1")
    unapproved = partial(Payment.objects.create, principal=1, reference="a", **paid)
    for act in (partial(Payout.objects.create, **row), alone, unapproved):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    payouts.decide(one, True, by="staff:2", now=NOON)
    unapproved()
    for act in (
        partial(Payment.objects.create, principal=4_479_078, reference="b", **paid),
        partial(Payment.objects.create, principal=1, reference="c", **paid | {"subject": NOOR}),
        partial(of_one.update, result="declined"),
        partial(of_one.update, paid=0),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_statement_says_what_is_owed_and_was_received() -> None:
    order = Order(Scheme.CLAIM, "c", "d", "Rb. Den Haag", 100_000, Currency.EUR, date(2025, 1, 1),
                  bears=date(2025, 1, 1), regime="nl")  # fmt: skip
    claim = services.record_award(MILA, order, NOON)
    services.receive(MILA, claim, 10_000, date(2025, 1, 1), "r", NOON)
    one = ask()
    payouts.decide(one, True, by="staff:2", now=NOON)
    payouts.pay(one, DAY, "b", NOON)
    found = statement.statement(MILA, date(2026, 1, 1))
    (owed,) = found.awards
    assert (owed.paid, owed.principal_due, owed.interest_due) == (10_000, 90_000, 5_400)
    assert found.received == {"EUR": 10_000, "USD": 4_479_078}
    assert statement.statement(MILA, date(2024, 12, 31)).awards == ()
    assert statement.statement(NOOR, date(2026, 1, 1)).received == {}


def test_the_file_for_a_fund_leads_to_nobody_and_knows_the_same_person_again() -> None:
    key = bytes(32)
    same: dict[str, Any] = {"scheme": Scheme.FUND, "currency": Currency.EUR}
    ask(**same, case="c-1")
    ask(**same, case="c-2")
    ask(NOOR, **same, case="c-1")
    ask()
    lines = statement.for_fund(Scheme.FUND, DAY, DAY, key).splitlines()
    assert lines[0].split(",") == list(statement.FIELDS)
    claimants = [line.split(",")[1] for line in lines[1:]]
    assert len(claimants) == 3
    assert len(set(claimants)) == 2
    assert MILA not in "".join(lines)
    (assisted,) = statement.for_fund(Scheme.ASSISTANCE, DAY, DAY, key).splitlines()[1:]
    assert assisted.split(",")[1] not in claimants, "two who pay cannot lay their files together"
    assert statement.for_fund(Scheme.FUND, date(2025, 5, 2), DAY, key).count("\n") == 1
