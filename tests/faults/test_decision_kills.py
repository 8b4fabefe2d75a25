"""Kill -9 while a reviewer decides or an entry is judged: all of it happened, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luwte.desk.findings.lists import LIST_POINTS
from luwte.desk.review.proposals import PROPOSAL_POINTS
from luwte.desk.review.services import REVIEW_POINTS
from tests.faults.conftest import Desk

START = {
    "answers": ["confirmed"],
    "outcome": "",
    "files": [[1, 0, 0], [0, 0, 0]],
    "held": [],
    "foreign": [0, 0],
    "proposed": [],
}
TAKEN = START | {"answers": ["", "confirmed"]}
DECIDED = START | {"answers": ["confirmed"] * 2, "outcome": "confirmed", "files": [[1, 2, 0], [2, 0, 0]]}
UNDONE = START | {"answers": []}
HELD = {"files": [[0, 0, 1], [0, 0, 0]]}
WITHDRAWN = START | HELD | {"held": ["withdrawal"]}
# For each point: the acts before, the act that is killed, what stands then, and after doing it once more.
ACTS: dict[str, tuple[list[str], str, dict[str, Any], dict[str, Any]]] = {
    "review.given": ([], "take", START, TAKEN),
    "review.answered": ([], "answer", TAKEN, DECIDED),
    "review.decided": ([], "answer", TAKEN, DECIDED),
    "review.undone": (["answer"], "undo", DECIDED, UNDONE),
    "lists.disputed": ([], "dispute", START, START | HELD | {"held": ["dispute"]}),
    "lists.withdrawn": ([], "withdraw", START, WITHDRAWN),
    "lists.declared": ([], "declare", START, START | HELD | {"foreign": [1, 1]}),
    "proposal.asked": ([], "propose", START, START | {"proposed": [""]}),
    "proposal.approved": (
        ["propose"],
        "approve",
        START | {"proposed": [""]},
        WITHDRAWN | {"proposed": ["done"]},
    ),
}


def test_every_point_has_its_act() -> None:
    assert set(ACTS) == {*REVIEW_POINTS, *LIST_POINTS, *PROPOSAL_POINTS}


@pytest.mark.parametrize("point", ACTS)
def test_kill_while_deciding(new_desk: Callable[[], Desk], point: str) -> None:
    before, act, between, after = ACTS[point]
    desk = new_desk()
    desk.run("clusters", {}, *[word for one in before for word in ("judge", {"act": one})])
    assert desk.killed("judge", {"act": act}, fault=point)
    found = desk.run("judged", {}, "judge", {"act": act}, "judged", {})
    assert (found[0], found[2]) == (between, after)
