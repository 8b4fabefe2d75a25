"""Checkpoints, tiles and a witness: what is given out fits, and a witness never signs two histories."""

from __future__ import annotations

from pathlib import Path

import pytest

from luwte.base.errors import BadInput
from luwte.crypto.identity import Identity
from luwte.crypto.merkle import root_of
from luwte.crypto.notes import Checkpoint, NoteWrong, Signer, parse_note
from luwte.desk.audit import models
from luwte.desk.audit.checkpoints import (
    NoCheckpoint,
    NotContinued,
    OtherKeySigns,
    checkpoint,
    cosigned,
    latest,
    request,
    signer,
)
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.log import WIDTH
from luwte.desk.audit.models import Cosignature, Leaf
from luwte.desk.audit.tiles import tile_path, write_tiles
from luwte.exchange.witness import LogContradictsItself, Witness
from tests.support.audit import acts
from tests.support.desk import NOON
from tests.support.triggers import without_triggers

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
NAME = "court.example/log"


@pytest.fixture
def sign() -> Signer:
    """What signs the desk's log."""
    return signer(Identity.generate(), DESK)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    """A second body."""
    return Witness.open(tmp_path / "witness", NAME)


def test_a_checkpoint_covers_what_waited(sign: Signer) -> None:
    acts(DESK, 3)
    note = parse_note(checkpoint(DESK, sign, NOON).encode())
    assert note.signed_by(sign.verifier) == 0
    assert Checkpoint.parse(note.body) == Checkpoint(sign.name, 3, DESK.root(3))


def test_a_log_that_did_not_grow_gives_the_same_checkpoint(sign: Signer) -> None:
    acts(DESK, 1)
    assert checkpoint(DESK, sign, NOON) == checkpoint(DESK, sign, NOON) == latest(DESK)


def test_another_key_signs_nothing(sign: Signer) -> None:
    """A process whose home has other keys would add a row that stays, and that nobody trusts."""
    stranger = signer(Identity.generate(), DESK)
    acts(DESK, 1)
    note = checkpoint(DESK, sign, NOON)
    with pytest.raises(OtherKeySigns, match="Nothing was signed"):
        checkpoint(DESK, stranger, NOON)
    acts(DESK, 1)
    with pytest.raises(OtherKeySigns, match=sign.name):
        checkpoint(DESK, stranger, NOON)
    assert latest(DESK) == note


def test_a_record_that_was_put_back_is_not_signed(sign: Signer) -> None:
    acts(DESK, 3)
    first = checkpoint(DESK, sign, NOON)
    acts(DESK, 2)
    second = checkpoint(DESK, sign, NOON, first.encode())
    assert checkpoint(DESK, sign, NOON, second.encode()) == second
    _begun_anew(sign, 3)
    for before in (first, second):
        with pytest.raises(NotContinued, match="Nothing was signed"):
            checkpoint(DESK, sign, NOON, before.encode())
    assert models.Checkpoint.objects.count() == 1


def test_a_file_that_holds_something_else_is_not_written_over(sign: Signer) -> None:
    acts(DESK, 1)
    other = checkpoint(DESK, sign, NOON).replace("/desk\n", "/vault\n")
    for content in (b"", b"my letter to the mayor", other.encode()):
        with pytest.raises(NoteWrong):
            checkpoint(DESK, sign, NOON, content)


def test_without_a_checkpoint_one_sentence_says_what_to_do() -> None:
    for act in (lambda: latest(DESK), lambda: request(DESK, NAME)):
        with pytest.raises(NoCheckpoint, match="luwte audit checkpoint"):
            act()


def test_a_witness_signs_each_state_and_the_house_keeps_that(sign: Signer, witness: Witness) -> None:
    for step in (1, 4, WIDTH):
        acts(DESK, step)
        checkpoint(DESK, sign, NOON)
        line = witness.cosign(request(DESK, NAME), sign.verifier, NOON)
        assert cosigned(DESK, witness.sign.verifier, line) == DESK.size()
    note = parse_note(latest(DESK).encode())
    assert note.signed_by(witness.sign.verifier) == int(NOON.timestamp())
    assert Cosignature.objects.count() == 3


def test_the_same_state_may_be_signed_twice(sign: Signer, witness: Witness) -> None:
    acts(DESK, 2)
    checkpoint(DESK, sign, NOON)
    asked = request(DESK, NAME)
    assert witness.cosign(asked, sign.verifier, NOON) == witness.cosign(asked, sign.verifier, NOON)


