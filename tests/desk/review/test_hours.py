from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from luwte.desk.review.hours import Limits, NotNow, Span, Why, not_now, reach
from tests.support.desk import NOON

MINUTE = timedelta(minutes=1)
LIMITS = Limits()


def looks(*minutes: tuple[int, int], who: str = "w") -> list[Span]:
    """Return looks of `who`: so many minutes before noon they began, so many minutes they took."""
    return [Span(who, NOON - begin * MINUTE, NOON - (begin - length) * MINUTE) for begin, length in minutes]


def test_a_fresh_day_is_free() -> None:
    assert not_now(LIMITS, [], "w", NOON) is None


def test_acute_work_comes_before_everything() -> None:
    assert not_now(replace(LIMITS, acute=True), [], "w", NOON) == NotNow(Why.ACUTE)
    closed = replace(LIMITS, acute=True, from_hour=1, to_hour=2, minutes_a_day=0)
    assert not_now(closed, [], "w", NOON) == NotNow(Why.ACUTE)


@pytest.mark.parametrize(("from_hour", "to_hour", "free"), [(12, 13, True), (9, 12, False), (13, 17, False)])
def test_hours(from_hour: int, to_hour: int, free: bool) -> None:
    found = not_now(replace(LIMITS, from_hour=from_hour, to_hour=to_hour), [], "w", NOON)
    assert found == (None if free else NotNow(Why.HOURS))


def test_the_budget_is_that_of_all_reviewers_together() -> None:
    together = [*looks((200, 60), who="v"), *looks((200, 59), who="u")]
    assert not_now(LIMITS, together, "w", NOON) is None
    together += looks((100, 1), who="v")
    assert not_now(LIMITS, together, "w", NOON) == NotNow(Why.BUDGET)


def test_items_are_counted_for_each() -> None:
    mine = looks(*[(200 - number, 0) for number in range(40)])
    assert not_now(LIMITS, mine, "w", NOON) == NotNow(Why.ITEMS)
    assert not_now(LIMITS, mine[1:], "w", NOON) is None
    assert not_now(LIMITS, mine, "v", NOON) is None


def test_half_an_hour_in_a_row_asks_for_a_pause() -> None:
    mine = looks((35, 10), (24, 10), (13, 8))
    assert not_now(LIMITS, mine, "w", NOON) == NotNow(Why.PAUSE, NOON + 10 * MINUTE)
    assert not_now(LIMITS, mine, "v", NOON) is None
    assert not_now(LIMITS, mine, "w", NOON + 10 * MINUTE) is None


def test_a_pause_in_between_begins_anew() -> None:
    assert not_now(LIMITS, looks((60, 20), (25, 20)), "w", NOON) is None
    assert not_now(LIMITS, looks((60, 20), (26, 20)), "w", NOON) == NotNow(Why.PAUSE, NOON + 9 * MINUTE)


def test_short_gaps_are_no_pause_and_order_does_not_matter() -> None:
    mine = looks((44, 1), (30, 1), (15, 1), (1, 1))
    assert not_now(LIMITS, mine[::-1], "w", NOON) == NotNow(Why.PAUSE, NOON + 15 * MINUTE)


def test_minutes_in_a_row_go_on_over_midnight_and_the_day_begins_anew() -> None:
    late = NOON.replace(hour=0, minute=10)
    always = replace(LIMITS, from_hour=0, to_hour=24)
    night = [Span("w", late - 31 * MINUTE, late - 11 * MINUTE), Span("w", late - 10 * MINUTE, late)]
    assert not_now(always, night, "w", late) == NotNow(Why.PAUSE, late + 15 * MINUTE)
    assert not_now(always, night[1:], "w", late) is None
    evening = [Span("w", late - 5 * 60 * MINUTE, late - 3 * 60 * MINUTE)]
    assert not_now(replace(always, items_a_day=2), [*evening, *night[1:]], "w", late) is None
    spent = replace(always, minutes_a_day=11)
    assert not_now(spent, evening, "w", late) is None
    assert not_now(spent, [Span("v", late - 11 * MINUTE, late), *evening], "w", late) is None
    assert not_now(spent, [Span("v", late, late + 11 * MINUTE), *evening], "w", late) == NotNow(Why.BUDGET)


def test_a_stretch_that_still_matters_began_within_reach() -> None:
    assert reach(LIMITS) == 60 * MINUTE
