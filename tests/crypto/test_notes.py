"""Signed notes and checkpoints: what C2SP prints, round ways, and what is refused."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.crypto.notes import Checkpoint, NoteWrong, Signer, Verifier, parse_note

LOG = Signer("example.org/log", bytes(range(32)))
WITNESS = Signer("witness.example", bytes(range(1, 33)), witness=True)
BODY = Checkpoint(LOG.name, 7, b"\x05" * 32).body

# The example of C2SP signed-note.
PUBLISHED = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_the_published_note_and_key_are_read() -> None:
    assert parse_note(PUBLISHED.encode()).signed_by(Verifier.parse(PUBLISHED_KEY)) == 0


@pytest.mark.parametrize("signer", [LOG, WITNESS])
def test_a_key_reads_back(signer: Signer) -> None:
    assert Verifier.parse(signer.verifier.text + "\n") == signer.verifier


def test_a_checkpoint_is_signed_by_log_and_witness() -> None:
    note = parse_note(f"{BODY}\n{LOG.line(BODY)}{WITNESS.line(BODY, 1_700_000_000)}".encode())
    assert Checkpoint.parse(note.body) == Checkpoint(LOG.name, 7, b"\x05" * 32)
    assert note.signed_by(LOG.verifier) == 0
    assert note.signed_by(WITNESS.verifier) == 1_700_000_000


def test_a_changed_body_is_signed_by_nobody() -> None:
    note = parse_note(f"{BODY.replace('7', '8')}\n{LOG.line(BODY)}{WITNESS.line(BODY, 5)}".encode())
    assert note.signed_by(LOG.verifier) is None
    assert note.signed_by(WITNESS.verifier) is None


def test_a_witness_and_a_log_of_one_key_do_not_sign_for_each_other() -> None:
    log = Signer(WITNESS.name, WITNESS.seed)
    note = parse_note(f"{BODY}\n{log.line(BODY)}".encode())
    assert note.signed_by(log.verifier) == 0
    assert note.signed_by(WITNESS.verifier) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "example.org/log", "a+b+c", LOG.verifier.text[:-4], LOG.verifier.text.replace("log", "lag"),
        "example.org/log+00000000+AAAA",
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteWrong):
        Verifier.parse(text)


@given(st.binary(max_size=400))
def test_noise_is_refused_or_read_with_one_sentence(content: bytes) -> None:
    with suppress(NoteWrong):
        Checkpoint.parse(parse_note(content).body)


@pytest.mark.parametrize("body", ["", "x\n", "x\n-1\nAAAA\n", f"x\n01\n{'A' * 43}=\n", f"\n1\n{'A' * 43}=\n"])
def test_what_is_no_checkpoint_is_refused(body: str) -> None:
    with pytest.raises(NoteWrong):
        Checkpoint.parse(body)
