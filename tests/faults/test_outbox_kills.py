"""Kill -9 between each two steps of telling and of intake, then start again: nothing lost or repeated."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest

from luwte.desk.findings.services import FAULT_POINTS as INTAKE_POINTS
from luwte.desk.telling.outbox import FAULT_POINTS as OUTBOX_POINTS
from luwte.desk.telling.planner import FAULT_POINTS as PLANNER_POINTS
from tests.faults.conftest import Desk

NewDesk = Callable[[], Desk]

# Between the mark that a hand-over begins and the record of its end, nobody can know whether an e-mail left.
NOBODY_KNOWS = {"telling.begun", "telling.checked", "telling.sent", "telling.receipt"}
ARRIVED = {"telling.sent", "telling.receipt"}


@pytest.mark.parametrize("point", [*PLANNER_POINTS, *OUTBOX_POINTS])
def test_kill_while_telling(new_desk: NewDesk, point: str) -> None:
    left_to_human = 0
    for passage in (1, 2):
        desk = new_desk()
        killed = _tell_and_die(desk, f"{point}:{passage}")
        assert killed or passage == 2
        state = _restart(desk)
        left_to_human += _check_email(desk, state["email"], point)
        assert state["portal"]["states"] == ["done"]
        assert state["portal"]["messages"] == 1
        _check_nobody_else(desk, state)
    assert left_to_human == (point in NOBODY_KNOWS)


def _tell_and_die(desk: Desk, fault: str) -> bool:
    values = {"mails": str(desk.mails), "hours": 1, "withdraw": desk.people["withdrawn"]}
    return desk.killed("intake", {}, "tell", values, fault=fault)


def _restart(desk: Desk) -> dict[str, Any]:
    """Two more rounds, after the lease has ended, and a look at everyone."""
    withdrawn = {"person": desk.people["withdrawn"], "hours": 2}
    again = [{"mails": str(desk.mails), "hours": hours} for hours in (3, 4)]
    looks = [word for person in desk.people.values() for word in ("look", {"person": person, "hours": 5})]
    answers = desk.run("withdraw", withdrawn, "tell", again[0], "tell", again[1], *looks)
    return dict(zip(desk.people, answers[3:], strict=True))


def _check_email(desk: Desk, state: dict[str, Any], point: str) -> bool:
    """Sent once and done; or, where nobody can know, never again and on a human's list."""
    sent = [line for line in desk.sent() if line["sent"] == "email@example.org"]
    if state["states"] == ["done"]:
        assert len(sent) == 1
        assert state["tasks"] == []
        assert state["messages"] == 1
        return False
    assert point in NOBODY_KNOWS
    assert state["states"] == ["unknown"]
    assert state["tasks"] == ["unknown_outcome"]
    assert len(sent) == (point in ARRIVED)
    assert state["messages"] == 1
    return True


def _check_nobody_else(desk: Desk, state: dict[str, Any]) -> None:
    assert {line["sent"] for line in desk.sent()} <= {"email@example.org"}
    reasons = {
        "refused": "not_wanted",
        "withdrawn": "not_wanted",
        "near": "not_confirmed",
        "unasked": "never_asked",
    }
    for name, reason in reasons.items():
        assert state[name]["reasons"] == [reason], name
        assert state[name]["recorded"] == [reason], name
        assert state[name]["messages"] == 0
        assert set(state[name]["states"]) <= {"withheld"}
    assert all(found["findings"] == 1 for found in state.values())


@pytest.mark.parametrize("point", INTAKE_POINTS)
def test_kill_while_taking_in(new_desk: NewDesk, point: str) -> None:
    desk = new_desk()
    assert desk.killed("intake", {}, fault=point)
    between, again, twice = desk.run("register", {}, "intake", {}, "intake", {})
    whole = {"cases": 1, "receipts": 1, "series": 7, "findings": 6, "remembered": 6}
    done = point == "intake.done"
    assert between == (whole if done else dict.fromkeys(whole, 0))
    assert again == {"new": not done} | whole
    assert twice == {"new": False} | whole


def test_wish_withdrawn_between_planning_and_hand_over(new_desk: NewDesk) -> None:
    desk = new_desk()
    tell = {"mails": str(desk.mails), "hours": 1, "withdraw": desk.people["email"]}
    state = desk.run("intake", {}, "tell", tell, "look", {"person": desk.people["email"], "hours": 2})[2]
    assert "email@example.org" not in {line["sent"] for line in desk.sent()}
    assert state["states"] == ["withheld"]
    assert state["recorded"] == ["not_wanted"]
    assert state["messages"] == 0


def test_withdrawal_waits_for_a_hand_over_that_has_begun(new_desk: NewDesk) -> None:
    """The send is slow; the withdrawal comes during it, and is committed only when the send is over."""
    desk = new_desk()
    desk.run("intake", {})
    telling = desk.start("tell", {"mails": str(desk.mails), "hours": 1, "wait": 1.0})
    name = "withdrawn" if "withdrawn@" in _first_line(desk, telling) else "email"
    committed = desk.run("withdraw", {"person": desk.people[name], "hours": 1})[0]
    _, error = telling.communicate(timeout=60)
    assert telling.returncode == 0, error
    sent = [line for line in desk.sent() if line["sent"] == f"{name}@example.org"]
    assert len(sent) == 1
    assert sent[0]["at"] < committed


def _first_line(desk: Desk, telling: subprocess.Popen[str]) -> str:
    """Wait until the first e-mail begins to leave."""
    while not desk.mails.exists() or "\n" not in desk.mails.read_text():
        assert telling.poll() is None, "it ended before it sent anything"
        time.sleep(0.01)
    return desk.mails.read_text().splitlines()[0]
