"""Kill -9 while machines deliver, and while they are told: nothing double, nothing lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from luwte.desk.api.outbox import HOOK_POINTS
from luwte.desk.api.repeats import REPEAT_POINTS
from luwte.desk.findings.services import FAULT_POINTS as INTAKE_POINTS
from luwte.desk.telling.announced import ANNOUNCED_POINTS
from tests.faults.conftest import Desk
from tests.support.receiver import receiving

ONE = {"notices": 1, "deliveries": 1, "acts": 1, "answered": 1, "reserved": 0}
SOON, LATER = 1, 6
"""Minutes: within the lease of a request that died, and after it."""


@pytest.mark.parametrize("fault", [*REPEAT_POINTS, INTAKE_POINTS[3], "audit.recorded"])
def test_a_delivery_that_died_is_done_once_when_it_comes_again(
    new_desk: Callable[[], Desk], fault: str
) -> None:
    desk = new_desk()
    client = desk.run("machine", {})[0]
    given = {"client": client, "minutes": 0}
    assert desk.killed("deliver", given, fault=fault)
    kept = fault == "api.kept"
    (soon, _), (status, document), found = desk.run(
        "deliver", given | {"minutes": SOON}, "deliver", given | {"minutes": LATER}, "delivered", {}
    )
    assert soon == (201 if kept else 409)
    assert (status, document["state"]) == (201, "registered")
    assert (found["reports"], found["findings"]) == (1, 3)
    assert {name: found[name] for name in ONE} == ONE


def test_without_a_key_a_delivery_that_died_leaves_nothing(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    given = {"client": desk.run("machine", {})[0], "minutes": 0, "key": None}
    assert desk.killed("announce", given, fault="audit.recorded")
    found, (status, _), after = desk.run("delivered", {}, "announce", given, "delivered", {})
    assert not any(found.values())
    assert (status, after["announced"], after["notices"]) == (201, 1, 1)


@pytest.mark.parametrize("fault", [*ANNOUNCED_POINTS, "audit.recorded"])
def test_whom_an_event_is_about_is_found_once(new_desk: Callable[[], Desk], fault: str) -> None:
    """Of six people three have a finding in the case, and the round that died is done again."""
    desk = new_desk()
    client = desk.run("machine", {})[0]
    desk.run(
        "deliver", {"client": client, "minutes": 0}, "announce", {"client": client, "minutes": 0, "key": None}
    )
    assert desk.killed("spread", {}, fault=fault)
    _, again, found = desk.run("spread", {}, "spread", {}, "delivered", {})
    assert (again, found["events"]) == (0, 3)


@pytest.mark.parametrize("fault", HOOK_POINTS)
def test_a_notice_reaches_its_receiver_at_least_once(new_desk: Callable[[], Desk], fault: str) -> None:
    """Again only where it left and nobody knows that it arrived: then under the same id."""
    desk = new_desk()
    client = desk.run("machine", {})[0]
    with receiving() as receiver:
        desk.run("hook", {"client": client, "address": receiver.url})
        desk.run(
            "announce",
            {"client": client, "minutes": 0},
            "deliver",
            {"client": client, "minutes": 0, "key": None},
        )
        assert desk.killed("send", {"minutes": 0}, fault=fault)
        soon, later, over = desk.run(
            "send", {"minutes": SOON}, "send", {"minutes": LATER}, "send", {"minutes": 60}
        )
        ids = [headers["webhook-id"] for headers, _ in receiver.taken]
    assert (soon, over) == (0, 0)
    assert later == {"hook.leased": 2, "hook.sent": 2, "hook.recorded": 1}[fault]
    assert len(set(ids)) == 2
    assert len(ids) == (3 if fault == "hook.sent" else 2)
    assert ids[0] == ids[-2] if fault == "hook.sent" else ids[0] != ids[1]


def test_two_that_deliver_at_once_register_once(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    given = {"client": desk.run("machine", {})[0], "minutes": 0}
    both = [desk.start("deliver", given) for _ in range(2)]
    answers = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    assert desk.run("deliver", given, "delivered", {})[1] == {
        "reports": 1, "announced": 0, "findings": 3, "events": 0, **ONE,
    }  # fmt: skip
    assert all(out.startswith(("[[201", "[[409")) for out, _ in answers), answers


def test_two_senders_at_once_send_in_order_and_each_once(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    client = desk.run("machine", {})[0]
    with receiving() as receiver:
        desk.run("hook", {"client": client, "address": receiver.url})
        desk.run(
            "announce",
            {"client": client, "minutes": 0},
            "deliver",
            {"client": client, "minutes": 0, "key": None},
        )
        both = [desk.start("send", {"minutes": 0}) for _ in range(2)]
        answers = [process.communicate(timeout=120) for process in both]
        assert [process.returncode for process in both] == [0, 0], answers
        assert len(receiver.taken) == 2
