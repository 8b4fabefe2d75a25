"""Kill -9 between each two steps of an alert of safety: it still reaches the person, until they confirm."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from luwte.desk.telling.safety_outbox import FAULT_POINTS
from tests.faults.conftest import Desk

ARRIVED = {"safety.sent", "safety.record", "safety.recorded"}


@pytest.mark.parametrize("point", FAULT_POINTS)
def test_kill_while_alerting(new_desk: Callable[[], Desk], point: str) -> None:
    desk = new_desk()
    person = desk.people["refused"]
    desk.run("alert", {"person": person})
    tell = [{"mails": str(desk.mails), "hours": hours} for hours in (1, 2, 3, 4)]
    assert desk.killed("tell", tell[0], fault=point)
    assert len(desk.sent()) == (point in ARRIVED)
    look = {"person": person, "confirm": False, "hours": 3}
    state = desk.run("tell", tell[1], "tell", tell[2], "alerted", look)[2]
    sent = desk.sent()
    assert state["state"] == "open"
    assert len(sent) == 2 + (point in ARRIVED)
    assert len({line["key"] for line in sent}) == len(sent)
    assert state["tasks"] == (point != "safety.begin")
    state = desk.run("alerted", look | {"confirm": True}, "tell", tell[3])[0]
    assert (state["state"], state["tasks"]) == ("confirmed", 0)
    assert len(desk.sent()) == len(sent)
