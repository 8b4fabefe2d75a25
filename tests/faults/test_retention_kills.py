"""Kill -9 while rows go whose term is over: each step is done and recorded, or neither, and goes on."""

from __future__ import annotations

from collections.abc import Callable

from luwte.desk.retention.taking import RETENTION_POINTS
from tests.faults.conftest import Desk

KILLED_HERE = {"retention.deleted", "retention.recorded", "retention.step"}
TOLD, ERASED = 3, 3
ALL_GONE = {"case": 0, "report": 0, "finding": 0, "contact": 0}


def test_every_point_is_killed_at() -> None:
    assert set(RETENTION_POINTS) == KILLED_HERE


def test_a_run_that_was_cut_off_goes_on(new_desk: Callable[[], Desk]) -> None:
    """Killed at the first step, at a later one, in the vault and while acts are forgotten."""
    desk = new_desk()
    _, finding, before = desk.run("intake", {}, "grow-old", {}, "gone", {"finding": ""})
    faults = ("retention.deleted", "retention.recorded", "retention.deleted:2", "retention.step")
    for fault in (*faults, "retention.recorded:4"):
        assert desk.killed("let-go", {}, fault=fault)
        half = desk.run("gone", {"finding": finding})[0]
        assert half["problems"] == []
        left = half["left"]
        assert left["case"] == left["report"] == left["contact"] // TOLD
        assert half["proven"] == (left["case"] == 0)
    _, done, rest, again = desk.run("let-go", {}, "gone", {"finding": finding}, "let-go", {}, "again", {})
    assert (done["problems"], done["proven"], done["marks"], rest, again) == ([], True, TOLD, 0, 0)
    assert done["left"] == ALL_GONE | {"person": before["left"]["person"] - 3}


def test_two_runs_at_once_do_each_step_once(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    _, finding = desk.run("intake", {}, "grow-old", {})
    both = [desk.start("let-go", {}) for _ in range(2)]
    answers = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    done = desk.run("gone", {"finding": finding})[0]
    assert (done["problems"], done["proven"]) == ([], True)
    assert {name: done["left"][name] for name in ALL_GONE} == ALL_GONE
