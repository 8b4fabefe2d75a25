"""One proof that several leaves are in a Merkle tree (RFC 6962), shorter than one for each.

The proof is the roots of the largest subtrees without any of these leaves, from left to right. Whoever walks
the tree in the same way knows where each belongs. For one leaf it is its inclusion proof in another order.
It says that these leaves are under a root; the size itself must be signed elsewhere, as a checkpoint does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from luwte.crypto.merkle import EMPTY_ROOT, ProofWrong, Subtree, node_hash, range_root, split

MOST_LEVELS = 60
"""A tree has no more levels than this; so no proof makes a check walk deeper."""


def several(places: Sequence[int], size: int, subtree: Subtree) -> list[bytes]:
    """Return the proof that leaves `places` (ascending, each once) are in a tree of `size` leaves.

    Raises `ValueError` for a place that is not in it.
    """
    if list(places) != sorted(set(places)) or (places and not 0 <= places[0] <= places[-1] < size):
        raise ValueError("no such leaves")
    return list(_others(list(places), 0, size, subtree)) if size else []


def check_several(leaves: Mapping[int, bytes], size: int, proof: Sequence[bytes], top: bytes) -> None:
    """Return nothing when `proof` leads from leaves (place -> hash) to `top`; else raise `ProofWrong`."""
    if not 0 <= size < 1 << MOST_LEVELS or any(not 0 <= place < size for place in leaves):
        raise ProofWrong
    rest = iter(proof)
    found = _climb(sorted(leaves.items()), 0, size, rest) if size else EMPTY_ROOT
    if found != top or next(rest, None) is not None:
        raise ProofWrong


def _others(places: list[int], start: int, size: int, subtree: Subtree) -> Iterator[bytes]:
    if not places:
        yield range_root(start, size, subtree)
    elif size > 1:
        left = split(size)
        yield from _others([one for one in places if one < start + left], start, left, subtree)
        right = [one for one in places if one >= start + left]
        yield from _others(right, start + left, size - left, subtree)


def _climb(leaves: list[tuple[int, bytes]], start: int, size: int, proof: Iterator[bytes]) -> bytes:
    if not leaves:
        try:
            return next(proof)
        except StopIteration:
            raise ProofWrong from None
    if size == 1:
        return leaves[0][1]
    left = split(size)
    return node_hash(
        _climb([one for one in leaves if one[0] < start + left], start, left, proof),
        _climb([one for one in leaves if one[0] >= start + left], start + left, size - left, proof),
    )
