"""Kill -9 in the middle of a review of the register: all of it happened, or nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from luwte.desk.findings.services import REVIEW_POINTS
from tests.faults.conftest import Desk

ACTS = {"intake.unlinked": "unlink", "intake.reviewed": "release", "intake.settled": "settle"}
BEFORE = {"verdicts": [""], "links": 1, "files": [[0, 3]], "confirmed": 0}
AFTER = {
    "unlink": BEFORE | {"links": 0, "files": [[0, 0]]},
    "release": BEFORE | {"verdicts": ["released"], "files": [[3, 0]]},
    "settle": BEFORE | {"confirmed": 1},
}


def test_every_point_has_its_act() -> None:
    assert set(ACTS) == set(REVIEW_POINTS)


@pytest.mark.parametrize("point", REVIEW_POINTS)
def test_kill_while_reviewing(new_desk: Callable[[], Desk], point: str) -> None:
    desk = new_desk()
    values = {"act": ACTS[point], "person": desk.people["portal"]}
    assert desk.killed("flood", {}, "review", values, fault=point)
    before, _, after = desk.run("counts", {}, "review", values, "counts", {})
    assert before == BEFORE
    assert after == AFTER[ACTS[point]]
