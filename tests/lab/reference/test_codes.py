"""Votes of local codes on every engine, with tables and without: those save work, and change no answer."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from luwte.base.errors import BadInput
from luwte.lab.fingerprints.keypoints import Keypoints, find_keypoints
from luwte.lab.fingerprints.local_codes import LocalCodes, Rotation
from luwte.lab.reference import codes, codes_numpy
from luwte.lab.reference.codes import CODE_RADIUS, Candidate, CodeList
from tests.support.drawn import drawn
from tests.support.engines import compiled_paths, engines

Bytes = NDArray[np.uint8]
SEED = bytes(range(32))
BANDS = (0, 32, 64, 96, 128)


class Interrupted(Exception):
    pass


@dataclass(frozen=True)
class Listed:
    """Columns as a bundle holds them."""

    codes: Bytes
    coded_entry: NDArray[np.uint32]
    coded_count: Bytes
    coded_frame: Bytes
    rotation: Bytes = field(default_factory=lambda: np.frombuffer(SEED, np.uint8))


def listed(references: dict[int, LocalCodes]) -> Listed:
    every = list(references.values())
    return Listed(
        np.concatenate([one.codes for one in every]),
        np.array(list(references), np.uint32),
        np.array([len(one) for one in every], np.uint8),
        np.array([(one.width, one.height) for one in every], np.uint8),
    )


NOTHING = Listed(
    np.zeros((0, 20), np.uint8),
    np.zeros(0, np.uint32),
    np.zeros(0, np.uint8),
    np.zeros((0, 2), np.uint8),
    np.zeros(0, np.uint8),
)


def made(bits: Bytes) -> Bytes:
    """Codes of these bits, at any places."""
    return np.concatenate([bits, np.full((len(bits), 4), 255, np.uint8)], axis=1)


def apart(seed: int, count: int) -> Bytes:
    return np.random.default_rng(seed).integers(0, 256, (count, 16), np.uint8)


def strewn(seed: int, count: int, centres: int, spread: float) -> Bytes:
    """Bits around so many centres: each has up to the share `spread` of them turned over."""
    dice = np.random.default_rng(seed)
    bits = np.unpackbits(apart(seed + 1, centres)[dice.integers(0, centres, count)], axis=1)
    bits ^= dice.random((count, 128)) < spread * dice.random((count, 1))
    return np.packbits(bits, axis=1)


def counts_for(seed: int, references: int) -> Bytes:
    return np.random.default_rng(seed).integers(1, 65, references).astype(np.uint8)


def by_hand(listed: Bytes, counts: Bytes, asked: Bytes, radius: int, most: int) -> list[tuple[int, int, int]]:
    """Reference, votes and weight, pair by pair."""
    numbers = [int.from_bytes(row[:16].tobytes(), "big") for row in listed]
    owners = np.repeat(np.arange(len(counts)), counts).tolist()
    votes: Counter[int] = Counter()
    weight: Counter[int] = Counter()
    own: dict[int, set[int]] = {}
    for code in (int.from_bytes(row.tobytes(), "big") for row in asked):
        near = [row for row, number in enumerate(numbers) if (number ^ code).bit_count() <= radius]
        met = {owners[row] for row in near}
        for row in near:
            own.setdefault(owners[row], set()).add(row)
        for reference in met:
            votes[reference] += 1
            weight[reference] += (len(counts) // len(met)).bit_length()
    found = []
    for reference, count in votes.items():
        counted = min(count, len(own[reference]))
        found.append((reference, counted, weight[reference] * counted // count))
    return sorted(found, key=lambda one: (-one[2], -one[1], one[0]))[:most]


Engine = Callable[[Bytes, Bytes, bool], "codes_numpy.Codes"]


@pytest.fixture(params=engines())
def make(request: pytest.FixtureRequest) -> Engine:
    """How each engine reads a list in turn, with tables or without."""
    return maker(str(request.param))


def maker(engine: str) -> Engine:
    def made(listed: Bytes, counts: Bytes, tables: bool) -> codes_numpy.Codes:
        if engine == "numpy":
            return codes_numpy.Codes(listed, counts)
        from luwte import _native

        searched = _native.Codes(listed, counts, engine)
        if tables:
            searched.index(2)
        return cast("codes_numpy.Codes", searched)

    return made


def triples(
    found: tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint64]],
) -> list[tuple[int, ...]]:
    return list(zip(*(column.tolist() for column in found), strict=True))


@pytest.mark.parametrize("name", engines())
@given(
    seed=st.integers(0, 10**6),
    references=st.integers(1, 12),
    asked=st.integers(0, 12),
    radius=st.integers(0, 15),
    centres=st.integers(1, 40),
    spread=st.floats(0, 0.4),
)
def test_the_votes_are_those_of_comparing_pair_by_pair(
    name: str, seed: int, references: int, asked: int, radius: int, centres: int, spread: float
) -> None:
    counts = counts_for(seed, references)
    bits = strewn(seed, int(counts.sum()) + asked, centres, spread)
    rows, queries = made(bits[asked:]), bits[:asked]
    expected = by_hand(rows, counts, queries, radius, 5)
    for tables in (False, True):
        assert triples(maker(name)(rows, counts, tables).best(queries, radius, 5)) == expected


@pytest.mark.parametrize("path", compiled_paths())
@given(
    seed=st.integers(0, 10**6),
    radius=st.integers(0, 15),
    centres=st.integers(2, 30_000),
    skewed=st.booleans(),
)
@settings(max_examples=20)
def test_tables_find_in_a_longer_list_what_comparing_all_pairs_finds(
    path: str, seed: int, radius: int, centres: int, skewed: bool
) -> None:
    """From even lists to those of which a third is one code: what is asked of that goes without tables."""
    counts = counts_for(seed, 1_000)
    bits = strewn(seed, int(counts.sum()) + 60, centres, 0.2)
    if skewed:
        bits[60::3] = bits[0]
    rows, queries = made(bits[60:]), bits[:60]
    tables = maker(path)(rows, counts, True).best(queries, radius, 50)
    assert triples(tables) == triples(codes_numpy.Codes(rows, counts).best(queries, radius, 50))


@pytest.mark.parametrize("path", compiled_paths())
@pytest.mark.parametrize("radius", range(16))
def test_a_code_at_the_very_radius_is_found_however_its_bits_lie(path: str, radius: int) -> None:
    """Also where they fill three or four of each band, at either end, so that no band is left with fewer."""
    rows = made(apart(radius, 64_000))
    bits = np.unpackbits(rows[:64, :16], axis=1, bitorder="little")
    number = np.arange(radius)
    for row in range(64):
        if row < 32:
            places = number // 4 if row % 2 else -1 - number // 4
            starts = np.array(BANDS)[number % 4 + (places < 0)]
        else:
            places, starts = np.random.default_rng(row).permutation(128)[:radius], number * 0
        bits[row, starts + places] ^= 1
    searched = maker(path)(rows, np.full(1_000, 64, np.uint8), True)
    found = searched.best(np.packbits(bits, axis=1, bitorder="little"), radius, 1)
    assert triples(found) == [(0, 64, 64 * 10)]


@pytest.mark.parametrize("tables", [False, True])
def test_what_lies_in_memory_behind_a_list_is_not_of_it(make: Engine, tables: bool) -> None:
    """A thousand and one codes, of which the last stands alone in its block, and behind it others like it."""
    held = made(apart(5, 1_008))
    held[1_001:] = held[1_000]
    found = make(held[:1_001], np.full(143, 7, np.uint8), tables).best(held[1_000:1_001, :16], 3, 2)
    assert triples(found) == [(142, 1, 8)]


def test_many_hits_are_summed_up_as_few_are(make: Engine) -> None:
    """More hits than are kept at once: a picture of one code, repeated, against a list of the same code."""
    rows = made(np.zeros((64 * 800, 16), np.uint8))
    counts = np.full(800, 64, np.uint8)
    found = make(rows, counts, True).best(np.zeros((40, 16), np.uint8), 3, 2)
    assert triples(found) == [(0, 40, 40), (1, 40, 40)]


def test_a_reference_that_is_met_in_one_code_has_one_vote(make: Engine) -> None:
    """Forty codes of a grid meet the one such code of the first reference, and ten each of the second."""
    grid, others = np.zeros((1, 16), np.uint8), apart(1, 54)
    rows = made(np.concatenate([grid, others[:9], grid.repeat(10, axis=0), others[9:]]))
    counts = np.array([10, 10, *[1] * 45], np.uint8)
    assert triples(make(rows, counts, False).best(grid.repeat(40, axis=0), 0, 9)) == [
        (1, 10, 40 * 5 * 10 // 40),
        (0, 1, 40 * 5 // 40),
    ]


def test_what_many_references_have_weighs_little(make: Engine) -> None:
    """Five codes that every reference has do not outweigh two that one has alone."""
    common, rare = apart(3, 5), apart(4, 2)
    rows = made(np.concatenate([np.tile(common, (63, 1)), common[:3], rare]))
    found = make(rows, np.full(64, 5, np.uint8), False).best(np.concatenate([common, rare]), 0, 2)
    assert triples(found) == [(63, 5, 3 + 2 * 7), (0, 5, 5)]


@pytest.mark.parametrize("path", compiled_paths())
@pytest.mark.parametrize(
    ("shape", "counts", "why"),
    [
        ((3, 19), [3], "20 bytes"),
        ((3, 20), [2], "add up"),
        ((3, 20), [3, 0], "1 to 64"),
        ((65, 20), [65], "1 to 64"),
    ],
)
def test_the_compiled_core_refuses_what_it_would_read_wrongly(
    path: str, shape: tuple[int, int], counts: list[int], why: str
) -> None:
    from luwte import _native

    with pytest.raises(ValueError, match=why):
        _native.Codes(np.zeros(shape, np.uint8), np.array(counts, np.uint8), path)
    searched = _native.Codes(np.zeros((1, 20), np.uint8), np.array([1], np.uint8), path)
    with pytest.raises(ValueError, match="16 bytes"):
        searched.best(np.zeros((1, 20), np.uint8), 3, 1)
    with pytest.raises(ValueError, match="wider"):
        searched.best(np.zeros((1, 16), np.uint8), 16, 1)


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
    """Left alone, this search would outlast the time limit of every test."""
    rows, counts = np.zeros((6_400_000, 20), np.uint8), np.full(100_000, 64, np.uint8)
    with pytest.raises(Interrupted):
        maker(path)(rows, counts, False).best(np.full((200_000, 16), 255, np.uint8), 3, 1)


@pytest.mark.parametrize("path", compiled_paths()[-1:])
def test_making_tables_can_be_interrupted_and_a_list_serves_without(path: str, alarm: None) -> None:
    searched = maker(path)(np.zeros((19_200_000, 20), np.uint8), np.full(300_000, 64, np.uint8), False)
    with pytest.raises(Interrupted):
        searched.index(2)
    assert triples(searched.best(np.zeros((1, 16), np.uint8), 3, 1)) == [(0, 1, 1)]


@pytest.fixture(params=engines()[:: len(engines()) - 1 or 1])
def face(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The public face on the compiled core, with tables for each list, and on its twin."""
    monkeypatch.setattr(codes, "WORTHWHILE", 1)
    monkeypatch.setattr(codes, "ENGINE", "numpy" if request.param == "numpy" else "native")


