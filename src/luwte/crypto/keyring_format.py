"""How a key ring is written: JSON, what is secret in it as base64. `keyring` is the face of it."""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from luwte.crypto.envelope import KEY_BYTES
from luwte.crypto.puncturable import KeyTree

FORMAT = "luwte-key-ring"
VERSION = 2
NO_RING = (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError)
"""What the functions here raise for something else than a ring."""
_READ = (1, 2)


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """What is secret in a ring; the mappings go by the id of a wrapping key."""

    keys: Mapping[str, bytes]
    link: bytes
    trees: Mapping[str, KeyTree]
    index: Mapping[str, bytes]

    def dump(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "keys": {name: _text(key) for name, key in self.keys.items()},
            "link": _text(self.link),
            "index": {name: _text(key) for name, key in self.index.items()},
            "trees": {name: _text(tree.dump()) for name, tree in self.trees.items()},
        }


@dataclass(frozen=True, slots=True)
class Outer:
    """A ring before its secrets are opened: `label` and `held` when they are in a token."""

    body: Mapping[str, Any] = field(repr=False)
    current: str
    made: Mapping[str, datetime]
    label: str | None = None
    held: frozenset[str] = frozenset()


def parse_outer(content: bytes | str) -> Outer:
    """Return a ring whose secrets are not opened yet."""
    body = json.loads(content)
    if body["format"] != FORMAT or body["version"] not in _READ:
        raise ValueError("format")
    made = {str(name): datetime.fromtimestamp(int(at), UTC) for name, at in body.get("made", {}).items()}
    token = body.get("token")
    if token is None:
        return Outer(body, str(body["current"]), made)
    held = frozenset(str(name) for name in token["keys"])
    return Outer(body, str(body["current"]), made, str(token["label"]), held)


def parse_secrets(body: Mapping[str, Any]) -> Secrets:
    """Return the secrets in `body`, which `Secrets.dump` gave."""
    keys = {str(name): _key(text) for name, text in body["keys"].items()}
    index = {str(name): _key(text) for name, text in body.get("index", {}).items()}
    trees = {str(name): KeyTree.parse(_bytes(text)) for name, text in body.get("trees", {}).items()}
    return Secrets(keys, _key(body["link"]), trees, index)


def sealed_of(body: Mapping[str, Any]) -> bytes:
    """Return the envelope of the secrets of a ring in a token."""
    return _bytes(body["sealed"])


def _text(content: bytes) -> str:
    return b64encode(content).decode()


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("base64") from error


def _key(text: str) -> bytes:
    key = _bytes(text)
    if len(key) != KEY_BYTES:
        raise ValueError("key")
    return key
