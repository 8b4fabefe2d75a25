"""A calculator that nothing catches proves nothing: each bug planted here makes the two disagree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from luwte.desk.cases.vocabulary import Fact
from luwte.desk.rights import days, engine, holders, moments, told, using
from luwte.desk.rights.days import Unit
from luwte.desk.rights.moments import End
from luwte.desk.rights.told import Found
from tests.support.agreeing import both

HISTORIES = 1500
LATER, BIRTHDAY, OPENS = days.later, days.birthday, moments.opens


def a_day_more(day: date, count: int, unit: Unit) -> date:
    return LATER(day, count, unit) + timedelta(days=unit == Unit.DAYS and count > 0)


def thirty_days_a_month(day: date, count: int, unit: Unit) -> date:
    return day + timedelta(days=30 * count) if unit == Unit.MONTHS else LATER(day, count, unit)


def a_year_late(born: date, age: int, *, leap_early: bool) -> date:
    return BIRTHDAY(born, age + 1, leap_early=leap_early)


def early_in_leap_years(born: date, age: int, *, leap_early: bool) -> date:
    return BIRTHDAY(born, age, leap_early=True)


def nothing_superseded(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    return facts


def never_closed(end: End, closing: Found | None) -> End:
    return end


def a_day_early(*given: Any) -> Any:
    found = OPENS(*given)
    return Found(found.day - timedelta(days=1), found.facts) if found else None


PLANTED: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "the day that sets a term going counts": (moments, "later", a_day_more),
    "a month has thirty days": (moments, "later", thirty_days_a_month),
    "a birthday comes a year late": (holders, "birthday", a_year_late),
    "who was born on 29 February is older on the 28th": (holders, "birthday", early_in_leap_years),
    "what was corrected still stands": (told, "standing", nothing_superseded),
    "a step closes nothing": (engine, "shut", never_closed),
    "a right opens a day early": (engine, "opens", a_day_early),
    "nothing is ever too late": (using, "_in_time", lambda right, day: True),
    "any charge will do": (engine, "_charge_fits", lambda rule, scope: True),
    "a detail that was told does not count": (engine, "_said", lambda rule, fact: True),
    "any hearing is foreseen": (moments, "_may_hold", lambda hearing, scope, opened: hearing.day is not None),
}


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_makes_the_calculators_disagree(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, wrong = PLANTED[bug]
    assert hasattr(module, name)
    monkeypatch.setattr(module, name, wrong)
    assert any(_disagree(seed) for seed in range(HISTORIES))


def test_without_one_they_agree_on_the_same_histories() -> None:
    assert not any(_disagree(seed) for seed in range(100))


def _disagree(seed: int) -> bool:
    try:
        found, wanted = both(seed)
    except AssertionError:
        return True
    return found != wanted
