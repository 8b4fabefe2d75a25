"""Losses, awards, and what is paid of them: who is paid what, never more, never twice."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from luwte.desk.money import services
from luwte.desk.money.errors import AwardUnknown, MoneyImpossible, ReceiptDiffers
from luwte.desk.money.models import Award, Ceiling, Loss, Payment
from luwte.desk.money.rules import Currency, Head, Scheme
from luwte.desk.money.services import Lost, Order
from tests.support.desk import NOON

pytestmark = pytest.mark.django_db
MILA, NOOR = "ab" * 16, "cd" * 16
DAY = date(2026, 1, 12)


def order(**changes: Any) -> Order:
    """Return an American order of $3,000.00 that is final."""
    values: dict[str, Any] = {
        "scheme": Scheme.RESTITUTION, "case": "c", "defendant": "d-1", "court": "D. Or.", "amount": 300_000,
        "currency": Currency.USD, "ordered": DAY, "final": DAY,
    }  # fmt: skip
    return Order(**values | changes)


def award(**changes: Any) -> str:
    """Record an order for Mila."""
    return services.record_award(MILA, order(**changes), NOON)


def pay(award_id: str, cents: int, reference: str = "r-1", day: date = DAY) -> Payment:
    """Let a convict pay."""
    return services.receive(MILA, award_id, cents, day, reference, NOON)


def lost(**changes: Any) -> str:
    """Record a loss of Mila."""
    values: dict[str, Any] = {
        "head": Head.THERAPY, "amount": 500, "currency": Currency.EUR, "day": DAY, "proof": "file 12",
    }  # fmt: skip
    return services.record_loss(MILA, Lost(**values | changes), NOON)


def test_a_loss_is_mended_by_another_row_once() -> None:
    first = lost()
    second = lost(amount=700, replaces=first)
    assert [(one.id, one.amount) for one in services.losses(MILA)] == [(second, 700)]
    assert Loss.objects.count() == 2
    for replaces in (first, "nothing"):
        with pytest.raises(MoneyImpossible, match="mended"):
            lost(replaces=replaces)
    with pytest.raises(MoneyImpossible, match="cannot be mended"):
        services.record_loss(NOOR, Lost(Head.OTHER, 1, Currency.EUR, DAY, "p", replaces=second), NOON)


@pytest.mark.parametrize(
    "changes",
    [
        {"scheme": Scheme.FUND}, {"amount": 0}, {"ordered": date(2206, 1, 1)}, {"court": " "},
        {"defendant": "x" * 65}, {"found": 299_999}, {"final": date(2026, 1, 11)},
        {"final": date(2199, 1, 1)},
        {"bears": DAY}, {"regime": "nl"}, {"bears": DAY, "regime": "mars"},
    ],
)  # fmt: skip
def test_an_order_that_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(MoneyImpossible):
        award(**changes)
    assert not Award.objects.exists()


def test_the_same_order_twice_is_one_and_a_different_one_is_refused() -> None:
    assert award() == award()
    with pytest.raises(MoneyImpossible, match="recorded before"):
        award(amount=300_001)
    assert Award.objects.count() == 1


def test_a_payment_twice_is_one_and_with_another_amount_is_refused() -> None:
    one = award()
    assert pay(one, 100) == pay(one, 100)
    for cents, day in ((101, DAY), (100, date(2026, 1, 13))):
        with pytest.raises(ReceiptDiffers):
            pay(one, cents, day=day)
    assert Award.objects.get().paid == 100


def test_no_more_is_paid_than_was_awarded_and_the_rest_goes_back() -> None:
    one = award()
    pay(one, 299_990)
    last = pay(one, 100, "r-2")
    assert (last.principal, last.surplus) == (10, 90)
    assert Award.objects.get().paid == 300_000
    assert pay(one, 5, "r-3").surplus == 5


def test_all_together_pay_no_more_than_the_losses_that_were_found() -> None:
    """Worked case US4: losses found $60,000 and $80,000; at $80,000 received everybody's liability ends."""
    first = award(amount=6_000_000, found=6_000_000)
    second = award(defendant="d-2", amount=8_000_000, found=8_000_000)
    third = award(defendant="d-3")
    assert Ceiling.objects.get().most == 8_000_000
    pay(first, 6_000_000)
    assert pay(second, 1_999_999, "r-2").surplus == 0
    assert pay(third, 300_000, "r-3").surplus == 299_999
    assert pay(second, 10, "r-4").principal == 0
    assert Ceiling.objects.get().taken == 8_000_000


