"""The key ring of a desk: what wraps each person's data key, makes the digests by which people are looked up,
and makes the pseudonyms.

It lives in a file of mode 0600 or in the environment, never in a database and never in the repository. A
data key is sealed twice: under a key of its own from the ring's tree, which erasure destroys, and under the
wrapping key around all, which may be in a token (docs/decisions/0036). Rings of version 1 have no trees and
no keys for digests; they are read, and made anew by `rotated`.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from luwte.base.errors import BadInput
from luwte.base.files import write_bytes
from luwte.base.ids import new_id
from luwte.crypto.envelope import EnvelopeBroken, key_id_of, new_key, open_envelope, seal
from luwte.crypto.keyring_format import (
    FORMAT,
    NO_RING,
    VERSION,
    Secrets,
    parse_outer,
    parse_secrets,
    sealed_of,
)
from luwte.crypto.providers import KeyHolder, KeyProvider, KeysInMemory
from luwte.crypto.puncturable import KeyDestroyed, KeyTree

__all__ = [
    "KeyRing",
    "KeyRingMissing",
    "KeyRingUnreadable",
    "parse_key_ring",
    "read_key_ring",
]

_OWN = "own"
_PLACE = "key ring"


class KeyRingMissing(BadInput):
    """There is no key ring where it should be."""


class KeyRingUnreadable(BadInput):
    """The key ring is not one: cut off, changed, or of another version."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """`keys` (id -> 32 bytes): the wrapping keys outside the token; `current` seals, `link` makes pseudonyms.

    By the id of a wrapping key: its tree of `trees`, its key of `index` for digests, and since when it was
    current (`made`). `token` has the wrapping keys `held`.
    """

    current: str
    keys: Mapping[str, bytes] = field(repr=False)
    link: bytes = field(repr=False)
    trees: Mapping[str, KeyTree] = field(default_factory=dict, repr=False)
    index: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    made: Mapping[str, datetime] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    token: KeyHolder | None = None

    @classmethod
    def generate(cls, now: datetime | None = None) -> KeyRing:
        """Return a fresh ring with one key, made at `now`."""
        return cls("", {}, new_key()).rotated(now)

    @property
    def names(self) -> frozenset[str]:
        """The ids of all wrapping keys."""
        return frozenset(self.keys) | self.held

    @property
    def complete(self) -> bool:
        """Whether the current key has all that a ring of this version gives one."""
        return self.current in self.trees and self.current in self.index

    def rotated(self, now: datetime | None = None, token: KeyHolder | None = None) -> KeyRing:
        """Return this ring with a fresh current key; the old ones stay, to open what they sealed.

        The key is made in the `token`, if one is given, or in the ring's own.
        """
        name = new_id()[:8]
        holder = token or self.token
        if holder is not None:
            holder.make(name)
        return replace(
            self,
            current=name,
            keys=self.keys if holder else {**self.keys, name: new_key()},
            trees={**self.trees, name: KeyTree.generate()},
            index={**self.index, name: new_key()},
            made={**self.made, name: (now or datetime.now(UTC)).replace(microsecond=0)},
            held=self.held | {name} if holder else self.held,
            token=holder,
        )

    def without(self, key_ids: Iterable[str]) -> KeyRing:
        """Return this ring without these old keys, which are destroyed in the token at once.

        What is sealed under them can never be opened again. Raises `ValueError` for the current one.
        """
        gone = frozenset(key_ids)
        if self.current in gone:
            raise ValueError("the current key")
        for name in sorted(gone & self.held):
            if self.token is not None:
                self.token.destroy(name)
        trees, index = _rest(self.trees, gone), _rest(self.index, gone)
        keys, made = _rest(self.keys, gone), _rest(self.made, gone)
        return replace(self, keys=keys, trees=trees, index=index, made=made, held=self.held - gone)

    def punctured(self, places: Iterable[str]) -> KeyRing:
        """Return this ring, which can open nothing that was or will be wrapped for `places`."""
        gone = list(places)
        return replace(self, trees={name: tree.without(gone) for name, tree in self.trees.items()})

    def destroyed(self, envelope: bytes, place: str) -> bool:
        """Return whether `punctured` destroyed what opens this `envelope` of `wrap` for `place`."""
        tree = self.trees.get(key_id_of(envelope))
        return tree is not None and tree.destroyed(place)

    def wrap(self, plaintext: bytes, place: str) -> bytes:
        """Return `plaintext` sealed for `place` under the current key. Raises `EnvelopeBroken`."""
        tree = self.trees.get(self.current)
        inner = plaintext if tree is None else seal(_OWN, _own(tree, place), plaintext, place)
        return self._provider(self.current).seal(self.current, inner, place)

    def unwrap(self, envelope: bytes, place: str) -> bytes:
        """Return what `wrap` sealed for `place`. Raises `EnvelopeBroken` when key, bits or place differ."""
        name = key_id_of(envelope)
        inner = self._provider(name).open(envelope, place)
        tree = self.trees.get(name)
        return inner if tree is None else open_envelope({_OWN: _own(tree, place)}, inner, place)

    def dump(self) -> bytes:
        """Return the ring as JSON text; with a token all that is secret in it is sealed by the token."""
        body: dict[str, Any] = {"format": FORMAT, "version": VERSION, "current": self.current}
        body["made"] = {name: int(moment.timestamp()) for name, moment in self.made.items()}
        secrets = Secrets(self.keys, self.link, self.trees, self.index).dump()
        if self.token is None:
            body |= secrets
        else:
            content = json.dumps(secrets).encode()
            body["token"] = {"label": self.token.label, "keys": sorted(self.held)}
            body["sealed"] = b64encode(self.token.seal(self.current, content, _PLACE)).decode()
        return json.dumps(body, indent=1).encode() + b"\n"

    def write(self, path: Path) -> None:
        """Write the ring to `path` with mode 0600, whole or not at all."""
        write_bytes(path, self.dump(), mode=0o600)

    def _provider(self, key_id: str) -> KeyProvider:
        return self.token if self.token is not None and key_id in self.held else KeysInMemory(self.keys)


Tokens = Callable[[str], KeyHolder]
"""Gives the token of a label."""


def read_key_ring(path: Path, tokens: Tokens | None = None) -> KeyRing:
    """Return the ring in the file `path`. Raises `KeyRingMissing` or `KeyRingUnreadable`."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise KeyRingMissing(
            f"There is no key ring at {path}. Run `luwte desk init` or restore it."
        ) from None
    except OSError as error:
        raise KeyRingUnreadable(f"The key ring {path} cannot be read ({error.strerror}).") from error
    return parse_key_ring(content, str(path), tokens)


