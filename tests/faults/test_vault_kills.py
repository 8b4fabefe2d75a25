"""Kill -9 while people are added, changed and erased, and while the ring is rotated, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luwte.desk.vault.rotation import ROTATION_POINTS
from luwte.desk.vault.services import VAULT_POINTS
from tests.faults.conftest import Desk

KILLED_HERE = {
    "vault.added",
    "vault.changed",
    "vault.erased",
    "vault.listed",
    "vault.punctured",
    "keys.made",
    "keys.rewrapped",
    "keys.retired",
}
PEOPLE = 6


def test_every_point_is_killed_at() -> None:
    assert {*VAULT_POINTS, *ROTATION_POINTS} == KILLED_HERE


def _now(desk: Desk, people: int = PEOPLE) -> dict[str, Any]:
    """What the vault holds, which always opens, is found, and is on record."""
    found: dict[str, Any] = desk.run("vault-now", {})[0]
    assert found["problems"] == []
    assert found["found"]
    assert len(found["people"]) == people
    assert found["acts"]["vault.person-added"] == found["rows"]
    assert found["acts"]["vault.erased"] == len(found["erased"])
    return found


@pytest.mark.parametrize("point", ["vault.added", "audit.recorded"])
def test_someone_who_is_added_half_is_not_there(new_desk: Callable[[], Desk], point: str) -> None:
    desk = new_desk()
    assert desk.killed("vault-add", {"name": "new"}, fault=point)
    _now(desk)
    desk.run("vault-add", {"name": "new"})
    _now(desk, PEOPLE + 1)


@pytest.mark.parametrize("point", ["vault.changed", "audit.recorded"])
def test_a_change_that_was_cut_off_leaves_the_old_address(new_desk: Callable[[], Desk], point: str) -> None:
    desk = new_desk()
    noor, act = desk.people["email"], "vault-change"
    values = {"person": noor, "email": "new@example.org"}
    assert desk.killed(act, values, fault=point)
    before = _now(desk)
    assert (before["people"][noor], before["acts"]["vault.address-changed"]) == ("email@example.org", 0)
    desk.run(act, values)
    after = _now(desk)
    assert (after["people"][noor], after["acts"]["vault.address-changed"]) == ("new@example.org", 1)


@pytest.mark.parametrize(
    ("point", "gone", "listed"),
    [
        ("vault.erased", False, False),
        ("vault.listed", True, True),
        ("vault.punctured", True, True),
    ],
)
def test_an_erasure_that_was_cut_off_goes_on_and_reaches_the_backup(
    new_desk: Callable[[], Desk], point: str, gone: bool, listed: bool
) -> None:
    desk = new_desk()
    noor, other = desk.people["email"], desk.people["portal"]
    backup, others = desk.run("vault-keys", {"person": noor}, "vault-keys", {"person": other})
    assert desk.killed("vault-erase", {"person": noor}, fault=point)
    half = _now(desk, PEOPLE - gone)
    assert (noor in half["erased"], noor in half["listed"]) == (gone, listed)
    if gone:
        assert desk.run("vault-applied", {}) == [[0, 1, 0]]
    else:
        assert desk.run("vault-erase", {"person": noor}) == [True]
    assert _now(desk, PEOPLE - 1)["listed"] == [noor]
    answers = desk.run(
        "vault-opens",
        {"person": noor, "backup": backup},
        "vault-opens",
        {"person": other, "backup": others},
        "vault-applied",
        {},
    )
    assert answers == [False, True, [0, 0, 0]]


@pytest.mark.parametrize(
    ("fault", "left", "new"),
    [
        ("keys.made", PEOPLE, False),
        ("keys.rewrapped", PEOPLE - 2, False),
        ("keys.rewrapped:2", PEOPLE - 4, False),
        ("audit.recorded", PEOPLE, False),
        ("audit.recorded:3", PEOPLE, False),
        ("keys.rewrapped:3", 0, True),
    ],
)
def test_a_rotation_that_was_cut_off_loses_nobody_and_goes_on(
    new_desk: Callable[[], Desk], fault: str, left: int, new: bool
) -> None:
    desk = new_desk()
    assert desk.killed("vault-rotate", {"step": 2}, fault=fault)
    assert _now(desk)["waiting"] == left
    done = desk.run("vault-rotate", {"step": 2})[0]
    assert (done["new"], done["people"]) == (new, left or PEOPLE)
    assert _now(desk)["waiting"] == 0


def test_old_keys_that_were_dropped_when_the_process_died_are_dropped(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    desk.run("vault-rotate", {"step": 100})
    assert desk.killed("vault-retire", {}, fault="keys.retired")
    assert _now(desk)["keys"] == 1
    assert desk.run("vault-retire", {}) == [[]]
    _now(desk)


def test_two_rotations_at_once_lose_nobody(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    both = [desk.start("vault-rotate", {"step": 1}) for _ in range(2)]
    answers = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    assert _now(desk)["waiting"] == 0


def test_a_rotation_beside_changes_and_an_erasure(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    noor, other = desk.people["email"], desk.people["portal"]
    changes = [("vault-change", {"person": noor, "email": f"n{number}@example.org"}) for number in range(8)]
    every = [
        desk.start("vault-rotate", {"step": 1}),
        desk.start(*[word for change in changes for word in change]),
        desk.start("vault-erase", {"person": other}),
    ]
    answers = [process.communicate(timeout=120) for process in every]
    assert [process.returncode for process in every] == [0, 0, 0], answers
    desk.run("vault-rotate", {"step": 1})
    found = _now(desk, PEOPLE - 1)
    assert (found["people"][noor], found["waiting"]) == ("n7@example.org", 0)
