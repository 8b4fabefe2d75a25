"""Interest against a slow reckoner that goes day by day, and worked cases done by hand."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luwte.desk.money.interest import YEAR, Due, Paid, Split, due, rates, regimes, split

DAY = timedelta(days=1)
SINCE = date(2023, 3, 1)
_PAID = st.builds(
    Paid, st.dates(date(2022, 1, 1), date(2029, 1, 1)), st.integers(0, 5_000), st.integers(0, 20_000)
)


@pytest.mark.parametrize(
    ("since", "day", "cents"),
    [
        (date(2015, 1, 1), date(2015, 1, 1), 0),
        (date(2015, 1, 1), date(2015, 12, 31), 1995),  # 364 days of 2 % of 1,000.00
        (date(2015, 1, 1), date(2016, 1, 1), 2000),
        (
            date(2015, 1, 1),
            date(2017, 1, 1),
            4046,
        ),  # the second year has 366 days
        (date(2023, 6, 1), date(2023, 7, 11), 493),  # 30 days of 4 %, 10 of 6 %
    ],
)
def test_worked_cases(since: date, day: date, cents: int) -> None:
    assert due(100_000, since, "nl", [], day) == Due(100_000, cents)


def test_a_payment_goes_to_interest_first_and_what_is_too_much_is_nobodys() -> None:
    assert split(100, Due(1_000, 30)) == Split(30, 70, 0)
    assert split(20, Due(1_000, 30)) == Split(20, 0, 0)
    assert split(2_000, Due(1_000, 30)) == Split(30, 1_000, 970)
    assert split(50, Due(0, -3)) == Split(0, 0, 50)


def test_what_bears_no_interest_never_does() -> None:
    assert due(1_000, None, "", [Paid(SINCE, 0, 400)], date(2040, 1, 1)) == Due(600, 0)


def test_paid_interest_is_owed_no_more() -> None:
    year = date(2016, 1, 1)
    assert due(100_000, date(2015, 1, 1), "nl", [Paid(year, 2_000, 0)], year) == Due(100_000, 0)
    later = due(100_000, date(2015, 1, 1), "nl", [Paid(year, 2_000, 0)], date(2017, 1, 1))
    assert later == Due(100_000, 2_005)  # 366 days of 2 %, on nothing but the sum itself


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 10**7), st.lists(_PAID, max_size=4), st.dates(date(2022, 6, 1), date(2029, 6, 1)))
def test_equal_to_a_reckoner_that_goes_day_by_day(awarded: int, paid: list[Paid], day: date) -> None:
    assert due(awarded, SINCE, "nl", paid, day) == _slowly(awarded, paid, day)


def test_rates_go_up_in_time_and_each_is_a_percentage() -> None:
    for regime in regimes():
        steps = rates(regime)
        assert [one.since for one in steps] == sorted({one.since for one in steps})
        assert all(0 < one.points < 2_000 for one in steps)
    assert rates("") == ()
    with pytest.raises(LookupError):
        rates("nowhere")


def _slowly(awarded: int, paid: list[Paid], day: date) -> Due:
    """Each day: on an anniversary the year's interest is added, then what was paid is taken off."""
    left = [one for one in paid if one.day <= day]
    if day <= SINCE:
        return Due(awarded - sum(one.principal for one in left), -sum(one.interest for one in left))
    owed, old, new, at = Fraction(awarded), Fraction(0), Fraction(0), SINCE
    while True:
        if at != SINCE and (at.month, at.day) == (SINCE.month, SINCE.day):
            old, new = old + new, Fraction(0)
        for one in [one for one in left if one.day == at or (at == SINCE and one.day < at)]:
            owed -= one.principal
            first = min(old, Fraction(one.interest))
            old, new = old - first, new - (one.interest - first)
        if at == day:
            return Due(int(owed), int((2 * (old + new) + 1) // 2))
        points = [rate.points for rate in rates("nl") if rate.since <= at][-1]
        new += (owed + old) * points / (10_000 * YEAR)
        at += DAY
