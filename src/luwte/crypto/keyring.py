"""The key ring of a desk: the keys that wrap each person's data key, and the key of the pseudonyms.

It lives in a file of mode 0600 or in the environment, never in a database and never in the repository.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from luwte.base.errors import BadInput
from luwte.base.files import write_bytes
from luwte.base.ids import new_id
from luwte.crypto.envelope import KEY_BYTES, new_key, open_envelope, seal


class KeyRingMissing(BadInput):
    """There is no key ring where it should be."""


class KeyRingUnreadable(BadInput):
    """The key ring is not one: cut off, changed, or of another version."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """`keys` (id -> 32 bytes) open what was sealed, `current` seals; `link` makes pseudonyms."""

    current: str
    keys: Mapping[str, bytes]
    link: bytes

    @classmethod
    def generate(cls) -> KeyRing:
        """Return a fresh ring with one key."""
        name = new_id()[:8]
        return cls(name, {name: new_key()}, new_key())

    def rotated(self) -> KeyRing:
        """Return this ring with a fresh current key; the old ones stay, to open what they sealed."""
        name = new_id()[:8]
        return KeyRing(name, {**self.keys, name: new_key()}, self.link)

    def wrap(self, plaintext: bytes, place: str) -> bytes:
        """Return `plaintext` sealed for `place` under the current key."""
        return seal(self.current, self.keys[self.current], plaintext, place)

    def unwrap(self, envelope: bytes, place: str) -> bytes:
        """Return what `wrap` sealed for `place`. Raises `EnvelopeBroken` when key, bits or place differ."""
        return open_envelope(self.keys, envelope, place)

    def dump(self) -> bytes:
        """Return the ring as JSON text."""
        keys = {name: b64encode(key).decode() for name, key in self.keys.items()}
        link = b64encode(self.link).decode()
        body = {"format": "luwte-key-ring", "version": 1, "current": self.current, "keys": keys, "link": link}
        return json.dumps(body, indent=1).encode() + b"\n"

    def write(self, path: Path) -> None:
        """Write the ring to `path` with mode 0600, whole or not at all."""
        write_bytes(path, self.dump(), mode=0o600)


def read_key_ring(path: Path) -> KeyRing:
    """Return the ring in the file `path`. Raises `KeyRingMissing` or `KeyRingUnreadable`."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise KeyRingMissing(
            f"There is no key ring at {path}. Run `luwte desk init` or restore it."
        ) from None
    except OSError as error:
        raise KeyRingUnreadable(f"The key ring {path} cannot be read ({error.strerror}).") from error
    return parse_key_ring(content, str(path))


def parse_key_ring(content: bytes | str, place: str) -> KeyRing:
    """Return the ring that `dump` wrote; `place` names it in the sentence of `KeyRingUnreadable`."""
    try:
        body = json.loads(content)
        if body["format"] != "luwte-key-ring" or body["version"] != 1:
            raise ValueError("format")
        keys = {str(name): _key(text) for name, text in body["keys"].items()}
        ring = KeyRing(str(body["current"]), keys, _key(body["link"]))
        ring.keys[ring.current]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise KeyRingUnreadable(
            f"The key ring in {place} is damaged or not a key ring. Restore it from its backup; "
            "without it no name can be read."
        ) from None
    return ring


def _key(text: str) -> bytes:
    try:
        key = b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("key") from error
    if len(key) != KEY_BYTES:
        raise ValueError("key")
    return key
