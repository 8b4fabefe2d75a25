"""What retention forgets of a record is named, bound and old enough; whatever else is empty shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import transaction

from luwte.crypto.identity import Identity
from luwte.desk.audit.acts import Act
from luwte.desk.audit.checking import verify
from luwte.desk.audit.checkpoints import checkpoint, signer
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.forgetting import LEAST, MOST, named
from luwte.desk.audit.models import Cleared, Leaf
from luwte.desk.retention.services import STEP
from luwte.desk.retention.table import shipped
from tests.support.audit import acts
from tests.support.desk import NOON
from tests.support.triggers import without_triggers

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
LATER = NOON + timedelta(days=3660)
BEFORE = NOON + timedelta(days=2)
SIGN = signer(Identity.generate(), DESK)


def forget(numbers: list[int], **changed: Any) -> int:
    """Forget acts as a step of retention does, but for what is `changed` in what it says; return its act."""
    leaves = Leaf.objects.filter(pk__in=numbers)
    digests = b"".join(sorted(sha256(str(number).encode()).digest()[:16] for number in numbers))
    said: dict[str, Any] = {"done": "forgotten", "rows": len(numbers), "before": BEFORE.isoformat()}
    said |= named(leaves) | {"digests": sha256(digests).hexdigest()} | changed
    now = said.pop("now", LATER)
    with transaction.atomic():
        leaves.update(content=None)
        number = DESK.record(Act.CLEARED, now, by="retention", **said)
        Cleared.objects.create(leaf=number, digests=digests)
    return number


def problems() -> tuple[str, ...]:
    """Return what is wrong with the record after its next checkpoint."""
    checkpoint(DESK, SIGN, LATER)
    return verify(DESK, SIGN.verifier).problems


@pytest.fixture
def numbers() -> list[int]:
    """The numbers of ten acts, of which a checkpoint was made."""
    acts(DESK, 10)
    checkpoint(DESK, SIGN, NOON)
    return list(Leaf.objects.order_by("id").values_list("id", flat=True))


def test_what_retention_forgot_is_no_change(numbers: list[int]) -> None:
    forget([*numbers[:3], numbers[5]])
    forget(numbers[3:5])
    assert verify(DESK, SIGN.verifier).problems == (), "also while the acts of the steps wait for a place"
    assert problems() == ()
    assert verify(DESK, SIGN.verifier).forgotten == 6


def test_the_act_names_what_it_forgot_in_few_words(numbers: list[int]) -> None:
    leaves = [Leaf(id=number, at=NOON) for number in (3, 4, 5, 9, 11, 12)]
    assert named(leaves)["leaves"] == "3-5,9,11-12"
    apart = [Leaf(id=number, at=NOON) for number in range(10**9, 10**9 + 2 * STEP, 2)]
    assert len(named(apart)["leaves"]) < 3_000, "the act holds it whatever the numbers are"
    assert STEP < MOST


def test_no_term_of_acts_is_shorter_than_what_verify_asks_for() -> None:
    for model in ("audit.Leaf", "vault.Leaf"):
        least = shipped()[model].least
        assert least is not None
        assert LATER - least.before(LATER) >= LEAST


def _emptied(numbers: list[int]) -> None:
    Leaf.objects.filter(pk=numbers[4]).update(content=None)


def _another_act(numbers: list[int]) -> None:
    forget(numbers[:3])
    Leaf.objects.filter(pk=numbers[1]).update(act="wishes.set")


def _about_another(numbers: list[int]) -> None:
    forget(numbers[:3])
    Leaf.objects.filter(pk=numbers[1]).update(about="ff" * 16)


def _at_another_time(numbers: list[int]) -> None:
    forget(numbers[:3])
    Leaf.objects.filter(pk=numbers[1]).update(at=NOON - timedelta(days=1))


def _digests(numbers: list[int]) -> None:
    forget(numbers[:3])
    Cleared.objects.update(digests=b"0" * 48)


def _no_digests(numbers: list[int]) -> None:
    forget(numbers[:3])
    Cleared.objects.all().delete()


def _digests_of_nothing(numbers: list[int]) -> None:
    Cleared.objects.create(leaf=numbers[0], digests=b"0" * 16)


def _too_young(numbers: list[int]) -> None:
    forget(numbers[:3], now=BEFORE + LEAST - timedelta(days=1))


def _after_its_own_term(numbers: list[int]) -> None:
    forget(numbers[:3], before=NOON.isoformat())


def _made_old_first(numbers: list[int]) -> None:
    """By the owner: the act becomes one of ten years ago, and a step says that it went."""
    old = NOON - timedelta(days=3000)
    Leaf.objects.filter(pk=numbers[4]).update(at=old)
    forget(numbers[4:5], before=(old + timedelta(days=1)).isoformat(), now=NOON)


def _named_but_there(numbers: list[int]) -> None:
    content = Leaf.objects.get(pk=numbers[1]).content
    forget(numbers[:3])
    Leaf.objects.filter(pk=numbers[1]).update(content=content)


def _twice(numbers: list[int]) -> None:
    forget(numbers[:3])
    forget(numbers[2:4])


def _a_proof(numbers: list[int]) -> None:
    with transaction.atomic():
        forget([DESK.record(Act.ERASED, NOON, by="command")])


def _garbage(numbers: list[int]) -> None:
    forget(numbers[:3], leaves="1-99999999999999999999999999")


def _no_time(numbers: list[int]) -> None:
    forget(numbers[:3], before="then")


@pytest.mark.parametrize(
    "tamper",
    [_emptied, _another_act, _about_another, _at_another_time, _digests, _no_digests, _digests_of_nothing,
     _too_young, _after_its_own_term, _made_old_first, _named_but_there, _twice, _a_proof, _garbage,
     _no_time],
)  # fmt: skip
def test_what_was_not_forgotten_as_retention_does_it_shows(
    numbers: list[int], tamper: Callable[[list[int]], None]
) -> None:
    with without_triggers("default"):
        tamper(numbers)
    assert problems()
