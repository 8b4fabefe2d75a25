"""Leaves of Merkle trees, published and in memory."""

from __future__ import annotations

from collections.abc import Sequence

from luwte.crypto import merkle

# The leaves that the reference implementations of Certificate Transparency test with.
PUBLISHED = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip


class Kept:
    """All leaves in memory."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.hashes = [merkle.leaf_hash(leaf) for leaf in leaves]

    def __call__(self, level: int, number: int) -> bytes:
        first = number << level
        assert first + (1 << level) <= len(self.hashes)
        return merkle.root_of(self.hashes[first : first + (1 << level)])
