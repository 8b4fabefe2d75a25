"""Amounts, shares of an amount, and within what a scheme pays once."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.desk.money.errors import MoneyImpossible
from luwte.desk.money.rules import AWARDED, MOST, PAID_OUT, Scheme, apportion, check_amount, check_day, once

TODAY = date(2026, 6, 1)


@given(st.integers(0, MOST), st.lists(st.integers(0, MOST), max_size=20))
def test_shares_add_up_and_are_within_a_cent_of_their_part(cents: int, weights: list[int]) -> None:
    shares = apportion(cents, weights)
    whole = sum(weights)
    assert sum(shares) == (cents if whole else 0)
    for share, weight in zip(shares, weights, strict=True):
        assert whole == 0 or abs(share * whole - cents * weight) < whole


@pytest.mark.parametrize(
    ("cents", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (5, [1, 2], [2, 3]),
        (1, [1, 9], [0, 1]),
        (7, [0, 0], [0, 0]),
    ],
)
def test_what_is_left_over_goes_to_who_misses_most(cents: int, weights: list[int], shares: list[int]) -> None:
    assert apportion(cents, weights) == shares


@pytest.mark.parametrize(("cents", "weights"), [(-1, [1]), (1, [2, -1])])
def test_nothing_below_zero_is_shared_out(cents: int, weights: list[int]) -> None:
    with pytest.raises(MoneyImpossible):
        apportion(cents, weights)


def test_once_is_for_ever_for_a_case_or_for_an_award() -> None:
    assert once(Scheme.ASSISTANCE, "c", "a") == once(Scheme.ASSISTANCE, "", "")
    assert once(Scheme.FUND, "c", "a") == "c"
    assert once(Scheme.ADVANCE, "c", "a") == "a"
    for scheme, case, award in ((Scheme.FUND, "", "a"), (Scheme.ADVANCE, "c", "")):
        with pytest.raises(MoneyImpossible, match="Say which"):
            once(scheme, case, award)
    for scheme in AWARDED:
        with pytest.raises(MoneyImpossible, match="awarded by a court"):
            once(scheme, "c", "a")
    assert set(Scheme) == AWARDED | PAID_OUT


@pytest.mark.parametrize("cents", [0, -1, MOST + 1])
def test_what_is_no_amount(cents: int) -> None:
    with pytest.raises(MoneyImpossible):
        check_amount(cents)


@pytest.mark.parametrize("day", [date(1944, 12, 31), date(2026, 6, 2), date(2206, 1, 1)])
def test_days_that_cannot_be(day: date) -> None:
    with pytest.raises(MoneyImpossible):
        check_day(day, TODAY)
    check_day(TODAY, TODAY)