@cache
def found_in(seed: int, crop: tuple[int, int, int, int] | None = None, mirrored: bool = False) -> Keypoints:
    picture = drawn(seed) if crop is None else drawn(seed).crop(crop)
    grey = np.asarray(picture.convert("L"))
    return find_keypoints(np.ascontiguousarray(grey[:, ::-1]) if mirrored else grey)


@cache
def drawn_list() -> Listed:
    """Thirty drawn pictures, as the entries 0, 3, 6, ..."""
    rotation = Rotation(SEED)
    return listed({3 * seed: rotation.encode(found_in(seed)) for seed in range(30)})


def test_a_crop_is_found_as_its_whole(face: None) -> None:
    searched = CodeList(drawn_list())
    assert len(searched) == 30
    for seed in (1, 2, 3, 4, 8, 9):
        first = searched.find(found_in(seed, (100, 60, 560, 420)))[0]
        assert (first.entry, first.mirrored) == (3 * seed, False)
        assert first.votes >= 5


def test_a_mirrored_picture_is_found_as_such(face: None) -> None:
    searched = CodeList(drawn_list())
    for seed in range(5):
        first = searched.find(found_in(seed, mirrored=True))[0]
        assert (first.entry, first.mirrored) == (3 * seed, True)


def test_a_picture_that_is_not_listed_has_no_candidate_with_many_votes(face: None) -> None:
    found = CodeList(drawn_list()).find(found_in(40))
    assert all(2 <= one.votes <= 4 for one in found)
    assert len(found) <= 16


