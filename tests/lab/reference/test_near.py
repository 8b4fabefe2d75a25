"""The searched list on every engine: an index may save work, never change what is found."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.lab.reference import near
from luwte.lab.reference.hamming import Matches, radius_search
from luwte.lab.reference.near import NearList
from tests.support.engines import compiled_paths
from tests.support.hashes import Hashes, random_hashes, with_flipped_bits

RADIUS = 31


class Interrupted(Exception):
    pass


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each list is indexed at its first query."""
    monkeypatch.setattr(near, "WORTHWHILE", 1)
    monkeypatch.setattr(near, "QUERIES_BEFORE", 0)


def assert_equal(found: Matches, expected: Matches) -> None:
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert [column.dtype for column in found] == [np.intp, np.intp, np.uint16]


def by_bands(path: str, queries: Hashes, references: Hashes, radius: int) -> tuple[Matches, int]:
    """What the index finds, with all pairs of the queries it leaves; and how many it leaves."""
    from luwte import _native

    found, left = _native.Bands(references, 2, path).search(queries, radius)
    rest = radius_search(queries[left], references, radius)
    joined = near._joined([Matches(*found), rest._replace(query=left[rest.query])])
    assert not set(found[0].tolist()) & set(left.tolist())
    return joined, len(left)


@pytest.mark.parametrize("path", compiled_paths())
@given(
    seed=st.integers(0, 10**6),
    references=st.integers(0, 3_000),
    radius=st.integers(0, 32),
    spread=st.integers(0, 128),
    centres=st.integers(1, 400),
)
def test_the_index_finds_what_comparing_all_pairs_finds(
    path: str, seed: int, references: int, radius: int, spread: int, centres: int
) -> None:
    """Lists from even to skewed: hashes strewn around a few centres or many, near or far."""
    dice = np.random.default_rng(seed)
    middle = random_hashes(seed, centres)[dice.integers(0, centres, references + 30)]
    hashes = with_flipped_bits(middle, dice.integers(0, spread + 1, len(middle)), seed)
    listed, near_by = hashes[:references], hashes[:30]
    queries = np.concatenate(
        [hashes[references:], with_flipped_bits(near_by, dice.integers(0, 45, 30), seed)]
    )
    assert_equal(by_bands(path, queries, listed, radius)[0], radius_search(queries, listed, radius))


@pytest.mark.parametrize("path", compiled_paths())
@pytest.mark.parametrize("radius", range(33))
def test_a_hash_at_the_very_radius_is_found_however_its_bits_lie(path: str, radius: int) -> None:
    """Also where the bits fill two or three of each band, so that no band is left with fewer."""
    listed = random_hashes(radius, 600)
    bits = np.unpackbits(listed, axis=1, bitorder="little")
    for row in range(len(bits)):
        band = np.arange(radius) % 11
        places = np.arange(radius) // 11 if row % 2 else -1 - np.arange(radius) // 11
        starts = np.array([0, 23, 46, 69, 92, 115, 138, 161, 184, 208, 232, 256])
        bits[row, starts[band + (places < 0)] + places] ^= 1
    queries = np.packbits(bits, axis=1, bitorder="little")
    found, _ = by_bands(path, queries, listed, radius)
    assert_equal(found, radius_search(queries, listed, radius))
    np.testing.assert_array_equal(found.query, np.arange(600))


@pytest.mark.parametrize("path", compiled_paths())
def test_queries_that_meet_too_many_rows_are_left(path: str) -> None:
    """Half of the list is one picture: asking about it looks at each of its rows in every band."""
    listed = random_hashes(1, 40_000)
    listed[::2] = listed[0]
    queries = np.concatenate([listed[:1], listed[1:200:2], listed[:1]])
    found, left = by_bands(path, queries, listed, RADIUS)
    assert_equal(found, radius_search(queries, listed, RADIUS))
    assert left == 2


def test_a_list_equals_a_search_of_all_pairs(at_once: None) -> None:
    listed = random_hashes(2, 5_000)
    listed[1_000:3_000] = listed[0]
    queries = with_flipped_bits(listed[::7], np.arange(715) % 40, 3)
    searched = NearList(listed)
    assert_equal(searched.search(queries, RADIUS), radius_search(queries, listed, RADIUS))
    assert_equal(searched.search(queries, 100), radius_search(queries, listed, 100))


