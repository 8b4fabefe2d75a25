"""A key for every name, all from one seed, of which a single one can be destroyed for ever.

The tree of Goldreich, Goldwasser and Micali (How to construct random functions, 1986), four children a node,
with BLAKE2b (RFC 7693) as its generator. To destroy a key, every seed above it goes and the seeds beside that
path stay: all other keys can still be made, this one cannot (a punctured function: Boneh and Waters, 2013).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

BITS = 64
"""Of a name's hash: among a million names, two of one place are as likely as 1 in 30 million."""
STEP = 2
SEED_BYTES = 32
RECORD_BYTES = 1 + BITS // 8 + SEED_BYTES
_DEPTH = BITS // STEP
_CHILDREN = 1 << STEP

Node = tuple[int, int]
"""How deep a seed lies (0: the root), and the steps that lead to it as one number."""


class KeyDestroyed(LookupError):
    """The key of this name was destroyed."""


@dataclass(frozen=True, slots=True)
class KeyTree:
    """The seeds from which every key can be made that was not destroyed; none lies below another."""

    seeds: Mapping[Node, bytes] = field(repr=False)

    @classmethod
    def generate(cls) -> KeyTree:
        """Return a fresh tree, of which every name has a key."""
        return cls({(0, 0): os.urandom(SEED_BYTES)})

    def key(self, name: str) -> bytes:
        """Return the 32 bytes of `name`'s key. Raises `KeyDestroyed`."""
        place = _place(name)
        above = self._above(place)
        if above is None:
            raise KeyDestroyed
        seed = self.seeds[above]
        for depth in range(above[0], _DEPTH):
            seed = _child(seed, _step(place, depth))
        return seed

    def destroyed(self, name: str) -> bool:
        """Return whether the key of `name` was destroyed."""
        return self._above(_place(name)) is None

    def without(self, names: Iterable[str]) -> KeyTree:
        """Return the tree from which the keys of `names` cannot be made; it grows by about 3 kB each."""
        seeds = dict(self.seeds)
        for name in names:
            _puncture(seeds, _place(name))
        return KeyTree(seeds)

    def dump(self) -> bytes:
        """Return the seeds, in the order of the tree: depth (1 byte), steps (8, big-endian), seed (32)."""
        return b"".join(
            bytes([depth]) + steps.to_bytes(BITS // 8, "big") + self.seeds[depth, steps]
            for depth, steps in sorted(self.seeds)
        )

    @classmethod
    def parse(cls, content: bytes) -> KeyTree:
        """Return what `dump` wrote. Raises `ValueError` for anything else."""
        if len(content) % RECORD_BYTES:
            raise ValueError("a seed is cut off")
        seeds = {}
        for start in range(0, len(content), RECORD_BYTES):
            depth, steps = content[start], int.from_bytes(content[start + 1 : start + 1 + BITS // 8], "big")
            if depth > _DEPTH or steps >> (STEP * depth):
                raise ValueError("a seed outside the tree")
            seeds[depth, steps] = content[start + 1 + BITS // 8 : start + RECORD_BYTES]
        return cls(seeds)

    def _above(self, place: int) -> Node | None:
        nodes = ((depth, place >> (BITS - STEP * depth)) for depth in range(_DEPTH + 1))
        return next((node for node in nodes if node in self.seeds), None)


def _puncture(seeds: dict[Node, bytes], place: int) -> None:
    above = KeyTree(seeds)._above(place)
    if above is None:
        return
    seed = seeds.pop(above)
    for depth in range(above[0], _DEPTH):
        first, kept = (place >> (BITS - STEP * depth)) << STEP, _step(place, depth)
        for step in range(_CHILDREN):
            if step != kept:
                seeds[depth + 1, first + step] = _child(seed, step)
        seed = _child(seed, kept)


def _place(name: str) -> int:
    return int.from_bytes(
        blake2b(name.encode(), person=b"luwte-place", digest_size=BITS // 8).digest(), "big"
    )


def _step(place: int, depth: int) -> int:
    return (place >> (BITS - STEP * (depth + 1))) & (_CHILDREN - 1)


def _child(seed: bytes, step: int) -> bytes:
    return blake2b(bytes([step]), key=seed, person=b"luwte-tree", digest_size=SEED_BYTES).digest()
