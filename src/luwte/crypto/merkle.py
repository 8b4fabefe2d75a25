"""Merkle trees as in Certificate Transparency (RFC 6962, section 2.1): one root for a list of leaves.

Nothing here keeps a tree. Whoever does gives `Subtree`: the root of each complete subtree, by level (a power
of two) and number. A proof is a list of hashes of 32 bytes, about as many as the size has bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256().digest()
"""The root of no leaves."""

Subtree = Callable[[int, int], bytes]
"""Gives the root of the complete subtree `number` of 2**`level` leaves."""


class ProofWrong(ValueError):
    """A proof does not lead from what it is about to the root that it is for."""


def leaf_hash(content: bytes) -> bytes:
    """Return the hash (32 bytes) of a leaf with this content."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash (32 bytes) of the node over two others."""
    return sha256(b"\x01" + left + right).digest()


def root(size: int, subtree: Subtree) -> bytes:
    """Return the root (32 bytes) over the first `size` leaves."""
    return range_root(0, size, subtree) if size else EMPTY_ROOT


class Edge:
    """A tree that grows leaf by leaf; it holds one hash for each bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[tuple[int, bytes]] = []  # complete subtrees from the left, by level

    def push(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        level, node = 0, leaf
        while self._edge and self._edge[-1][0] == level:
            node = node_hash(self._edge.pop()[1], node)
            level += 1
        self._edge.append((level, node))
        self.size += 1

    def root(self) -> bytes:
        """Return the root (32 bytes) over the leaves so far."""
        if not self._edge:
            return EMPTY_ROOT
        node = self._edge[-1][1]
        for _, left in reversed(self._edge[:-1]):
            node = node_hash(left, node)
        return node


def root_of(hashes: Iterable[bytes]) -> bytes:
    """Return the root over leaves with these hashes, in order."""
    edge = Edge()
    for found in hashes:
        edge.push(found)
    return edge.root()


def consistency(first: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the proof that the first `first` leaves begin the first `size` (RFC 6962, 2.1.2)."""
    if not 0 < first <= size:
        raise ValueError("no such tree")
    return _subproof(first, 0, size, True, subtree)


def check_consistency(
    first: int, first_root: bytes, size: int, size_root: bytes, proof: Sequence[bytes]
) -> None:
    """Return nothing when a tree of `size` leaves continues the one of `first`; raise `ProofWrong` if not.

    RFC 9162, section 2.1.4.2.
    """
    if first == size and not proof and first_root == size_root:
        return
    if not 0 < first < size:
        raise ProofWrong
    steps = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not steps:
        raise ProofWrong
    node, last = first - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofWrong
        if node & 1 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, step)
        node, last = node >> 1, last >> 1
    if last or old != first_root or new != size_root:
        raise ProofWrong


def split(size: int) -> int:
    """Return the largest power of two below `size` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def range_root(start: int, size: int, subtree: Subtree) -> bytes:
    """Return the root (32 bytes) over `size` leaves from `start` on, as far as they are one subtree."""
    if size & (size - 1) == 0:
        return subtree(size.bit_length() - 1, start // size)
    left = split(size)
    return node_hash(range_root(start, left, subtree), range_root(start + left, size - left, subtree))


def _subproof(first: int, start: int, size: int, whole: bool, subtree: Subtree) -> list[bytes]:
    if first == size:
        return [] if whole else [range_root(start, size, subtree)]
    left = split(size)
    if first <= left:
        rest = range_root(start + left, size - left, subtree)
        return [*_subproof(first, start, left, whole, subtree), rest]
    right = _subproof(first - left, start + left, size - left, False, subtree)
    return [*right, range_root(start, left, subtree)]