def test_a_lost_line_is_made_up_for_by_starting_where_the_witness_is(sign: Signer, witness: Witness) -> None:
    acts(DESK, 2)
    checkpoint(DESK, sign, NOON)
    witness.cosign(request(DESK, NAME), sign.verifier, NOON)
    acts(DESK, 1)
    checkpoint(DESK, sign, NOON)
    with pytest.raises(BadInput, match="--since 2"):
        witness.cosign(request(DESK, NAME), sign.verifier, NOON)
    assert witness.cosign(request(DESK, NAME, since=2), sign.verifier, NOON)


def _begun_anew(sign: Signer, count: int) -> None:
    with without_triggers("default"):
        for model in (models.Leaf, models.Place, models.Tile, models.Checkpoint, models.Cosignature):
            model.objects.all().delete()
    acts(DESK, count)
    checkpoint(DESK, sign, NOON)


@pytest.mark.parametrize("count", [3, 5, 9])
def test_a_witness_signs_no_second_history(sign: Signer, witness: Witness, count: int) -> None:
    acts(DESK, 5)
    checkpoint(DESK, sign, NOON)
    witness.cosign(request(DESK, NAME), sign.verifier, NOON)
    _begun_anew(sign, count)
    with pytest.raises(LogContradictsItself):
        witness.cosign(request(DESK, NAME, since=min(5, count)), sign.verifier, NOON)


def test_a_witness_signs_for_no_stranger(sign: Signer, witness: Witness) -> None:
    acts(DESK, 1)
    checkpoint(DESK, sign, NOON)
    with pytest.raises(NoteWrong, match="did not sign"):
        witness.cosign(request(DESK, NAME), signer(Identity.generate(), DESK).verifier, NOON)


@pytest.mark.parametrize(
    "content", [b"", b"old 1\n\n", b"old x\n\nnote", b"old 0\nAAAA\n\nnote", b"\xff" * 50]
)
def test_what_is_no_request_is_refused(sign: Signer, witness: Witness, content: bytes) -> None:
    with pytest.raises(NoteWrong):
        witness.cosign(content, sign.verifier, NOON)


def test_a_line_that_signs_nothing_of_this_log_is_refused(sign: Signer, witness: Witness) -> None:
    acts(DESK, 1)
    checkpoint(DESK, sign, NOON)
    right = witness.cosign(request(DESK, NAME), sign.verifier, NOON)
    for line in (witness.sign.line("x\n1\nAAAA\n", 5), "nonsense", f"{right}{right}", f"{right:501}"):
        with pytest.raises(NoteWrong):
            cosigned(DESK, witness.sign.verifier, line)


def test_a_key_that_others_can_read_is_not_used(witness: Witness, tmp_path: Path) -> None:
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file() and b"seed" in path.read_bytes())
    file.chmod(0o640)
    with pytest.raises(BadInput, match="chmod 600"):
        Witness.open(file.parent)


def test_a_second_witness_in_one_folder_is_refused(witness: Witness) -> None:
    with pytest.raises(BadInput, match="already"):
        Witness.open(witness.folder, "another")
    assert Witness.open(witness.folder).sign == witness.sign


@pytest.mark.parametrize("content", ["", "{}", '{"name": "a", "seed": "AAAA"}'])
def test_a_damaged_key_of_a_witness_is_said(witness: Witness, content: str) -> None:
    (witness.folder / "witness.key").write_text(content)
    with pytest.raises(BadInput):
        Witness.open(witness.folder)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "x" * 101, "a\nb"])
def test_a_name_that_a_note_cannot_hold_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="name of a witness"):
        Witness.open(tmp_path / "w", name)


def test_tiles_hold_every_hash_and_grow(sign: Signer, tmp_path: Path) -> None:
    acts(DESK, WIDTH + 3)
    checkpoint(DESK, sign, NOON)
    assert write_tiles(DESK, tmp_path) == 3
    assert write_tiles(DESK, tmp_path) == 0
    full = (tmp_path / tile_path(0, 0)).read_bytes()
    rest = (tmp_path / tile_path(0, 1, 3)).read_bytes()
    assert (len(full), len(rest)) == (WIDTH * 32, 3 * 32)
    both = full + rest
    leaves = [both[at : at + 32] for at in range(0, len(both), 32)]
    assert leaves == [bytes(one) for one in Leaf.objects.order_by("id").values_list("hash", flat=True)]
    assert (tmp_path / tile_path(1, 0, 1)).read_bytes() == root_of(leaves[:WIDTH])
    assert Checkpoint.parse(parse_note((tmp_path / "checkpoint").read_bytes()).body).root == root_of(leaves)


def test_a_tile_lies_where_the_format_says() -> None:
    assert tile_path(0, 5) == "tile/0/005"
    assert tile_path(1, 1234067) == "tile/1/x001/x234/067"
    assert tile_path(0, 0, 7) == "tile/0/000.p/7"
