"""A witness: a second body that signs the states of others' logs, never two that contradict each other.

It keeps the last state of each log that it signed, and signs the next one only with a proof that this
continues it. So whoever holds a checkpoint with its signature knows that all others were shown the same log.
Sources: C2SP tlog-witness (the request) and tlog-cosignature.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from luwte.base.errors import BadInput
from luwte.base.files import make_folder, write_bytes
from luwte.base.locks import exclusive
from luwte.crypto.envelope import new_key
from luwte.crypto.merkle import EMPTY_ROOT, HASH_BYTES, ProofWrong, check_consistency
from luwte.crypto.notes import MOST_BYTES, Checkpoint, NoteWrong, Signer, Verifier, parse_note
from luwte.exchange.documents import parse_object, read_bounded

_MOST_STEPS = 64
_KEY = "witness.key"


class LogContradictsItself(BadInput):
    """A log shows a state that does not continue the one that was signed before."""


@dataclass(frozen=True, slots=True)
class Request:
    """What asks for a signature: the `old` size, the `proof` from it, and the signed `note`."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    @classmethod
    def parse(cls, content: bytes) -> Request:
        """Return the request in `content`. Raises `NoteWrong` for anything else."""
        try:
            if len(content) > MOST_BYTES:
                raise ValueError
            head, note = content.split(b"\n\n", 1)
            first, *steps = head.decode("ascii").split("\n")
            old = int(first.removeprefix("old "))
            proof = tuple(b64decode(step, validate=True) for step in steps)
            if (
                first != f"old {old}"
                or len(proof) > _MOST_STEPS
                or any(len(one) != HASH_BYTES for one in proof)
            ):
                raise ValueError
        except ValueError:
            raise NoteWrong("This is not a request for a witness. `luwte audit request` makes one.") from None
        return cls(old, proof, note)


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness with its secret in `folder`, beside what it signed."""

    folder: Path
    sign: Signer

    @classmethod
    def open(cls, folder: Path, name: str | None = None) -> Witness:
        """Return the witness in `folder`; a `name` makes a new one. Raises `BadInput`."""
        file = folder / _KEY
        if name is not None:
            with exclusive(make_folder(folder)):
                if file.exists():
                    raise BadInput(f"There is a witness in {folder} already. Choose another folder.")
                _check_name(name)
                secret = b64encode(new_key()).decode()
                write_bytes(file, json.dumps({"name": name, "seed": secret}).encode() + b"\n")
        if not file.exists():
            raise BadInput(f"There is no witness in {folder}. `luwte witness init NAME` makes one.")
        if file.stat().st_mode & 0o077:
            raise BadInput(f"Other users can read the key in {file}. Run `chmod 600 {file}` first.")
        document = parse_object(read_bounded(file, MOST_BYTES), file)
        try:
            seed = b64decode(str(document["seed"]), validate=True)
            found = Signer(str(document["name"]), seed, witness=True)
            found.verifier  # noqa: B018 - derives the public key, so that a damaged secret shows here
        except (KeyError, ValueError):
            raise BadInput(
                f"The key of the witness in {file} is damaged. Restore it from a backup."
            ) from None
        return cls(folder, found)

    def cosign(self, content: bytes, log: Verifier, now: datetime, earlier: Verifier | None = None) -> str:
        """Return the line that signs the state in the request `content` of `log`.

        A log that got a new key goes on from what was signed of it under the `earlier` one. What was signed
        is on disk before the line is given. Raises `NoteWrong`, and `LogContradictsItself`
        when the state does not continue the one that was signed last.
        """
        asked = Request.parse(content)
        note = parse_note(asked.note)
        found = Checkpoint.parse(note.body)
        if found.origin != log.name or note.signed_by(log) is None:
            raise NoteWrong(f"The log {log.name} did not sign this state. Ask whoever runs it for another.")
        with exclusive(self.folder):
            file = self._state(log)
            self._check(asked, found, file if file.exists() or earlier is None else self._state(earlier))
            write_bytes(file, note.body.encode())
            return self.sign.line(note.body, int(now.timestamp()))

    def _state(self, log: Verifier) -> Path:
        return self.folder / f"{sha256(log.text.encode()).hexdigest()[:32]}.state"

    def _check(self, asked: Request, found: Checkpoint, file: Path) -> None:
        last = Checkpoint(found.origin, 0, EMPTY_ROOT)
        if file.exists():
            last = Checkpoint.parse(read_bounded(file, MOST_BYTES).decode())
        if found.size < last.size:
            raise LogContradictsItself(
                f"This state has {found.size} acts, one of {last.size} was signed before: the log was cut."
            )
        if asked.old != last.size and found.size != last.size:
            raise BadInput(
                f"The request starts at {asked.old}, but {last.size} was signed last. Ask the house for one "
                f"that starts there: `luwte audit request --since {last.size}`."
            )
        try:
            if last.size:
                proof = asked.proof if found.size > last.size else ()
                check_consistency(last.size, last.root, found.size, found.root, proof)
        except ProofWrong:
            raise LogContradictsItself(
                f"This state does not continue the one of {last.size} acts that was signed before. Sign "
                "nothing; keep both files and ask the supervisor of the house."
            ) from None


def _check_name(name: str) -> None:
    if not name or len(name) > 100 or not name.isprintable() or set(name) & set(" +\n"):
        raise BadInput(
            "The name of a witness is up to 100 letters without blanks or +, such as court.example/log."
        )
