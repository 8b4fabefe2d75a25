"""Kill -9 in the middle of an act of money: all of it, once, or nothing; two at once pay nothing twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from luwte.desk.money.payouts import PAYOUT_POINTS
from luwte.desk.money.services import MONEY_POINTS
from tests.faults.conftest import Desk

START: dict[str, Any] = {
    "losses": 0, "awards": [[1_000, 0]], "ceiling": [[1_500, 0]], "payouts": [["", 0]], "payments": [],
}  # fmt: skip
RECEIVED = START | {"awards": [[1_000, 600]], "ceiling": [[1_500, 600]], "payments": [[600, 0]]}
APPROVED = START | {"payouts": [["approved", 0]]}
PAID = START | {"payouts": [["approved", 400]], "payments": [[400, 0]]}
# For each point: the acts before, the act that is killed, what stands then, and after doing it once more.
ACTS: dict[str, tuple[list[str], str, dict[str, Any], dict[str, Any]]] = {
    "money.lost": ([], "lose", START, START | {"losses": 1}),
    "money.awarded": ([], "award", START, START | {"awards": [[1_000, 0], [1_000, 0]]}),
    "money.received": ([], "receive", START, RECEIVED),
    "money.taken-back": (["receive"], "take back", RECEIVED, START | {"payments": [[-600, 0], [600, 0]]}),
    "payout.asked": ([], "ask the fund", START, START | {"payouts": [["", 0], ["", 0]]}),
    "payout.decided": ([], "decide", START, APPROVED),
    "payout.paid": (["decide"], "pay", APPROVED, PAID),
}


def test_every_point_has_its_act() -> None:
    assert set(ACTS) == {*MONEY_POINTS, *PAYOUT_POINTS}


@pytest.mark.parametrize("point", ACTS)
def test_kill_while_money_is_written_down(new_desk: Callable[[], Desk], point: str) -> None:
    before, act, between, after = ACTS[point]
    desk = new_desk()
    (ids,) = desk.run("owed", {})
    for one in before:
        desk.run("settle", {"act": one, **ids})
    assert desk.killed("settle", {"act": act, **ids}, fault=point)
    found = desk.run("settled", {}, "settle", {"act": act, **ids}, "settled", {})
    assert (found[0], found[2]) == (between, after)


def together(desk: Desk, act: str, times: int, **ids: str) -> list[str]:
    """Let two processes do an act so often each, at once; return what was refused."""
    both = [
        desk.start("settle-many", {"act": act, "times": times, "first": first, **ids})
        for first in (100, 100 + times)
    ]
    refused: list[str] = []
    for process in both:
        out, error = process.communicate(timeout=120)
        assert process.returncode == 0, error
        refused += json.loads(out)[0]
    return refused


def test_two_at_once_pay_no_more_than_was_awarded(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    (ids,) = desk.run("owed", {})
    assert together(desk, "receive", 4, **ids) == []
    (found,) = desk.run("settled", {})
    assert found["awards"] == [[1_000, 1_000]]
    assert found["ceiling"] == [[1_500, 1_000]]
    assert sum(principal for principal, _ in found["payments"]) == 1_000
    assert sum(surplus for _, surplus in found["payments"]) == 8 * 600 - 1_000


def test_two_at_once_claim_what_is_paid_once_only_once(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    assert together(desk, "ask", 4) == ["PayoutImpossible"] * 7
    (found,) = desk.run("settled", {})
    assert found["payouts"] == [["", 0]]
