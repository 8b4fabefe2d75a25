"""Kill -9 while steps of cases come in and become events, and two at once: nothing double, nothing lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from luwte.desk.cases.register import STEP_POINTS
from luwte.desk.telling.steps import SPREAD_POINTS
from tests.faults.conftest import Desk

HELD = {"steps": 6, "standing": ["c1", "h1b", "m1", "j1", "r1"], "acts": 6}
EVENTS = {"events": 15, "alerts": 3}
"""Five events of each of three people who have a finding in the case."""


@pytest.mark.parametrize("fault", [*STEP_POINTS, "audit.recorded"])
def test_an_intake_that_died_is_done_once_when_it_comes_again(
    new_desk: Callable[[], Desk], fault: str
) -> None:
    desk = new_desk()
    assert desk.killed("steps", {}, fault=fault)
    before, _, after = desk.run("case-held", {}, "steps", {}, "case-held", {})
    assert before["steps"] == before["acts"], "a step and its record are there both, or neither"
    assert after | EVENTS == HELD | EVENTS


@pytest.mark.parametrize("fault", [*SPREAD_POINTS, "audit.recorded"])
def test_a_round_that_died_tells_each_once(new_desk: Callable[[], Desk], fault: str) -> None:
    desk = new_desk()
    desk.run("found", {}, "steps", {})
    assert desk.killed("spread-steps", {}, fault=fault)
    _, again, found = desk.run("spread-steps", {}, "spread-steps", {}, "case-held", {})
    assert again == 0
    assert {name: found[name] for name in EVENTS} == EVENTS


def test_two_at_once_keep_each_step_once(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    desk.run("found", {})
    both = [desk.start("steps", {"backwards": way, "rounds": 3}) for way in (False, True)]
    answers = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    rounds = [desk.start("spread-steps", {}) for _ in range(2)]
    answers = [process.communicate(timeout=120) for process in rounds]
    assert [process.returncode for process in rounds] == [0, 0], answers
    (found,) = desk.run("case-held", {})
    assert found == HELD | EVENTS


def test_two_that_close_a_circle_at_once_are_not_both_let_in(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    both = [
        desk.start("correct", {"reference": one, "corrects": other})
        for one, other in (("a", "b"), ("b", "a"))
    ]
    answers = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    assert sorted(out.strip() for out, _ in answers) == ["[false]", "[true]"]
