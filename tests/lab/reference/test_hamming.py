"""The radius search on every engine, against a search written out pair by pair."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from luwte.lab.reference import hamming, hamming_numpy
from tests.support.engines import compiled_paths, engines
from tests.support.hashes import Hashes, random_hashes, with_flipped_bits

Found = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.uint16]]


class Interrupted(Exception):
    pass


@pytest.fixture(params=engines())
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each engine in turn, behind the public face."""
    name = str(request.param)
    monkeypatch.setattr(hamming, "_search", search_on(name))
    return name


def search_on(engine: str) -> Callable[[Hashes, Hashes, int], Found]:
    if engine == "numpy":
        return hamming_numpy.radius_search
    from luwte import _native

    return lambda queries, references, radius: _native.radius_search(queries, references, radius, engine)


def pair_by_pair(queries: Hashes, references: Hashes, radius: int) -> list[tuple[int, int, int]]:
    numbers = [[int.from_bytes(row.tobytes(), "big") for row in hashes] for hashes in (queries, references)]
    pairs = ((q, r, (a ^ b).bit_count()) for q, a in enumerate(numbers[0]) for r, b in enumerate(numbers[1]))
    return [pair for pair in pairs if pair[2] <= radius]


def triples(found: Found | hamming.Matches) -> list[tuple[int, int, int]]:
    return list(zip(*(column.tolist() for column in found), strict=True))


@given(
    seed=st.integers(0, 10**6),
    queries=st.integers(0, 20),
    references=st.integers(0, 90),
    radius=st.integers(0, 256),
    spread=st.integers(0, 160),
)
@pytest.mark.parametrize("name", engines())
def test_finds_what_a_search_pair_by_pair_finds(
    name: str, seed: int, queries: int, references: int, radius: int, spread: int
) -> None:
    centre = np.repeat(random_hashes(seed, 1), queries + references, axis=0)
    flips = np.random.default_rng(seed).integers(0, spread + 1, queries + references)
    hashes = with_flipped_bits(centre, flips, seed)
    found = search_on(name)(hashes[:queries], hashes[queries:], radius)
    assert triples(found) == pair_by_pair(hashes[:queries], hashes[queries:], radius)


@pytest.mark.parametrize("count", [1, 15, 16, 31, 32, 33, 2_000])
def test_nothing_within_reach_is_missed_and_nothing_beyond_it_found(engine: str, count: int) -> None:
    queries = random_hashes(1, count)
    apart = np.arange(count) % 64
    found = hamming.radius_search(queries, with_flipped_bits(queries, apart, 2), 31)
    near = np.flatnonzero(apart <= 31)
    np.testing.assert_array_equal(found.query, near)
    np.testing.assert_array_equal(found.reference, near)
    np.testing.assert_array_equal(found.distance, apart[near])


def test_matches_come_sorted_by_query_then_reference(engine: str) -> None:
    """A skewed list: everything near everything, over more queries than one block holds."""
    queries, references = np.zeros((1_100, 32), np.uint8), np.zeros((40, 32), np.uint8)
    found = hamming.radius_search(queries, references, 0)
    np.testing.assert_array_equal(found.query, np.repeat(np.arange(1_100), 40))
    np.testing.assert_array_equal(found.reference, np.tile(np.arange(40), 1_100))
    assert [column.dtype for column in found] == [np.intp, np.intp, np.uint16]


def test_numpy_twin_joins_its_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    references = random_hashes(3, 1_000)
    monkeypatch.setattr(hamming_numpy, "REFERENCES_AT_ONCE", 64)
    found = hamming_numpy.radius_search(references[::7].copy(), references, 31)
    np.testing.assert_array_equal(found[1], np.arange(0, 1_000, 7))


def test_queries_or_references_may_be_none_at_all(engine: str) -> None:
    none, some = random_hashes(1, 0), random_hashes(1, 5)
    for queries, references in ((none, some), (some, none), (none, none)):
        assert triples(hamming.radius_search(queries, references, 31)) == []


def test_slices_and_odd_addresses_are_taken(engine: str) -> None:
    wide = np.random.default_rng(4).integers(0, 256, (70, 40), dtype=np.uint8)
    shifted = np.frombuffer(b"x" + wide[:, 3:35].tobytes(), np.uint8)[1:].reshape(70, 32)
    found = hamming.radius_search(wide[:, 3:35], shifted, 0)
    np.testing.assert_array_equal(found.query, np.arange(70))
    np.testing.assert_array_equal(found.reference, np.arange(70))


@pytest.mark.parametrize("radius", [-1, 257])
def test_a_radius_outside_the_hash_is_refused(radius: int) -> None:
    with pytest.raises(ValueError, match=r"0\.\.256"):
        hamming.radius_search(random_hashes(1, 1), random_hashes(2, 1), radius)


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((3, 31), np.uint8),
        np.zeros(32, np.uint8),
        np.zeros((3, 32), np.int8),
        np.zeros((3, 32, 1), np.uint8),
        [bytes(32)],
    ],
)
def test_what_is_no_list_of_hashes_is_refused(wrong: Hashes) -> None:
    right = np.zeros((1, 32), np.uint8)
    with pytest.raises(ValueError, match="queries must be"):
        hamming.radius_search(wrong, right, 31)
    with pytest.raises(ValueError, match="references must be"):
        hamming.radius_search(right, wrong, 31)


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


@pytest.mark.parametrize("path", compiled_paths()[-1:])
def test_a_long_search_can_be_interrupted(path: str, alarm: None) -> None:
    """Left alone, this search would outlast the time limit of every test many times."""
    with pytest.raises(Interrupted):
        search_on(path)(np.zeros((1_000_000, 32), np.uint8), np.full((2_000_000, 32), 255, np.uint8), 31)


def test_the_engine_is_named() -> None:
    assert ("native" if compiled_paths() else "numpy") == hamming.ENGINE
