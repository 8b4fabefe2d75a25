"""Kill -9 while links, mandates, accounts and break-glass change: all of it happened, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luwte.desk.telling.access import ACCESS_POINTS
from tests.faults.conftest import Desk
from tests.support.people_acts import NAMES


def test_an_act_that_was_cut_off_did_not_happen_and_happens_once(new_desk: Callable[[], Desk]) -> None:
    """Killed at each act that it records. Each time all is found as it was before, in tables and records."""
    desk = new_desk()
    given, before = desk.run("people-ready", {"person": desk.people["email"]}, "people-stand", {})
    for name in NAMES:
        passage = 1
        while desk.killed(*_act(name, given, before), fault=f"audit.recorded:{passage}"):
            passage += 1
        (found,) = desk.run("people-stand", {})
        assert found["problems"] == []
        assert sum(found["acts"].values()) - sum(before["acts"].values()) == passage - 1 > 0, name
        assert found | {"acts": 0} != before | {"acts": 0}, f"{name}: nothing was done"
        before = found


def _act(name: str, given: dict[str, Any], before: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "people-do", {"act": name, "given": given, "before": before}


@pytest.mark.parametrize("fault", ["access.noticed", "audit.recorded:2"])
def test_somebody_who_was_to_be_opened_is_told_of_it_once(new_desk: Callable[[], Desk], fault: str) -> None:
    """The notice is in one database, the opening in the other: cut off between them, it was not opened."""
    assert set(ACCESS_POINTS) == {"access.noticed"}
    desk = new_desk()
    (given,) = desk.run("people-ready", {"person": desk.people["email"]})
    request = {"request": given["glass"]}
    opens = "glass-open", request
    _, before = desk.run("glass-approve", request, "people-stand", {})
    assert desk.killed(*opens, fault=fault)
    (half,) = desk.run("people-stand", {})
    assert half["problems"] == []
    assert (half["notices"], half["glass"]) == (1, before["glass"])
    assert half["acts"]["vault"] == before["acts"]["vault"]
    name, after = desk.run(*opens, "people-stand", {})
    assert (name, after["notices"]) == ("email", 1)
    assert after["glass"] != before["glass"]
    assert after["acts"]["vault"] == before["acts"]["vault"] + 1
