"""The identity of a house: an Ed25519 key to sign (RFC 8032) and an age key to receive (X25519)."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from luwte.base.errors import BadInput

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class SignatureWrong(BadInput):
    """A signature does not belong to the content or to the key that it names."""


@dataclass(frozen=True, slots=True)
class PublicIdentity:
    """What others may know of a house: `signing` (32 bytes) and `recipient` (an age public key)."""

    signing: bytes
    recipient: str

    @classmethod
    def checked(cls, signing: bytes, recipient: str) -> PublicIdentity:
        """Return the identity with these keys; raises `ValueError` unless both are well-formed and strong."""
        if len(signing) != 32 or _small_order(signing):
            raise ValueError("not an Ed25519 key that can be trusted")
        try:
            # Age also knows keys of other types and other spellings; one key has one name here.
            if str(pyrage.x25519.Recipient.from_str(recipient)) != recipient:
                raise ValueError("not a plain age key")
        except pyrage.RecipientError:
            raise ValueError("not an age key") from None
        return cls(signing, recipient)

    @property
    def id(self) -> str:
        """The short name of this identity: the first 16 hexadecimal characters of SHA-256 over its keys."""
        return self._digest()[:16]

    @property
    def spoken(self) -> str:
        """What two people compare by phone: 128 bits, that begin with the id, in groups of four."""
        digits = self._digest()[:32]
        return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))

    def _digest(self) -> str:
        return sha256(self.signing + self.recipient.encode()).hexdigest()

    def verify(self, signature: bytes, content: bytes) -> None:
        """Return nothing when `signature` (64 bytes) is over `content`; raise `SignatureWrong` otherwise."""
        try:
            Ed25519PublicKey.from_public_bytes(self.signing).verify(signature, content)
        except (InvalidSignature, ValueError):
            raise SignatureWrong(
                f"The signature of key {self.id} does not fit: the content was changed. Ask for it again."
            ) from None


@dataclass(frozen=True, slots=True)
class Identity:
    """The secret side of a house: `signing` seed (32 bytes) and `receiving` (an age secret key)."""

    signing: bytes
    receiving: str

    @classmethod
    def generate(cls) -> Identity:
        """Return a fresh identity."""
        seed = Ed25519PrivateKey.generate().private_bytes_raw()
        return cls(seed, str(pyrage.x25519.Identity.generate()))

    @property
    def public(self) -> PublicIdentity:
        """The side that others may know."""
        verifying = Ed25519PrivateKey.from_private_bytes(self.signing).public_key().public_bytes_raw()
        return PublicIdentity(verifying, str(pyrage.x25519.Identity.from_str(self.receiving).to_public()))

    def sign(self, content: bytes) -> bytes:
        """Return the 64-byte signature over `content`."""
        return Ed25519PrivateKey.from_private_bytes(self.signing).sign(content)


# The y coordinates of the eight points of small order (RFC 8032, section 5.1.7; "Taming the many EdDSAs",
# 2020), canonical and not: under such a key one signature fits any content.
_PRIME = 2**255 - 19
_TORSION = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = {0, 1, _PRIME - 1, _TORSION, _PRIME - _TORSION}


def _small_order(signing: bytes) -> bool:
    return (int.from_bytes(signing, "little") & (2**255 - 1)) % _PRIME in _SMALL_ORDER


_BUFFER = 1 << 20


def encrypt(content: bytes, recipients: list[PublicIdentity]) -> bytes:
    """Return `content` as an age file (age-encryption.org/v1) that each of `recipients` can open."""
    return encrypt_pieces([content], recipients)


def encrypt_pieces(pieces: Iterable[bytes | memoryview], recipients: list[PublicIdentity]) -> bytes:
    """Return `encrypt` of the `pieces` together, which never stand in memory as one."""
    keys = [pyrage.x25519.Recipient.from_str(recipient.recipient) for recipient in recipients]
    sealed = io.BytesIO()
    pyrage.encrypt_io(io.BufferedReader(Pieces(pieces), _BUFFER), sealed, keys)
    return sealed.getvalue()


class Pieces(io.RawIOBase):
    """A file to read from, of bytes that come in pieces."""

    def __init__(self, pieces: Iterable[bytes | memoryview]) -> None:
        self._pieces = iter(pieces)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, target: WriteableBuffer, /) -> int:
        """Fill `target` from the front and return how many bytes; 0 at the end."""
        while not self._left:
            try:
                self._left = memoryview(next(self._pieces))
            except StopIteration:
                return 0
        room = memoryview(target)
        count = min(len(room), len(self._left))
        room[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


def decrypt(content: bytes, identity: Identity) -> bytes:
    """Return what `encrypt` sealed for `identity`; raises `BadInput` when it was damaged, or for others."""
    opened = io.BytesIO()
    key = pyrage.x25519.Identity.from_str(identity.receiving)
    try:
        pyrage.decrypt_io(io.BytesIO(content), opened, [key])
    except pyrage.DecryptError:
        raise BadInput(
            "This file was encrypted for other keys. Send its maker what `luwte keys show` prints; ask again."
        ) from None
    except OSError:  # what pyrage raises for a piece that does not fit its seal
        raise BadInput("This file was changed after it was encrypted. Ask its maker for it again.") from None
    return opened.getvalue()
