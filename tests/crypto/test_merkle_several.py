"""One proof for several leaves: right for every choice in small trees, wrong for every change."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.crypto.merkle import EMPTY_ROOT, ProofWrong, leaf_hash, root_of
from luwte.crypto.merkle_several import check_several, several
from tests.support.trees import PUBLISHED, Kept

LEAVES = [leaf_hash(number.to_bytes(2)) for number in range(300)]


def _subtree(level: int, number: int) -> bytes:
    return root_of(LEAVES[number << level : (number + 1) << level])


def _check(places: tuple[int, ...], size: int, proof: list[bytes]) -> None:
    check_several({place: LEAVES[place] for place in places}, size, proof, root_of(LEAVES[:size]))


def test_every_choice_of_leaves_in_small_trees_is_proven() -> None:
    for size in range(1, 9):
        for count in range(size + 1):
            for places in combinations(range(size), count):
                _check(places, size, several(places, size, _subtree))


@given(st.sets(st.integers(0, 299), max_size=40), st.integers(1, 300))
def test_choices_in_larger_trees_are_proven_by_fewer_hashes(chosen: set[int], size: int) -> None:
    places = tuple(sorted(place for place in chosen if place < size))
    proof = several(places, size, _subtree)
    _check(places, size, proof)
    alone = sum(len(several([place], size, _subtree)) for place in places)
    assert len(proof) <= max(1, alone)


def test_a_proof_for_one_leaf_is_that_of_the_reference_in_another_order() -> None:
    tree = Kept(PUBLISHED)
    proof = several([5], 8, tree)
    assert {step.hex() for step in proof} == {
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    }
    check_several({5: tree.hashes[5]}, 8, proof, root_of(tree.hashes))


def test_no_leaf_and_no_tree() -> None:
    assert several([], 0, _subtree) == []
    check_several({}, 0, [], EMPTY_ROOT)
    _check((), 5, several([], 5, _subtree))


@pytest.mark.parametrize("places", [(3, 2), (2, 2), (-1,), (7,)])
def test_places_that_are_none_have_no_proof(places: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="no such"):
        several(places, 7, _subtree)


def test_every_change_is_wrong() -> None:
    places, top = (1, 4), root_of(LEAVES[:7])
    proof = several(places, 7, _subtree)
    leaves = {place: LEAVES[place] for place in places}
    changed: list[tuple[dict[int, bytes], int, list[bytes], bytes]] = [
        (leaves, 9, proof, top), (leaves, 6, proof, top), (leaves, -1, proof, top),
        (leaves, 7, proof[:-1], top), (leaves, 7, [*proof, top], top), (leaves, 7, proof[::-1], top),
        (leaves, 7, proof, LEAVES[0]), ({1: LEAVES[4], 4: LEAVES[1]}, 7, proof, top),
        ({1: LEAVES[1]}, 7, proof, top), ({**leaves, 5: LEAVES[5]}, 7, proof, top), ({9: top}, 7, proof, top),
        ({}, 0, [], top), (leaves, 2**61, proof, top),
    ]  # fmt: skip
    for of, size, steps, wanted in changed:
        with pytest.raises(ProofWrong):
            check_several(of, size, steps, wanted)
