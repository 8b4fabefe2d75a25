"""Kill -9 while somebody who asked for it is erased: the next round makes it whole, and once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from luwte.desk.telling.leaving import LEAVING_POINTS
from luwte.desk.vault.erased import ERASURE_POINTS
from tests.faults.conftest import Desk


@pytest.mark.parametrize("fault", [*LEAVING_POINTS, *ERASURE_POINTS])
def test_the_next_round_makes_it_whole(new_desk: Callable[[], Desk], fault: str) -> None:
    desk = new_desk()
    noor = desk.people["email"]
    desk.run("leave", {"person": noor})
    assert desk.killed("erase-due", {}, fault=fault)
    assert desk.run("erase-due", {}) == [1]
    (found,) = desk.run("vault-now", {})
    assert found["problems"] == []
    assert (noor in found["erased"], noor in found["listed"]) == (True, True)
    assert found["acts"]["vault.erased"] == 1
    assert desk.run("vault-applied", {}, "erase-due", {}) == [[0, 0, 0], 0]