def parse_key_ring(content: bytes | str, place: str, tokens: Tokens | None = None) -> KeyRing:
    """Return the ring that `dump` wrote; `place` names it in the sentence of `KeyRingUnreadable`.

    A ring in a token is opened with what `tokens` gives, and raises what that token raises.
    """
    try:
        outer = parse_outer(content)
        if outer.label is None:
            return _ring(parse_secrets(outer.body), outer.current, outer.made)
        if tokens is None:
            raise KeyRingUnreadable(
                f"The key ring in {place} belongs to the token {outer.label!r}. Set LUWTE_TOKEN_MODULE to "
                "the library of that token."
            )
        token = tokens(outer.label)
        secrets = parse_secrets(json.loads(token.open(sealed_of(outer.body), _PLACE)))
        return _ring(secrets, outer.current, outer.made, outer.held, token)
    except (*NO_RING, EnvelopeBroken):
        raise KeyRingUnreadable(
            f"The key ring in {place} is damaged or not a key ring. Restore it from its backup; "
            "without it no name can be read."
        ) from None


def _ring(
    secrets: Secrets,
    current: str,
    made: Mapping[str, datetime],
    held: frozenset[str] = frozenset(),
    token: KeyHolder | None = None,
) -> KeyRing:
    ring = KeyRing(current, secrets.keys, secrets.link, secrets.trees, secrets.index, made, held, token)
    if current not in ring.names:
        raise ValueError("the current key is missing")
    return ring


def _own(tree: KeyTree, place: str) -> bytes:
    try:
        return tree.key(place)
    except KeyDestroyed:
        raise EnvelopeBroken(
            f"The key of {place} was destroyed: what it sealed was erased. Run `luwte keys erased` to "
            "finish that."
        ) from None


def _rest(values: Mapping[str, Any], gone: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in gone}