@pytest.mark.parametrize("indexed", [True, False])
def test_what_is_added_and_removed_counts_at_once(indexed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "WORTHWHILE", 1 if indexed else 10**9)
    monkeypatch.setattr(near, "QUERIES_BEFORE", 0)
    hashes = random_hashes(4, 900)
    hashes[880] = hashes[3]
    searched = NearList(hashes[:600])
    queries = with_flipped_bits(hashes, np.arange(900) % 32, 5)
    searched.search(queries, RADIUS)
    assert searched.add(hashes[600:700]) == range(600, 700)
    assert searched.add(hashes[700:]) == range(700, 900)
    assert_equal(searched.search(queries, RADIUS), radius_search(queries, hashes, RADIUS))
    gone = np.array([0, 599, 600, 899])
    searched.remove(gone)
    whole = radius_search(queries, hashes, RADIUS)
    kept = ~np.isin(whole.reference, gone)
    assert_equal(
        searched.search(queries, RADIUS),
        Matches(whole.query[kept], whole.reference[kept], whole.distance[kept]),
    )
    assert len(searched) == 900


def test_a_row_that_is_not_there_cannot_be_removed() -> None:
    with pytest.raises(IndexError):
        NearList(random_hashes(1, 5)).remove(np.array([5]))


def test_an_index_is_made_once_and_only_when_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    class Counting:
        widest_radius = 32

        def __init__(self, references: Hashes, threads: int) -> None:
            made.append(len(references))

        def search(self, queries: Hashes, radius: int) -> tuple[Matches, Hashes]:
            return radius_search(queries, listed, radius), np.zeros(0, np.intp)

    listed = random_hashes(1, 50)
    monkeypatch.setattr(near, "Bands", Counting)
    monkeypatch.setattr(near, "WORTHWHILE", 50)
    monkeypatch.setattr(near, "QUERIES_BEFORE", 30)
    long, short = NearList(listed), NearList(listed[:49])
    for asked in (10, 19, 1, 30):
        for one in (long, short):
            one.search(listed[:asked], RADIUS)
        assert made == ([] if asked in (10, 19) else [50])


def test_without_memory_for_an_index_all_pairs_are_compared(
    at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(near, "Bands", no_memory)
    listed = random_hashes(1, 50)
    found = NearList(listed).search(listed, RADIUS)
    np.testing.assert_array_equal(found.reference, np.arange(50))


def test_without_a_compiled_core_all_pairs_are_compared(
    at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "Bands", None)
    listed = random_hashes(1, 50)
    found = NearList(listed).search(listed, RADIUS)
    np.testing.assert_array_equal(found.reference, np.arange(50))


def test_a_list_or_a_query_may_be_none_at_all(at_once: None) -> None:
    none, some = random_hashes(1, 0), random_hashes(1, 5)
    for queries, listed in ((none, some), (some, none), (none, none)):
        assert not len(NearList(listed).search(queries, RADIUS).query)


def test_what_is_no_list_of_hashes_or_no_radius_is_refused(at_once: None) -> None:
    searched = NearList(random_hashes(1, 5))
    with pytest.raises(ValueError, match="hashes must be"):
        NearList(np.zeros((3, 31), np.uint8))
    with pytest.raises(ValueError, match="queries must be"):
        searched.search(np.zeros(32, np.uint8), RADIUS)
    for radius in (-1, 257):
        with pytest.raises(ValueError, match=r"0\.\.256"):
            searched.search(random_hashes(1, 1), radius)


@pytest.fixture
def alarm() -> Iterator[None]:
    """A signal soon, as Ctrl-C would send it, that raises Interrupted."""

    def interrupt(*_: object) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("path", compiled_paths()[:1])
def test_making_an_index_can_be_interrupted(path: str, alarm: None) -> None:
    from luwte import _native

    listed = np.zeros((3_000_000, 32), np.uint8)
    with pytest.raises(Interrupted):
        while True:
            partial(_native.Bands, listed, 1, path)()
