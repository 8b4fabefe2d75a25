from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from luwte.desk.review.beliefs import NOTHING_SEEN, Seen
from luwte.desk.review.floors import NO_FLOOR, Floor, is_below, is_sampled
from luwte.desk.review.values import Candidate, Stake
from tests.support.desk import NOON

DAY = timedelta(days=1)
FLOOR = Floor(only=20, first=100, more=500, sample=0)
FIRST, ONLY, MORE = Stake(True), Stake(True, only=True), Stake(True, settled=True)


def below(
    belief: float, *stakes: Stake, floor: Floor = FLOOR, seen: Seen = NOTHING_SEEN, answers: int = 0
) -> bool:
    """Whether a cluster with such stakes lies below the floor."""
    return is_below(Candidate("c", 1, 500, stakes, NOON, answers, seen=seen), belief, floor, NOON)


@pytest.mark.parametrize(("stake", "least"), [(ONLY, 0.02), (FIRST, 0.1), (MORE, 0.5)])
def test_the_more_hangs_on_it_the_lower_the_floor(stake: Stake, least: float) -> None:
    assert not below(least, stake)
    assert below(least - 0.001, stake)
    assert not below(0.0, stake, floor=NO_FLOOR)


def test_the_lowest_of_its_cases_counts_but_not_of_those_where_nobody_hears() -> None:
    assert not below(0.03, MORE, ONLY)
    assert below(0.03, MORE, Stake(False, only=True))


def test_a_right_that_presses_is_asked_as_an_only_finding() -> None:
    assert not below(0.03, Stake(True, right=NOON + 30 * DAY))
    assert below(0.03, Stake(True, right=NOON + 31 * DAY))
    assert below(0.03, Stake(True, right=NOON))


def test_what_a_reviewer_confirmed_never_lies_below() -> None:
    assert not below(0.0, MORE, seen=Seen(for_it=1, against=1), answers=2)
    assert below(0.0, MORE, seen=Seen(against=1), answers=1)


def test_a_sample_is_asked_wherever_it_lies_and_once() -> None:
    all_of_them = replace(FLOOR, sample=1000)
    assert not below(0.0, MORE, floor=all_of_them)
    assert below(0.0, MORE, floor=all_of_them, seen=Seen(against=1), answers=1)
    names = [f"{number:032x}" for number in range(20_000)]
    chosen = {name for name in names if is_sampled(name, replace(FLOOR, sample=50))}
    assert 900 < len(chosen) < 1100
    assert chosen <= {name for name in names if is_sampled(name, replace(FLOOR, sample=60))}