def test_an_order_that_is_not_final_ends_nobodys_liability() -> None:
    one = award(amount=6_000_000, found=6_000_000, final=None)
    assert not Ceiling.objects.exists()
    pay(one, 200)
    services.make_final(MILA, one, DAY, NOON)
    ceiling = Ceiling.objects.get()
    assert (ceiling.most, ceiling.taken) == (6_000_000, 200)
    with pytest.raises(MoneyImpossible):
        services.make_final(MILA, one, DAY, NOON)


def test_interest_is_paid_first() -> None:
    one = award(scheme=Scheme.CLAIM, currency=Currency.EUR, amount=100_000, ordered=date(2016, 1, 4),
                final=None, bears=date(2015, 1, 1), regime="nl")  # fmt: skip
    paid = pay(one, 3_000, day=date(2016, 1, 1))
    assert (paid.interest, paid.principal) == (2_000, 1_000)


def test_a_payment_is_shared_out_by_what_is_open() -> None:
    awards = [award(), award(defendant="d-2", amount=100_000)]
    parts = services.receive_together(MILA, awards, 1_001, DAY, "r", NOON)
    assert [one.principal for one in parts] == [751, 250]
    pay(awards[0], 299_249, "r-2")
    pay(awards[1], 99_750, "r-3")
    with pytest.raises(MoneyImpossible, match="Nothing is open"):
        services.receive_together(MILA, awards, 10, DAY, "r-4", NOON)


def test_what_a_bank_took_back_is_owed_again() -> None:
    one = award(found=300_000)
    made = pay(one, 300_000)
    services.take_back(MILA, made.id, DAY, "no funds", NOON)
    assert (Award.objects.get().paid, Ceiling.objects.get().taken) == (0, 0)
    with pytest.raises(MoneyImpossible, match="taken back already"):
        services.take_back(MILA, made.id, DAY, "again", NOON)
    assert pay(one, 300_000, "r-2").principal == 300_000


def test_nobody_pays_an_award_of_somebody_else() -> None:
    one = award()
    with pytest.raises(AwardUnknown):
        services.receive(NOOR, one, 1, DAY, "r", NOON)


def test_the_database_itself_refuses_what_is_too_much() -> None:
    """Whatever a program forgets: no sum by hand, no payment above an award or a ceiling, no row changed."""
    one = award(found=300_000)
    made = pay(one, 200)
    same: dict[str, Any] = {
        "subject": MILA, "scheme": "restitution", "currency": "USD", "day": DAY, "recorded": NOON,
        "recorded_by": "x",
    }  # fmt: skip
    other = services.record_award(MILA, order(defendant="d-2"), NOON)
    for act in (
        partial(Award.objects.filter(pk=one).update, paid=0),
        partial(Award.objects.filter(pk=one).update, amount=1),
        partial(Ceiling.objects.update, taken=0),
        partial(Ceiling.objects.update, most=199),
        partial(Payment.objects.filter(pk=made.id).update, principal=1),
        partial(Payment.objects.create, award_id=one, principal=299_801, reference="a", **same),
        partial(Payment.objects.create, award_id=other, principal=299_801, reference="b", **same),
        partial(Payment.objects.create, award_id=one, principal=-1, reference="c", **same),
        partial(Payment.objects.create, principal=1, reference="d", **same),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert (Award.objects.get(pk=one).paid, Ceiling.objects.get().taken) == (200, 200)
