"""Signed notes, checkpoints and cosignatures, in the formats of C2SP.

Sources: C2SP signed-note, tlog-checkpoint, tlog-cosignature (versions of 2025). A note is text, an empty
line, and a line for each signature. A checkpoint is a note that names a log, its size and its root.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from luwte.base.errors import BadInput
from luwte.crypto.merkle import HASH_BYTES

MOST_BYTES = 64 * 1024
"""A note that is longer is none."""
_MOST_SIGNATURES = 64
_DASH = "— "
_LOG, _WITNESS = 1, 4
_ID_BYTES = 4
_TIME_BYTES = 8
_KEY_BYTES = 32


class NoteWrong(BadInput):
    """A note, or a key to check one with, is not what it should be."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A name and a public Ed25519 key (32 bytes); of a `witness`, or of a log."""

    name: str
    key: bytes
    witness: bool = False

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + self._typed).digest()[:_ID_BYTES]

    @property
    def text(self) -> str:
        """The key as one line of text, as others are given it."""
        return f"{self.name}+{self.id.hex()}+{b64encode(self._typed).decode()}"

    @property
    def _typed(self) -> bytes:
        return bytes([_WITNESS if self.witness else _LOG]) + self.key

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Return the key that `text` gives. Raises `NoteWrong` for anything else."""
        try:
            name, _, long = text.strip().split("+", 2)
            typed = b64decode(long, validate=True)
            found = cls(name, typed[1:], typed[0] == _WITNESS)
            if typed[0] not in (_LOG, _WITNESS) or len(found.key) != _KEY_BYTES or found.text != text.strip():
                raise ValueError
            Ed25519PublicKey.from_public_bytes(found.key)
        except (ValueError, IndexError):
            raise NoteWrong(
                "This is not a key to check a log with. It reads name+8 digits+letters, on one line."
            ) from None
        return found


@dataclass(frozen=True, slots=True)
class Signer:
    """A name and a secret Ed25519 seed (32 bytes) that signs as a log, or as a `witness`."""

    name: str
    seed: bytes = field(repr=False)
    witness: bool = False

    @property
    def verifier(self) -> Verifier:
        """What others check its signatures with."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return Verifier(self.name, key, self.witness)

    def line(self, body: str, second: int = 0) -> str:
        """Return the line of the signature over `body`; a witness says in it when (`second`, Unix time)."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        stamp = second.to_bytes(_TIME_BYTES, "big") if self.witness else b""
        signature = stamp + key.sign(_signed(body, second, self.witness))
        return f"{_DASH}{self.name} {b64encode(self.verifier.id + signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: its name (`origin`), how many leaves it has, and the root (32 bytes) over them."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, body: str) -> Checkpoint:
        """Return the checkpoint in `body`. Raises `NoteWrong`."""
        try:
            origin, size, top = body.split("\n")[:3]
            found = cls(origin, int(size), b64decode(top, validate=True))
            if not origin or str(found.size) != size or found.size < 0 or len(found.root) != HASH_BYTES:
                raise ValueError
        except ValueError:
            raise NoteWrong("This is not a checkpoint of a log: name, size and root are missing.") from None
        return found


@dataclass(frozen=True, slots=True)
class Note:
    """The `body` of a note and its signatures: name and bytes (key id first) of each."""

    body: str
    signatures: tuple[tuple[str, bytes], ...]

    def signed_by(self, verifier: Verifier) -> int | None:
        """Return when `verifier` signed this note (Unix time; 0 for a log), or None if it did not."""
        key = Ed25519PublicKey.from_public_bytes(verifier.key)
        for name, signature in self.signatures:
            if name != verifier.name or signature[:_ID_BYTES] != verifier.id:
                continue
            rest = signature[_ID_BYTES:]
            second = int.from_bytes(rest[:_TIME_BYTES], "big") if verifier.witness else 0
            try:
                key.verify(
                    rest[_TIME_BYTES:] if verifier.witness else rest,
                    _signed(self.body, second, verifier.witness),
                )
            except InvalidSignature:
                continue
            return second
        return None


def parse_note(content: bytes) -> Note:
    """Return the note in `content`, its signatures unchecked. Raises `NoteWrong` for what is none."""
    try:
        if len(content) > MOST_BYTES:
            raise ValueError
        text = content.decode()
        at = text.rindex("\n\n") + 1
        body, lines = text[:at], text[at + 1 :].splitlines()
        if not text.endswith("\n") or not 0 < len(lines) <= _MOST_SIGNATURES:
            raise ValueError
        signatures = tuple(_signature(line) for line in lines)
    except ValueError:
        raise NoteWrong(
            "This is not a signed note: its text or its signatures are cut off or changed."
        ) from None
    return Note(body, signatures)


def _signature(line: str) -> tuple[str, bytes]:
    name, encoded = line.removeprefix(_DASH).split(" ")
    signature = b64decode(encoded, validate=True)
    if not line.startswith(_DASH) or not name or len(signature) <= _ID_BYTES:
        raise ValueError
    return name, signature


def _signed(body: str, second: int, witness: bool) -> bytes:
    """Return the bytes that are signed: a witness puts a line with the time before the text."""
    return (f"cosignature/v1\ntime {second}\n{body}" if witness else body).encode()
