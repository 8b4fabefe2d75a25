"""Kill -9 while a coverage statement is made: it is recorded and kept, or neither."""

from __future__ import annotations

from collections.abc import Callable

from luwte.desk.telling.stating import STATING_POINTS
from tests.faults.conftest import Desk


def test_a_statement_is_recorded_and_kept_or_neither(new_desk: Callable[[], Desk]) -> None:
    assert set(STATING_POINTS) == {"coverage.stated"}
    desk = new_desk()
    desk.run("intake", {}, "checkpoint", {})
    for fault in ("coverage.stated", "audit.recorded"):
        assert desk.killed("state", {}, fault=fault)
        found, counts = desk.run("audited", {}, "stated", {})
        assert (found["problems"], counts) == ([], [0, 0])
    one, again, counts = desk.run("state", {}, "state", {}, "stated", {})
    assert one == again
    assert counts == [1, 1]