def test_candidates_come_by_weight_and_at_most_eight_each_way(face: None) -> None:
    keypoints = found_in(1)
    code = Rotation(SEED).encode(keypoints)
    many = listed({entry: LocalCodes(128, 96, code.codes[: 40 - entry]) for entry in range(20)})
    found = CodeList(many).find(keypoints)
    upright = [one for one in found if not one.mirrored]
    assert upright == [Candidate(entry, False, 40 - entry, entry) for entry in range(8)]


def test_a_list_without_codes_has_no_candidates(face: None) -> None:
    searched = CodeList(NOTHING)
    assert len(searched) == 0
    assert searched.find(found_in(1)) == []
    with pytest.raises(BadInput, match="no local codes"):
        _ = searched.rotation
    with pytest.raises(KeyError):
        searched.of(0)


def test_a_picture_without_keypoints_has_no_candidates(face: None) -> None:
    assert CodeList(drawn_list()).find(find_keypoints(np.full((300, 300), 7, np.uint8))) == []


def test_the_codes_of_an_entry_are_given_as_they_were_made() -> None:
    searched = CodeList(drawn_list())
    ours, made = searched.of(12), searched.rotation.encode(found_in(4))
    assert ours.to_bytes() == made.to_bytes()
    for absent in (13, 88, 1 << 31):
        with pytest.raises(KeyError):
            searched.of(absent)


