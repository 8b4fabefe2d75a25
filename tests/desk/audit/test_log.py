"""The log: what is recorded, gets its place, and cannot be changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from luwte.crypto import merkle
from luwte.crypto.merkle_several import check_several, several
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.log import WIDTH, Log, OutsideTransaction
from luwte.desk.audit.models import Leaf
from luwte.desk.vault.log import VAULT
from tests.support.audit import acts
from tests.support.desk import NOON

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
LOGS = pytest.mark.parametrize("log", [DESK, VAULT], ids=["desk", "vault"])


@LOGS
def test_an_act_waits_and_then_has_a_place(log: Log) -> None:
    acts(log, 3)
    assert (log.size(), log.waiting.objects.count()) == (0, 3)
    assert log.place_waiting() == 3
    assert (log.size(), log.waiting.objects.count()) == (3, 0)
    assert log.place_waiting() == 0


def test_a_leaf_says_who_did_what_about_what_and_when() -> None:
    with transaction.atomic():
        number = DESK.record(Act.DECIDED, NOON, by="telling", about="ab" * 16, outcome="told", count=2)
    body = json.loads(bytes(Leaf.objects.get(pk=number).content or b""))
    salt = body.pop("salt")
    assert body == {
        "act": "telling.decided", "at": NOON.isoformat(timespec="microseconds"), "by": "telling",
        "about": "ab" * 16, "details": {"outcome": "told", "count": 2},
    }  # fmt: skip
    assert len(bytes.fromhex(salt)) == 16


def test_two_leaves_of_one_act_have_two_hashes() -> None:
    acts(DESK, 1)
    acts(DESK, 1)
    assert Leaf.objects.values("hash").distinct().count() == 2


@pytest.mark.django_db(databases=["default", "vault"], transaction=True)
def test_an_act_is_only_recorded_with_what_it_records() -> None:
    with pytest.raises(OutsideTransaction):
        DESK.record(Act.DECIDED, NOON, by="telling")


def test_an_act_that_is_rolled_back_leaves_nothing() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        DESK.record(Act.DECIDED, NOON, by="telling")
        raise RuntimeError
    assert not Leaf.objects.exists()
    assert DESK.place_waiting() == 0


@pytest.mark.parametrize("steps", [[1], [WIDTH], [WIDTH + 1], [3, WIDTH, 2 * WIDTH + 5], [700]])
def test_the_tree_is_that_of_all_leaves_in_order(steps: list[int]) -> None:
    for step in steps:
        acts(DESK, step)
        DESK.place_waiting()
    hashes = [bytes(one) for one in Leaf.objects.order_by("id").values_list("hash", flat=True)]
    size = len(hashes)
    assert DESK.size() == size == sum(steps)
    assert DESK.root(size) == merkle.root_of(hashes)
    for place in (0, size // 2, size - 1):
        proof = several([place], size, DESK.subtree)
        check_several({place: hashes[place]}, size, proof, DESK.root(size))


@LOGS
@pytest.mark.parametrize("kind", ["leaf", "place", "tile", "checkpoint", "cosignature"])
def test_the_database_changes_and_deletes_no_row(log: Log, kind: str) -> None:
    model = getattr(log, kind)
    kinds: dict[str, dict[str, Any]] = {
        "leaf": {"at": NOON, "act": "a", "about": "", "hash": b"1" * 32, "content": b"x"},
        "place": {"place": 0, "leaf": 1}, "tile": {"level": 1, "number": 0, "hash": b"1" * 32},
        "checkpoint": {"size": 1, "root": b"1" * 32, "at": NOON, "note": "n"},
        "cosignature": {"size": 1, "witness": "w", "line": "l"},
    }  # fmt: skip
    values = kinds[kind]
    row = model.objects.create(**values)
    column = {"leaf": "about", "place": "leaf", "tile": "number", "checkpoint": "size", "cosignature": "size"}
    for change in (lambda: model.objects.filter(pk=row.pk).update(**{column[kind]: 7}), row.delete):
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic(log.using):
            change()
    assert model.objects.filter(**values).exists()


@LOGS
def test_the_content_of_a_leaf_may_be_forgotten_and_nothing_else_with_it(log: Log) -> None:
    acts(log, 1)
    with pytest.raises(DatabaseError), transaction.atomic(log.using):
        log.leaf.objects.update(content=None, act="other")
    with pytest.raises(DatabaseError), transaction.atomic(log.using):
        log.leaf.objects.update(content=b"{}")
    log.leaf.objects.update(content=None)
    assert log.leaf.objects.get().content is None


@pytest.mark.django_db(databases=["default", "vault"], transaction=True)
def test_a_test_may_leave_acts_behind() -> None:
    acts(DESK, 3)
    DESK.place_waiting()
