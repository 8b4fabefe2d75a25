"""Several processes at once: no send after a withdrawal was committed, and nothing sent twice."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from typing import Any

from luwte.desk.vault.coming_in import IN_A_ROW
from tests.faults.conftest import Desk

PEOPLE = 40


def lines(desk: Desk) -> list[dict[str, Any]]:
    """Return what the channel wrote."""
    return [json.loads(line) for line in desk.mails.read_text().splitlines()]


def test_no_send_after_a_withdrawal(new_desk: Callable[[], Desk]) -> None:
    """A race that one side won outright shows nothing, and is run again: up to five times."""
    assert any(0 < _race(new_desk()) < PEOPLE for _ in range(5))


def _race(desk: Desk) -> int:
    """Withdraw for everyone while an outbox hands over; return how many were sent, none after its end."""
    people: dict[str, str] = desk.run("crowd", {"people": PEOPLE})[0]
    order = sorted(people)
    random.Random(7).shuffle(order)
    hand = desk.start("hand", {"mails": str(desk.mails), "wait": 0.01, "pause": 0.1})
    values = {"people": [people[name] for name in order], "mails": str(desk.mails)}
    (committed,) = desk.run("withdraw-all", values)
    _, error = hand.communicate(timeout=120)
    assert hand.returncode == 0, error
    ended = dict(zip(order, committed, strict=True))
    begun = {line["sending"].partition("@")[0]: line["at"] for line in lines(desk) if "sending" in line}
    sent = {line["sent"].partition("@")[0]: line["at"] for line in desk.sent()}
    assert begun.keys() == sent.keys()
    assert all(sent[name] < ended[name] for name in sent)
    return len(sent)


def test_two_outboxes_send_nothing_twice(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    people: dict[str, str] = desk.run("crowd", {"people": PEOPLE})[0]
    both = [desk.start("hand", {"mails": str(desk.mails), "wait": 0}) for _ in range(2)]
    leased = 0
    for process in both:
        out, error = process.communicate(timeout=120)
        assert process.returncode == 0, error
        leased += json.loads(out)[0]
    assert leased == PEOPLE
    assert sorted(line["sent"] for line in desk.sent()) == sorted(f"{name}@example.org" for name in people)


def test_two_processes_with_the_same_recovery_codes_get_one_visit_for_each(
    new_desk: Callable[[], Desk],
) -> None:
    """So few that whoever comes second does not shut the number by trying what was used."""
    desk = new_desk()
    (given,) = desk.run("people-ready", {"person": desk.people["email"]})
    codes = given["recovery"][: IN_A_ROW - 1]
    values = {"number": given["number"], "codes": codes, "begin": time.time() + 6, "pause": 0.5}
    both = [desk.start("come-in", values) for _ in range(2)]
    entered = []
    for process in both:
        out, error = process.communicate(timeout=120)
        assert process.returncode == 0, error
        entered.append(json.loads(out)[0])
    assert sum(entered) == len(codes), entered