@pytest.mark.parametrize(
    "change",
    [
        {"codes": np.zeros((7, 20), np.uint8)},
        {"codes": np.zeros((64, 19), np.uint8)},
        {"coded_count": np.zeros(30, np.uint8)},
        {"coded_entry": np.zeros(29, np.uint32)},
        {"coded_frame": np.zeros((29, 2), np.uint8)},
        {"rotation": np.zeros(0, np.uint8)},
        {"rotation": np.zeros(31, np.uint8)},
    ],
)
def test_columns_that_contradict_each_other_are_refused(change: dict[str, Bytes]) -> None:
    with pytest.raises(BadInput, match="contradict"):
        CodeList(replace(drawn_list(), **change))  # type: ignore[arg-type]


@pytest.mark.skipif(len(engines()) == 1, reason="the compiled core is not here")
def test_without_memory_for_tables_all_pairs_are_compared(
    face: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from luwte import _native

    class Short(_native.Codes):
        def index(self, threads: int) -> None:
            raise MemoryError

    expected = CodeList(drawn_list()).find(found_in(2))
    monkeypatch.setattr(_native, "Codes", Short)
    searched = CodeList(drawn_list())
    assert [searched.find(found_in(2)), searched.find(found_in(2))] == [expected, expected]


def test_several_threads_may_ask_at_once(face: None) -> None:
    searched, expected = CodeList(drawn_list()), CodeList(drawn_list())
    found: dict[int, list[Candidate]] = {}
    threads = [
        threading.Thread(target=lambda seed=seed: found.update({seed: searched.find(found_in(seed))}))
        for seed in range(6)
    ]
    for seed in range(6):
        found_in(seed)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {seed: expected.find(found_in(seed)) for seed in range(6)}


def test_the_radius_is_one_that_tables_reach() -> None:
    assert codes_numpy.Codes.widest_radius >= CODE_RADIUS
    for path in compiled_paths()[:1]:
        from luwte import _native

        assert path
        assert _native.Codes.widest_radius == codes_numpy.Codes.widest_radius


def test_the_decision_says_from_how_many_codes_on_there_are_tables() -> None:
    decisions = Path(__file__).resolve().parents[3] / "docs" / "decisions"
    told = (decisions / "0026-local-codes-and-their-index.md").read_text(encoding="utf-8")
    assert f"a list of {codes.WORTHWHILE:,} codes or more" in told
