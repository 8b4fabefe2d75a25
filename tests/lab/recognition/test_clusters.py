from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.lab.recognition import clusters as module
from luwte.lab.recognition.clusters import AT_ONCE, BLOCK, Member, cluster_id, clusters
from luwte.lab.recognition.verdicts import PDQ_RADIUS
from luwte.lab.reference import hamming
from tests.support.hashes import Hashes, random_hashes, with_flipped_bits

KEY = bytes(range(32))
ENTRY = "e1" * 16
START = random_hashes(7, 1)


def away(bits: int, seed: int = 0) -> bytes:
    """Return a hash that many bits from the start."""
    return bytes(with_flipped_bits(START, np.array([bits]), seed)[0])


def member(number: int, pdq: bytes | None) -> Member:
    return Member(number.to_bytes(32, "big"), pdq)


def as_sets(files: list[Member]) -> set[frozenset[Member]]:
    return {frozenset(files[place] for place in cluster) for cluster in clusters(files)}


def by_all_pairs(files: list[Member]) -> set[frozenset[Member]]:
    """The same by comparing all pairs, again and again until nothing changes."""
    groups = [{file} for file in files]
    changed = True
    while changed:
        changed = False
        for one, other in combinations(groups, 2):
            if any(_reach(a, b) for a in one for b in other):
                one |= other
                groups.remove(other)
                changed = True
                break
    return {frozenset(group) for group in groups}


def _reach(one: Member, other: Member) -> bool:
    if one.name == other.name:
        return True
    if one.pdq is None or other.pdq is None:
        return False
    different = int.from_bytes(one.pdq, "big") ^ int.from_bytes(other.pdq, "big")
    return different.bit_count() <= PDQ_RADIUS


def test_files_within_reach_are_one_cluster_and_others_are_not() -> None:
    first, near, far = member(1, away(0)), member(2, away(PDQ_RADIUS)), member(3, away(PDQ_RADIUS + 1))
    assert as_sets([first, near]) == {frozenset([first, near])}
    assert as_sets([first, far]) == {frozenset([first]), frozenset([far])}


def test_what_is_within_reach_of_one_of_a_cluster_belongs_to_it() -> None:
    bits = np.unpackbits(START[0])
    files = []
    for step in range(5):
        chain = bits.copy()
        chain[: 25 * step] ^= 1
        files.append(member(step, np.packbits(chain).tobytes()))
    assert as_sets(files) == {frozenset(files)}
    assert as_sets([files[0], files[2], files[4]]) == {frozenset([file]) for file in files[::2]}


def test_videos_are_one_by_digest_alone() -> None:
    film, copy, other = member(1, None), member(1, None), member(2, None)
    assert clusters([film, other, copy]) == [[0, 2], [1]]


def test_the_same_digest_joins_what_two_decoders_saw_differently() -> None:
    files = [member(1, away(0)), member(1, away(100)), member(2, away(101, seed=0)), member(3, away(130, 9))]
    assert by_all_pairs(files) == as_sets(files)
    assert clusters(files)[0][:2] == [0, 1]


@given(
    st.lists(st.tuples(st.integers(0, 12), st.none() | st.integers(0, 70), st.integers(0, 3)), max_size=40),
    st.randoms(),
    st.sampled_from([(1, 1), (2, 1), (3, 5), (AT_ONCE, BLOCK)]),
)
def test_clusters_are_those_of_all_pairs_whatever_the_order_and_the_parts(
    drawn: list[tuple[int, int | None, int]], dice: random.Random, parts: tuple[int, int]
) -> None:
    files = list(
        dict.fromkeys(member(name, None if bits is None else away(bits, seed)) for name, bits, seed in drawn)
    )
    expected = by_all_pairs(files)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "AT_ONCE", parts[0])
        patched.setattr(module, "BLOCK", parts[1])
        assert as_sets(files) == expected
        dice.shuffle(files)
        assert as_sets(files) == expected
    assert sorted(place for cluster in clusters(files) for place in cluster) == list(range(len(files)))


@pytest.mark.parametrize("steps", [3, 11, 25])
@pytest.mark.parametrize("seed", range(3))
def test_groups_that_only_their_outskirts_join_are_one_cluster(steps: int, seed: int) -> None:
    """Chains of many hashes, and hashes around them: what leads is far from most of its cluster."""
    chance = np.random.default_rng(seed)
    rows = []
    for start in random_hashes(seed, 4):
        bits = np.unpackbits(start)
        for _ in range(12):
            bits[chance.choice(256, steps, replace=False)] ^= 1
            rows.append(np.packbits(bits))
    around = with_flipped_bits(np.array(rows), chance.integers(0, 40, len(rows)), seed)
    files = [member(number, row.tobytes()) for number, row in enumerate([*rows, *around])]
    expected = by_all_pairs(files)
    for at_once, block in ((1, 7), (5, 3), (AT_ONCE, BLOCK)):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(module, "AT_ONCE", at_once)
            patched.setattr(module, "BLOCK", block)
            assert as_sets(files) == expected


def test_many_files_of_one_entry_are_never_all_compared_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs that one search may give: as many as `AT_ONCE` hashes have with a block, not all with all."""
    monkeypatch.setattr(module, "AT_ONCE", 16)
    monkeypatch.setattr(module, "BLOCK", 64)
    most = 0
    true_search = hamming.radius_search

    def search(queries: Hashes, references: Hashes, radius: int) -> hamming.Matches:
        nonlocal most
        found = true_search(queries, references, radius)
        most = max(most, len(found.query))
        return found

    monkeypatch.setattr(module, "radius_search", search)
    count = 2000
    like = with_flipped_bits(np.repeat(START, count, axis=0), np.full(count, 6), 1)
    assert len(clusters([member(number, row.tobytes()) for number, row in enumerate(like)])) == 1
    assert 0 < most <= 16 * 64
    unlike = random_hashes(2, count)
    assert len(clusters([member(number, row.tobytes()) for number, row in enumerate(unlike)])) == count


def test_an_id_depends_on_the_key_the_entry_and_the_smallest_name() -> None:
    files = [member(5, None), member(3, away(0)), member(9, None)]
    name = cluster_id(KEY, ENTRY, files)
    assert len(bytes.fromhex(name)) == 16
    assert cluster_id(KEY, ENTRY, files[::-1]) == name
    assert cluster_id(KEY, ENTRY, [*files, member(4, None)]) == name
    others = {
        cluster_id(bytes(32), ENTRY, files),
        cluster_id(KEY, "e2" * 16, files),
        cluster_id(KEY, ENTRY, [*files, member(2, None)]),
    }
    assert len(others | {name}) == 4


def test_nothing_has_no_cluster() -> None:
    assert clusters([]) == []


def test_files_that_are_far_from_one_another_are_compared_in_few_searches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is asked of the core, not of Python, grows with the square of the files."""
    searches = 0
    true_search = hamming.radius_search

    def search(queries: Hashes, references: Hashes, radius: int) -> hamming.Matches:
        nonlocal searches
        searches += 1
        return true_search(queries, references, radius)

    monkeypatch.setattr(module, "radius_search", search)
    unlike = random_hashes(2, 3 * AT_ONCE)
    twice = np.concatenate([unlike, unlike ^ np.array([1] + [0] * 31, np.uint8)])
    for rows, each, expected in ((unlike, 2, len(unlike)), (twice, 3, len(unlike))):
        searches = 0
        assert len(clusters([member(n, row.tobytes()) for n, row in enumerate(rows)])) == expected
        assert searches <= each * -(-len(rows) // AT_ONCE)
