"""Where wrapping keys are: in this process (from a file or the environment), or kept in a token."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from luwte.crypto.envelope import open_envelope, seal


class KeyProvider(Protocol):
    """Seals and opens with keys that are known by their id; the keys need not be in this process."""

    def seal(self, key_id: str, plaintext: bytes, place: str) -> bytes:
        """Return an envelope (`luwte.crypto.envelope`) under `key_id`, bound to `place`."""

    def open(self, envelope: bytes, place: str) -> bytes:
        """Return the plaintext. Raises `EnvelopeBroken` when the key is not here or a bit differs."""


class KeyHolder(KeyProvider, Protocol):
    """A provider that makes and destroys its keys itself: a token."""

    @property
    def label(self) -> str:
        """The name of the token."""

    def make(self, key_id: str) -> None:
        """Make a key that never leaves."""

    def destroy(self, key_id: str) -> None:
        """Destroy a key for ever; one that is not there is no error."""


@dataclass(frozen=True, slots=True, repr=False)
class KeysInMemory:
    """Keys (id -> 32 bytes) that were read from a file or the environment."""

    keys: Mapping[str, bytes]

    def seal(self, key_id: str, plaintext: bytes, place: str) -> bytes:
        """Return an envelope under `key_id`, bound to `place`."""
        return seal(key_id, self.keys[key_id], plaintext, place)

    def open(self, envelope: bytes, place: str) -> bytes:
        """Return the plaintext. Raises `EnvelopeBroken` when the key is not here or a bit differs."""
        return open_envelope(self.keys, envelope, place)
