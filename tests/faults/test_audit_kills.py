"""Kill -9 while an act is recorded, gets its place, or is signed: the log says what the tables say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luwte.desk.audit.log import AUDIT_POINTS
from tests.faults.conftest import Desk

KILLED_HERE = {"audit.recorded", "audit.placed", "audit.checkpoint"}


def test_every_point_is_killed_at() -> None:
    assert set(AUDIT_POINTS) == KILLED_HERE


def _tell(desk: Desk, hours: int = 1) -> tuple[str, dict[str, Any]]:
    return "tell", {"mails": str(desk.mails), "hours": hours}


def _agree(found: dict[str, Any]) -> None:
    assert found["problems"] == []
    assert found["acts"] == found["rows"]
    assert found["placed"] + found["waiting"] == found["leaves"]


@pytest.mark.parametrize("passage", range(1, 7))
def test_an_act_is_there_exactly_when_what_it_records_is(new_desk: Callable[[], Desk], passage: int) -> None:
    desk = new_desk()
    desk.killed("intake", {}, *_tell(desk), fault=f"audit.recorded:{passage}")
    _agree(desk.run("audited", {})[0])
    *_, found = desk.run("intake", {}, *_tell(desk, hours=3), "audited", {})
    _agree(found)
    assert min(found["acts"].values()) > 0


@pytest.mark.parametrize("point", ["audit.placed", "audit.checkpoint"])
def test_a_checkpoint_that_was_cut_off_is_made_again(new_desk: Callable[[], Desk], point: str) -> None:
    desk = new_desk()
    desk.run("intake", {}, *_tell(desk))
    assert desk.killed("checkpoint", {}, fault=point)
    between, note, after = desk.run("audited", {}, "checkpoint", {}, "audited", {})
    _agree(between)
    _agree(after)
    assert after["waiting"] == 0
    assert note.splitlines()[1] == str(after["placed"])


def test_what_is_recorded_while_the_log_is_checked_is_not_looked_at(new_desk: Callable[[], Desk]) -> None:
    found = new_desk().run("verified-meanwhile", {})[0]
    assert found["problems"] == []
    assert (found["waiting"], found["now"] - found["placed"]) == (0, 300)


def test_two_checkpoints_at_once_give_each_act_one_place(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    desk.run("intake", {}, *_tell(desk))
    both = [desk.start("checkpoint", {}) for _ in range(2)]
    answers = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    assert answers[0][0] == answers[1][0]
    _agree(desk.run("audited", {})[0])
