"""`verify`: each way to tamper with a log shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from luwte.crypto.identity import Identity
from luwte.crypto.merkle import leaf_hash
from luwte.crypto.notes import Signer, parse_note
from luwte.desk.audit.checking import verify
from luwte.desk.audit.checkpoints import checkpoint, signer
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.log import WIDTH
from luwte.desk.audit.models import Checkpoint, Leaf, Place, Tile, Waiting
from luwte.desk.audit.tables import LeafRow
from tests.support.audit import acts
from tests.support.desk import NOON
from tests.support.triggers import without_triggers

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
SIZE = WIDTH + 10
_HOUSE = Identity.generate()
_NAME = signer(_HOUSE, DESK).name


@pytest.fixture
def sign() -> Signer:
    """What signs the desk's log."""
    return signer(_HOUSE, DESK)


@pytest.fixture
def note(sign: Signer) -> bytes:
    """A log of some acts, and its checkpoint."""
    acts(DESK, SIZE)
    return checkpoint(DESK, sign, NOON).encode()


def test_a_whole_log_is_whole(sign: Signer, note: bytes) -> None:
    acts(DESK, 2)
    seen: list[int] = []
    found = verify(DESK, sign.verifier, [note], seen.append)
    assert (found.placed, found.waiting, found.forgotten, found.checkpoints) == (SIZE, 2, 0, 1)
    assert found.problems == ()
    assert seen[-1] == SIZE


def test_an_empty_log_is_whole(sign: Signer) -> None:
    empty = checkpoint(DESK, sign, NOON).encode()
    assert verify(DESK, sign.verifier, [empty]).problems == ()


def _at(place: int) -> LeafRow:
    return Leaf.objects.get(pk=Place.objects.get(place=place).leaf)


def _content(place: int) -> bytes:
    return bytes(_at(place).content or b"")


def _change_content() -> None:
    Leaf.objects.filter(pk=_at(7).pk).update(content=_content(7).replace(b"telling", b"nothing"))


def _change_content_and_hash() -> None:
    Leaf.objects.filter(pk=_at(7).pk).update(content=_content(8), hash=bytes(_at(8).hash))


def _change_act() -> None:
    Leaf.objects.filter(pk=_at(7).pk).update(act="findings.nothing")


def _change_about() -> None:
    Leaf.objects.filter(pk=_at(7).pk).update(about="ff" * 16)


def _change_moment() -> None:
    Leaf.objects.filter(pk=_at(7).pk).update(at=NOON + timedelta(days=400))


def _empty() -> None:
    Leaf.objects.filter(pk=_at(7).pk).update(content=None)


def _empty_and_change() -> None:
    Leaf.objects.filter(pk=_at(7).pk).update(content=None, act="wishes.set", about="ff" * 16)


def _content_that_is_no_act() -> None:
    Leaf.objects.filter(pk=_at(7).pk).update(content=b"[]", hash=leaf_hash(b"[]"))


def _garble() -> None:
    Checkpoint.objects.update(note="nothing")


def _misnumber() -> None:
    Tile.objects.update(number=5)


def _swap() -> None:
    one, other = Place.objects.get(place=1), Place.objects.get(place=2)
    Place.objects.filter(place=1).update(leaf=-1)
    Place.objects.filter(place=2).update(leaf=one.leaf)
    Place.objects.filter(place=1).update(leaf=other.leaf)


def _tile() -> None:
    Tile.objects.update(hash=b"\0" * 32)


def _last_act() -> None:
    leaf = _at(SIZE - 1).pk
    Place.objects.filter(leaf=leaf).delete()
    Leaf.objects.filter(pk=leaf).delete()


def _waiting() -> None:
    acts(DESK, 1)
    Waiting.objects.all().delete()


def _all_but_one_checkpoint() -> None:
    _last_act()
    Checkpoint.objects.all().delete()


def _sign_by_another() -> None:
    row = Checkpoint.objects.get()
    body = parse_note(row.note.encode()).body
    Checkpoint.objects.update(note=f"{body}\n{Signer(_NAME, bytes(32)).line(body)}")


@pytest.mark.parametrize(
    "tamper",
    [
        _change_content,
        _change_content_and_hash,
        _change_act,
        _change_about,
        _change_moment,
        _empty,
        _empty_and_change,
        _content_that_is_no_act,
        _garble,
        _misnumber,
        _swap,
        _tile,
        lambda: Tile.objects.all().delete(),
        _last_act,
        lambda: Place.objects.filter(place=9).delete(),
        lambda: Leaf.objects.filter(pk=_at(9).pk).delete(),
        _waiting,
        _all_but_one_checkpoint,
        lambda: Checkpoint.objects.update(root=b"\0" * 32),
        _sign_by_another,
    ],
)
def test_tampering_shows(sign: Signer, note: bytes, tamper: Callable[[], object]) -> None:
    with without_triggers("default"):
        tamper()
    assert verify(DESK, sign.verifier, [note]).problems


def test_a_log_begun_anew_shows_against_a_checkpoint_kept_elsewhere(sign: Signer, note: bytes) -> None:
    with without_triggers("default"):
        for model in (Leaf, Place, Tile, Checkpoint, Waiting):
            model.objects.all().delete()
    acts(DESK, SIZE)
    checkpoint(DESK, sign, NOON)
    assert verify(DESK, sign.verifier).problems == ()
    problems = verify(DESK, sign.verifier, [note]).problems
    assert problems == (f"The log is not the one of which a checkpoint of size {SIZE} was given out.",)


def test_a_log_restored_from_before_a_checkpoint_shows(sign: Signer, note: bytes) -> None:
    acts(DESK, 5)
    newer = checkpoint(DESK, sign, NOON).encode()
    with without_triggers("default"):
        gone = list(Place.objects.filter(place__gte=SIZE).values_list("leaf", flat=True))
        Place.objects.filter(place__gte=SIZE).delete()
        Leaf.objects.filter(pk__in=gone).delete()
        Checkpoint.objects.filter(size__gt=SIZE).delete()
    assert verify(DESK, sign.verifier, [note]).problems == ()
    (problem,) = verify(DESK, sign.verifier, [newer]).problems
    assert problem.startswith(f"The log ends at {SIZE}; a checkpoint of {SIZE + 5} was given out.")


def test_a_checkpoint_of_another_house_is_none_of_this_log(sign: Signer, note: bytes) -> None:
    stranger = signer(Identity.generate(), DESK)
    assert "is not one of" in verify(DESK, stranger.verifier, [note]).problems[-1]
