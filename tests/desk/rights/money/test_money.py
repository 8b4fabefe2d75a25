"""The sums of the worked cases NL5, NL6, US4, US5 and US6, and what cannot be counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from luwte.desk.rights.amounts import Money, amount_of_year, amount_on, total
from luwte.desk.rights.errors import AmountImpossible
from luwte.desk.rights.money.advance import advance
from luwte.desk.rights.money.assistance import Claim, Eligible, eligible, most_fee, sum_of
from luwte.desk.rights.money.fund import category, next_of_kin, to_pay
from luwte.desk.rights.money.restitution import Order, liability, losses_left, ordered
from luwte.desk.rights.shelf import shipped

NL, US = shipped()["nl-2024-07-01"], shipped()["us-2018-12-07"]
ON = date(2025, 5, 1)


def usd(dollars: float) -> Money:
    return Money("USD", round(dollars * 100))


def eur(euros: float) -> Money:
    return Money("EUR", round(euros * 100))


@pytest.mark.parametrize(
    ("year", "dollars"),
    [
        (2019, 35_000.00),
        (2020, 36_504.55),
        (2021, 36_954.90),
        (2022, 38_691.05),
        (2023, 41_787.39),
        (2024, 43_507.55),
        (2025, 44_790.78),
    ],
)
def test_assistance_grows_with_the_index_of_the_year_before(year: int, dollars: float) -> None:
    assert sum_of(US, date(year, 1, 1)) == sum_of(US, date(year, 12, 31)) == usd(dollars)


def test_us6_the_year_of_the_order_counts_and_its_index_must_be_known() -> None:
    assert sum_of(US, date(2025, 12, 31)) == usd(44_790.78)
    with pytest.raises(AmountImpossible, match="amount of 2026 needs the index of 2025"):
        sum_of(US, date(2026, 1, 20))
    with pytest.raises(AmountImpossible, match="does not exist before 2019"):
        sum_of(US, date(2018, 12, 31))


def test_an_index_that_fell_lowers_nothing() -> None:
    fallen = replace(US.amounts["assistance"], index={2017: "245.12", 2025: "200"})
    assert amount_of_year(fallen, 2026) == usd(35_000)


@pytest.mark.parametrize(
    ("claim", "answer"),
    [
        (Claim(ON, usd(44_790.78), trafficking_conviction=True), Eligible.YES),
        (Claim(ON, usd(44_790.79), trafficking_conviction=True), Eligible.COLLECTED_MORE),
        (Claim(ON, usd(0), trafficking_conviction=True), Eligible.YES),
        (Claim(ON, usd(0), trafficking_conviction=False), Eligible.NO_CONVICTION),
        (Claim(ON, usd(0), trafficking_conviction=True, paid_before=True), Eligible.PAID_BEFORE),
        (
            Claim(ON, usd(0), trafficking_conviction=True, claimant_convicted=True),
            Eligible.CONVICTED_CLAIMANT,
        ),
    ],
)
def test_us5_who_is_eligible(claim: Claim, answer: Eligible) -> None:
    assert eligible(US, claim) == answer
    assert eligible(shipped()["us-2004-10-30"], claim) == Eligible.NOT_THIS_LAW


def test_us5_lawyers_take_at_most_fifteen_per_cent_rounded_down() -> None:
    assert most_fee(usd(44_790.78)) == usd(6_718.61)


def test_us6_losses_after_assistance() -> None:
    assert losses_left(usd(120_000), usd(44_790.78)) == usd(75_209.22)
    assert losses_left(usd(40_000), usd(44_790.78)) == usd(0)


US4 = (
    Order("A", usd(60_000), usd(60_000), final=True),
    Order("B", usd(80_000), usd(80_000), final=True),
    Order("C", usd(3_000)),
)


def test_us4_at_the_greatest_loss_received_all_liability_ends() -> None:
    found = liability(US4, {"A": usd(20_000), "B": usd(60_000)})
    assert found.ended
    assert set(found.owed.values()) == {usd(0)}
    assert found.over == usd(0)


def test_us4_what_is_ordered_and_not_paid_does_not_count() -> None:
    found = liability(US4, {})
    assert not found.ended
    assert found.owed == {"A": usd(60_000), "B": usd(80_000), "C": usd(3_000)}
    nearly = liability(US4, {"A": usd(60_000), "B": usd(19_999)})
    assert nearly.owed == {"A": usd(0), "B": usd(1), "C": usd(1)}
    assert (nearly.left, nearly.ended) == (usd(1), False)


def test_only_final_orders_cap_and_what_came_above_is_said() -> None:
    pending = tuple(replace(order, final=False) for order in US4)
    assert liability(pending, {"B": usd(80_000)}).left is None
    assert liability(US4, {"A": usd(60_000), "B": usd(25_000)}).over == usd(5_000)


def test_the_floor_holds_for_each_trafficking_defendant() -> None:
    assert ordered(US, usd(2_999.99), ON) == usd(3_000)
    assert ordered(US, usd(3_000.01), ON) == usd(3_000.01)
    with pytest.raises(AmountImpossible, match="has no floor"):
        ordered(shipped()["us-2004-10-30"], usd(1), ON)


def test_nobody_ever_owes_more_than_ordered_nor_the_victim_gets_more_than_the_losses() -> None:
    random = Random(12)
    for _ in range(2000):
        orders = tuple(
            Order(
                f"d{n}",
                Money("USD", random.randrange(9000)),
                Money("USD", random.randrange(9000)),
                final=True,
            )
            for n in range(random.randint(1, 5))
        )
        paid = {one.defendant: Money("USD", random.randrange(one.ordered.cents + 1)) for one in orders}
        found, cap = liability(orders, paid), max(one.losses.cents for one in orders if one.losses)
        received = sum(one.cents for one in paid.values())
        for one in orders:
            owed = found.owed[one.defendant].cents
            assert owed <= one.ordered.cents - paid[one.defendant].cents
            assert owed == 0 or owed + received <= cap
        assert found.ended == (received >= cap)


@pytest.mark.parametrize(
    ("orders", "collected", "sentence"),
    [
        (US4, {"D": usd(1)}, "of these defendants alone"),
        ((US4[0], US4[0]), {}, "one order of each"),
        ((), {}, "one order of each"),
        (US4, {"A": eur(1)}, "in one currency"),
    ],
)
def test_what_cannot_be_apportioned(
    orders: tuple[Order, ...], collected: dict[str, Money], sentence: str
) -> None:
    with pytest.raises(AmountImpossible, match=sentence):
        liability(orders, collected)


FINAL = date(2027, 1, 12)


@pytest.mark.parametrize(
    ("award", "paid", "listed", "least", "most"),
    [
        (9_000, 1_500, True, 7_500, 7_500),
        (9_000, 1_500, False, 3_500, 5_000),
        (9_000, 1_500, None, 3_500, 7_500),
        (4_000, 0, False, 4_000, 4_000),
        (9_000, 9_000, None, 0, 0),
        (9_000, 9_500, True, 0, 0),
    ],
)
def test_nl5_the_advance(award: int, paid: int, listed: bool | None, least: int, most: int) -> None:
    found = advance(NL, eur(award), eur(paid), FINAL, listed=listed)
    assert (found.day, found.least, found.most) == (date(2027, 9, 12), eur(least), eur(most))
    assert found.sure == (least == most)


def test_no_ceiling_is_known_before_2016() -> None:
    with pytest.raises(AmountImpossible, match="no amount is known for 2015-12-31"):
        advance(NL, eur(1), eur(0), date(2015, 12, 31), listed=False)


def test_the_fund_pays_by_the_list_of_the_day_of_application() -> None:
    sums = [1_000, 2_500, 5_000, 10_000, 20_000, 35_000]
    assert [category(NL, number, date(2026, 5, 1)) for number in range(1, 7)] == [eur(one) for one in sums]
    assert next_of_kin(NL, date(2026, 5, 1)) == eur(5_000)
    assert to_pay(eur(5_000), eur(1_200)) == eur(3_800)
    grown = replace(NL.amounts["fund"], dated={date(2019, 1, 1): (100,), date(2027, 1, 1): (200,)})
    law = replace(NL, amounts={"fund": grown})
    assert [category(law, 1, day).cents for day in (date(2026, 12, 31), date(2027, 1, 1))] == [100, 200]


@pytest.mark.parametrize("number", [0, 7, -1])
def test_there_are_six_categories(number: int) -> None:
    with pytest.raises(AmountImpossible, match="there are 6"):
        category(NL, number, ON)


def test_no_list_before_the_first() -> None:
    with pytest.raises(AmountImpossible, match="no amount is known"):
        amount_on(NL.amounts["fund"], date(2018, 12, 31))


@pytest.mark.parametrize("cents", [-1, 10**13 + 1, True, 1.0])
def test_money_is_whole_cents(cents: int) -> None:
    with pytest.raises(AmountImpossible, match="whole cents"):
        Money("EUR", cents)
    with pytest.raises(AmountImpossible, match="three capitals"):
        Money("eur", 1)


def test_two_currencies_are_never_mixed() -> None:
    for count in (Money.plus, Money.less, Money.least, Money.most):
        with pytest.raises(AmountImpossible, match="one currency"):
            count(eur(1), usd(1))
    with pytest.raises(AmountImpossible, match="one currency"):
        total((eur(1),), "USD")
