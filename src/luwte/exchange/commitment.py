"""What a list commits to, series by series, so that later each can be shown alone, without the others.

A leaf of a Merkle tree (RFC 6962) stands for each series: over a salt, a veiled name, the number of its
entries, and the root over their ids. Without the salt nothing follows from a leaf. Leaves stand in the order
of their hashes, and others that mean nothing fill the tree up, so neither a place nor a proof tells of the
other series, and the size only to within a power of two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b, sha256

import numpy as np

from luwte.crypto.merkle import HASH_BYTES, leaf_hash, node_hash, root_of
from luwte.exchange.columns import Columns

KIND = b"luwte-series-1\n"
LEAST = 1024
"""Leaves that the tree of a list has at least."""
_SALT, _VEIL, _FILLER = b"salt", b"veil", b"filler"


@dataclass(frozen=True, slots=True)
class SeriesReceipt:
    """What opens the leaf of one series: `salt`, `veil`, and `ids`, the root over its entry ids.

    These have 32 bytes each. `entries` counts its entries. The veil hides the name from whoever is shown
    the rest.
    """

    series: str
    salt: bytes
    veil: bytes
    entries: int
    ids: bytes

    @property
    def name(self) -> bytes:
        """The veiled name (32 bytes)."""
        return sha256(self.veil + self.series.encode()).digest()

    @property
    def leaf(self) -> bytes:
        """The hash (32 bytes) of its leaf."""
        return leaf_hash(KIND + self.salt + self.name + self.entries.to_bytes(8, "big") + self.ids)


@dataclass(frozen=True)
class Commitment:
    """The receipts of all series of a list, and the hashes (32 bytes) of the leaves that mean nothing."""

    receipts: tuple[SeriesReceipt, ...]
    filler: tuple[bytes, ...]

    @cached_property
    def root(self) -> bytes:
        """The root (32 bytes): what the list's signed statement says."""
        return self._levels[-1][0]

    @property
    def size(self) -> int:
        """How many leaves there are: a power of two."""
        return len(self._levels[0])

    def place(self, receipt: SeriesReceipt) -> int:
        """Return the place (from 0) of the leaf of `receipt`."""
        return self._places[receipt.leaf]

    def proof(self, place: int) -> list[bytes]:
        """Return the proof of leaf `place`, from left to right, as `merkle_several` has it."""
        sides = [(place >> level, self._levels[level]) for level in range(len(self._levels) - 1)]
        left = [hashes[at - 1] for at, hashes in reversed(sides) if at & 1]
        return left + [hashes[at + 1] for at, hashes in sides if not at & 1]

    @cached_property
    def _places(self) -> dict[bytes, int]:
        return {found: place for place, found in enumerate(self._levels[0])}

    @cached_property
    def _levels(self) -> list[list[bytes]]:
        """The hashes of each level, leaves first."""
        levels = [sorted([*(one.leaf for one in self.receipts), *self.filler])]
        while len(below := levels[-1]) > 1:
            levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below), 2)])
        return levels


def commit(columns: Columns, content: str, secret: bytes) -> Commitment:
    """Return what a list with `columns` commits to; `content` is the hash (32 hex) in its version.

    All salts follow from `secret` (32 bytes) of the maker and `content`: the same list gives the same tree,
    and two lists give leaves that cannot be told to be of one series.
    """
    receipts = tuple(
        SeriesReceipt(
            series,
            _derived(secret, _SALT, content, series),
            _derived(secret, _VEIL, content, series),
            count,
            ids,
        )
        for series, count, ids in series_in(columns)
    )
    size = max(LEAST, 1 << len(receipts).bit_length())
    filler = (_derived(secret, _FILLER, content, str(number)) for number in range(size - len(receipts)))
    return Commitment(receipts, tuple(filler))


def series_in(columns: Columns) -> Iterator[tuple[str, int, bytes]]:
    """Give each series that has entries: its name, their number, and the root over their ids, ascending."""
    order = np.argsort(columns.series, kind="stable")
    numbers, starts = np.unique(columns.series[order], return_index=True)
    ends = [*starts[1:], len(order)]
    for number, start, end in zip(numbers, starts, ends, strict=True):
        ids = columns.ids[order[start:end]].tobytes()
        leaves = (leaf_hash(ids[at : at + 16]) for at in range(0, len(ids), 16))
        yield columns.series_names[number], int(end - start), root_of(leaves)


def _derived(secret: bytes, what: bytes, content: str, name: str) -> bytes:
    said = f"{content}\n{name}".encode()
    return blake2b(said, key=secret, person=b"series " + what, digest_size=HASH_BYTES).digest()
