from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.desk.findings.baseline import FLOOR, burst
from tests.support.desk import NOON

DAY = timedelta(days=1)


def test_more_than_five_cases_in_a_week_are_sudden_and_five_are_not() -> None:
    week = [NOON + DAY * number for number in range(6)]
    assert burst(week[:5]) is None
    found = burst(week)
    assert found is not None
    assert (found.until, found.cases, found.baseline) == (week[-1], 6, 0)


def test_the_window_is_seven_days_open_at_its_beginning() -> None:
    assert burst([NOON] * 5 + [NOON + 7 * DAY]) is None
    assert burst([NOON] * 5 + [NOON + 7 * DAY - timedelta(seconds=1)]) is not None


def test_what_circulates_all_year_is_no_burst() -> None:
    weekly = [NOON + DAY * 7 * number for number in range(52)]
    seventh = [NOON + DAY * 7 * 52] * 7
    assert burst([*weekly, *seventh]) is None
    assert burst(seventh) is not None
    assert burst([*weekly, *([seventh[0]] * 11)]) is not None


def test_the_baseline_is_of_the_year_before_alone() -> None:
    long_ago = [NOON - DAY * 7 * number for number in range(53, 105)]
    assert burst([*long_ago, *[NOON] * 6]) is not None


@given(st.lists(st.integers(0, 100), max_size=30))
def test_order_does_not_matter_and_a_burst_is_what_it_says(days: list[int]) -> None:
    seen = [NOON + DAY * day for day in days]
    found = burst(seen)
    assert burst(seen[::-1]) == found
    sudden = [day for day in days if _sudden(days, day)]
    assert (found is None) == (not sudden)
    if found is not None:
        assert found.until == NOON + DAY * min(sudden)


def _sudden(days: list[int], end: int) -> bool:
    cases = sum(end - 7 < day <= end for day in days)
    before = sum(end - 7 * 53 < day <= end - 7 for day in days)
    return cases > max(FLOOR, 10 * before / 52)


@pytest.mark.parametrize("steady", [1, 4])
def test_a_steady_entry_is_quiet_once_its_baseline_is_known(steady: int) -> None:
    weeks = [NOON + DAY * 7 * number for number in range(80) for _ in range(steady)]
    assert burst(weeks) is None
