"""One key after another signs a record: each counts for its own time, and nobody else's for any."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from luwte.crypto.identity import Identity
from luwte.crypto.notes import Checkpoint, Signer
from luwte.desk.audit import models
from luwte.desk.audit.acts import Act
from luwte.desk.audit.checking import Checked, verify
from luwte.desk.audit.checkpoints import OtherKeySigns, checkpoint, request, signer
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.models import Leaf
from luwte.desk.audit.succession import change_key
from luwte.exchange.witness import LogContradictsItself, Witness
from tests.support.audit import acts
from tests.support.desk import NOON
from tests.support.triggers import without_triggers

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
FIRST, SECOND, THIRD = (signer(Identity.generate(), DESK) for _ in range(3))
BY = "staff:7"


def signed(sign: Signer, count: int = 5) -> bytes:
    """Record some acts and return the checkpoint that `sign` makes of them."""
    acts(DESK, count)
    return checkpoint(DESK, sign, NOON).encode()


@pytest.fixture
def old() -> bytes:
    """A checkpoint by the first key, after which the second one signed."""
    note = signed(FIRST)
    change_key(DESK, FIRST, SECOND.verifier, NOON, by=BY)
    signed(SECOND)
    return note


def checked(*known: bytes, sign: Signer = SECOND) -> Checked:
    """Return what a look at the whole record finds, by the key that signs it now."""
    return verify(DESK, sign.verifier, known)


def planted(sign: Signer, size: int) -> bytes:
    """Put a checkpoint by `sign` into the table, and return it."""
    body = Checkpoint(sign.name, size, DESK.root(size)).body
    note = f"{body}\n{sign.line(body)}"
    models.Checkpoint.objects.update_or_create(
        size=size, defaults={"root": DESK.root(size), "at": NOON, "note": note}
    )
    return note.encode()


def test_what_the_key_before_signed_stays_good(old: bytes) -> None:
    found = checked(old)
    assert found.problems == ()
    assert [(era.name, era.vouched) for era in found.eras] == [(SECOND.name, True), (FIRST.name, True)]


def test_many_keys_one_after_the_other(old: bytes) -> None:
    between = signed(SECOND)
    change_key(DESK, SECOND, THIRD.verifier, NOON, by=BY)
    newest = signed(THIRD)
    assert checked(old, between, newest, sign=THIRD).problems == ()
    assert checked(sign=SECOND).problems, "who verifies with a key of before hears of it"


def test_the_same_change_is_recorded_once(old: bytes) -> None:
    change_key(DESK, FIRST, SECOND.verifier, NOON, by=BY)
    assert Leaf.objects.filter(act="desk.log-key-changed").count() == 1


def test_the_old_key_signs_nothing_more(old: bytes) -> None:
    with pytest.raises(OtherKeySigns, match=SECOND.name):
        signed(FIRST)


def test_a_key_counts_for_its_own_time_alone(old: bytes) -> None:
    """Each of the keys, and a third one, puts its name under a state of the other's time."""
    for sign, size in ((FIRST, 7), (SECOND, 3), (THIRD, 3), (THIRD, 7)):
        with without_triggers("default"):
            note = planted(sign, size)
            assert any("is not signed by" in one for one in checked().problems), (sign.name, size)
            models.Checkpoint.objects.filter(size=size).delete()
        assert any("is not one of" in one for one in checked(note).problems), (sign.name, size)
    assert checked(old).problems == ()


def test_an_older_checkpoint_still_shows_a_record_that_was_rewritten(old: bytes) -> None:
    with without_triggers("default"):
        for model in (Leaf, models.Place, models.Tile, models.Checkpoint, models.Waiting):
            model.objects.all().delete()
    signed(FIRST)
    change_key(DESK, FIRST, SECOND.verifier, NOON, by=BY)
    signed(SECOND)
    assert checked().problems == ()
    assert "is not the one of which" in checked(old).problems[0]


def _another_successor() -> None:
    change_key(DESK, SECOND, THIRD.verifier, NOON, by=BY)


def _not_by_the_one_before() -> None:
    change_key(DESK, Signer(SECOND.name, b"1" * 32), THIRD.verifier, NOON, by=BY)
    models.Checkpoint.objects.all().delete()


def _with_a_signature_of_another() -> None:
    line = Signer(SECOND.name, b"1" * 32).line("anything\n").strip()
    said = {"old": SECOND.verifier.text, "new": THIRD.verifier.text, "signature": line}
    with transaction.atomic():
        DESK.record(Act.LOG_KEY, NOON, by=BY, **said)


@pytest.mark.parametrize(
    ("plant", "sign"),
    [(_another_successor, SECOND), (_not_by_the_one_before, THIRD), (_with_a_signature_of_another, THIRD)],
)
def test_a_change_that_nobody_made_shows(old: bytes, plant: Callable[[], None], sign: Signer) -> None:
    with without_triggers("default"):
        plant()
    assert checked(old, sign=sign).problems


def test_a_lost_key_of_which_somebody_kept_the_public_one(old: bytes) -> None:
    change_key(DESK, SECOND.verifier.text, THIRD.verifier, NOON, by=BY)
    signed(THIRD)
    found = checked(old, sign=THIRD)
    assert (found.problems, found.eras[0].vouched) == ((), False)
    with without_triggers("default"):
        planted(FIRST, 7)
    assert checked(sign=THIRD).problems, "it still checks who signed"


def test_a_lost_key_of_which_nobody_kept_anything(old: bytes) -> None:
    """Who signed then cannot be told any more; that the acts are those of then can."""
    change_key(DESK, SECOND.name, THIRD.verifier, NOON, by=BY)
    signed(THIRD)
    assert checked(old, sign=THIRD).problems == ()
    with without_triggers("default"):
        models.Checkpoint.objects.filter(size__gt=6).update(root=b"\0" * 32)
    assert checked(sign=THIRD).problems


def test_a_witness_goes_on_under_the_new_key(tmp_path: Path) -> None:
    witness = Witness.open(tmp_path / "witness", "court.example/log")
    signed(FIRST)
    witness.cosign(request(DESK, "court.example/log"), FIRST.verifier, NOON)
    change_key(DESK, FIRST, SECOND.verifier, NOON, by=BY)
    signed(SECOND)
    asked = request(DESK, "court.example/log", since=5)
    assert witness.cosign(asked, SECOND.verifier, NOON, FIRST.verifier)
    with without_triggers("default"):
        for model in (Leaf, models.Place, models.Tile, models.Checkpoint, models.Waiting):
            model.objects.all().delete()
    signed(SECOND, 20)
    other = Witness.open(tmp_path / "witness")
    with pytest.raises(LogContradictsItself):
        other.cosign(request(DESK, "court.example/log", since=11), SECOND.verifier, NOON, FIRST.verifier)
