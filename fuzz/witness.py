"""What a house and its witness send each other: requests, the lines that sign a state, and keys as text."""

from __future__ import annotations

import shutil
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Final

from fuzz.scratch import folder
from luwte.base.errors import BadInput
from luwte.crypto.notes import Checkpoint, Signer, Verifier, parse_note
from luwte.exchange.witness import Request, Witness

LOG: Final = Signer("desk.example/luwte", bytes(range(32)))
WITNESS: Final = Signer("court.example/luwte", bytes(range(1, 33)), witness=True)
STATE: Final = Checkpoint(LOG.name, 2, bytes(range(32)))
"""What the witness of the target signed last."""
_NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)


def one(data: bytes) -> None:
    """Read `data` as a request, as one that the log signed, as a line of a witness, and as a key."""
    for content in (data, signed(data)):
        with suppress(BadInput):
            _asked(content)
    text = data.decode("utf-8", "replace")
    with suppress(BadInput):
        parse_note(f"{STATE.body}\n{text}\n".encode()).signed_by(WITNESS.verifier)
    with suppress(BadInput):
        known = Verifier.parse(text)
        assert Verifier.parse(known.text) == known
        parse_note(f"{STATE.body}\n{WITNESS.line(STATE.body)}".encode()).signed_by(known)


def signed(request: bytes) -> bytes:
    """Return `request` with the state in it signed by the log, or as it is where it has none."""
    head, between, note = request.partition(b"\n\n")
    body = note.partition(b"\n\n")[0].rstrip(b"\n") + b"\n"
    try:
        line = LOG.line(body.decode())
    except UnicodeDecodeError:
        return request
    return head + between + body + b"\n" + line.encode()


def asking(state: Checkpoint, old: int, *proof: bytes) -> bytes:
    """Return the request of the log for a signature on `state`."""
    steps = "".join(f"{b64encode(step).decode()}\n" for step in proof)
    return f"old {old}\n{steps}\n{state.body}\n{LOG.line(state.body)}".encode()


def _asked(content: bytes) -> None:
    """What a witness signs is never shorter than, or beside, what it signed before."""
    line = _witness().cosign(content, LOG.verifier, _NOW)
    body = parse_note(Request.parse(content).note).body
    found = Checkpoint.parse(body)
    assert found.size > STATE.size or (found.size, found.root) == (STATE.size, STATE.root), "a fork is signed"
    assert parse_note(f"{body}\n{line}".encode()).signed_by(WITNESS.verifier) == int(_NOW.timestamp())


def _witness() -> Witness:
    """The witness that signed `STATE` and nothing since."""
    kept = folder() / "witness"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(_template(), kept)
    return Witness(kept, WITNESS)


@cache
def _template() -> str:
    kept = folder() / "witness-signed"
    kept.mkdir()
    Witness(kept, WITNESS).cosign(asking(STATE, 0), LOG.verifier, _NOW)
    return str(kept)
