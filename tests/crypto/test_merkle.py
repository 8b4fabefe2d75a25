"""Merkle trees: the published vectors, and every proof of small trees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.crypto import merkle
from luwte.crypto.merkle import ProofWrong
from tests.support.trees import PUBLISHED, Kept

# The roots of the leaves that the reference implementations of Certificate Transparency test with.
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_root_is_that_of_the_reference(size: int) -> None:
    tree = Kept(PUBLISHED)
    assert merkle.root(size, tree).hex() == ROOTS[size]
    assert merkle.root_of(tree.hashes[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize("size", range(1, 34))
def test_every_beginning_is_proven_and_no_other_is(size: int) -> None:
    tree = Kept([bytes([one]) for one in range(size)])
    top, other = merkle.root(size, tree), merkle.leaf_hash(b"another")
    for first in range(1, size + 1):
        proof = merkle.consistency(first, size, tree)
        old = merkle.root(first, tree)
        merkle.check_consistency(first, old, size, top, proof)
        for bad in ((first, other, size, top, proof), (first, old, size, other, proof)):
            with pytest.raises(ProofWrong):
                merkle.check_consistency(*bad)
        for at in range(len(proof)):
            with pytest.raises(ProofWrong):
                merkle.check_consistency(first, old, size, top, [*proof[:at], other, *proof[at + 1 :]])
        with pytest.raises(ProofWrong):
            merkle.check_consistency(first, old, size, top, [*proof, other])


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=300), st.data())
def test_a_changed_leaf_changes_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves[:at], leaves[at] + b"!", *leaves[at + 1 :]]
    assert merkle.root_of(Kept(leaves).hashes) != merkle.root_of(Kept(changed).hashes)
