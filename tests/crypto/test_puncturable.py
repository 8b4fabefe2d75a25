from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luwte.crypto.puncturable import RECORD_BYTES, KeyDestroyed, KeyTree

TREE = KeyTree({(0, 0): bytes(range(32))})
NAMES = st.lists(st.text(max_size=8), max_size=6, unique=True)


def test_keys_follow_from_the_seed_alone_and_differ() -> None:
    assert TREE.key("noor") == KeyTree.parse(TREE.dump()).key("noor")
    assert len({TREE.key(f"p{number}") for number in range(200)}) == 200
    assert KeyTree.generate().key("noor") != KeyTree.generate().key("noor")


@settings(max_examples=30, deadline=None)
@given(NAMES, NAMES)
def test_what_is_destroyed_is_gone_and_all_else_stays(gone: list[str], kept: list[str]) -> None:
    tree = TREE.without(gone)
    for name in gone:
        assert tree.destroyed(name)
        with pytest.raises(KeyDestroyed):
            tree.key(name)
    for name in set(kept) - set(gone):
        assert tree.key(name) == TREE.key(name)
    assert tree == TREE.without(reversed(gone)) == tree.without(gone) == KeyTree.parse(tree.dump())


def test_no_seed_that_stays_leads_to_what_is_destroyed() -> None:
    tree, wanted = TREE.without(["noor"]), TREE.key("noor")
    assert wanted not in tree.seeds.values()
    path = [KeyTree({node: b"x" * 32}) for node in tree.seeds]
    assert all(one.destroyed("noor") for one in path)


def test_each_destroyed_key_costs_about_three_kilobytes() -> None:
    tree = TREE.without(f"p{number}" for number in range(50))
    assert len(tree.dump()) / 50 < 96 * RECORD_BYTES


@pytest.mark.parametrize(
    "content", [b"\x00", bytes([33]) + bytes(40), bytes([0]) + b"\x01" + bytes(39), TREE.dump() + b"x"]
)
def test_anything_else_is_no_tree(content: bytes) -> None:
    with pytest.raises(ValueError, match="seed"):
        KeyTree.parse(content)
