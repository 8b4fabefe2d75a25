"""P2: every list entry within 31 bits of a query, against the exact indexes of FAISS and threatexchange."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import cast

import faiss
import numpy as np
from numpy.typing import NDArray
from threatexchange.signal_type.pdq.pdq_faiss_matcher import PDQMultiHashIndex

from bench.rows import Row, named
from bench.turns import medians
from luwte.lab.reference.hamming import radius_search
from luwte.lab.reference.near import QUERIES_BEFORE, NearList

RADIUS = 31
OURS_AT_ONCE = 2_000
PEERS_AT_ONCE = 200
FEW = 20
MOST_MEMORY = 8 << 30
BYTES_AN_ENTRY = 150
"""What the largest list needs: ours with its index, the copy of FAISS, and some room."""
Hashes = NDArray[np.uint8]


def row(identifier: str, entries: int, repetitions: int, *, wrapper: bool) -> Row:
    """Return the row of a list of `entries` random hashes; `wrapper` adds threatexchange's own index."""
    faiss.omp_set_num_threads(1)
    references = _random(1, entries)
    peers = {
        "FAISS IndexBinaryMultiHash 16 x 16": _multi_hash(references),
        "FAISS IndexBinaryFlat": _flat(references),
    }
    if wrapper:
        peers["threatexchange PDQMultiHashIndex"] = _wrapper(references)
    queries = _planted(references, OURS_AT_ONCE, RADIUS)
    ours = _warm(references, queries)
    _assert_same(ours, queries[:PEERS_AT_ONCE], peers["FAISS IndexBinaryFlat"])
    label = f"{entries / 1e6:g} M random entries"
    return _measured(identifier, label, ours, queries, peers, repetitions)


def skewed_rows(entries: int, repetitions: int) -> Iterator[Row]:
    """Return the rows of a list of which half lies around 20 centres, as flat and dark pictures do.

    One is against FAISS, one against our own comparison of all pairs, which no skew slows down.
    """
    references = _random(2, entries)
    centres = np.repeat(_random(3, 20), entries // 40, axis=0)
    references[: len(centres)] = _flipped(centres, 24, 60, seed=4)
    peers = {"FAISS IndexBinaryFlat": _flat(references)}
    queries = _planted(references, OURS_AT_ONCE, RADIUS)
    ours = _warm(references, queries)
    _assert_same(ours, queries[:PEERS_AT_ONCE], peers["FAISS IndexBinaryFlat"])
    label = f"{entries / 1e6:g} M entries, half of them around 20 centres"
    yield _measured("P2-skewed", label, ours, queries, peers, repetitions)
    yield _against_all_pairs("P2-skewed-own", label, ours, queries, references, repetitions)


def largest_row(identifier: str, entries: int) -> Row:
    """Return the row of a list of `entries` that only brute force can be asked beside ours; once each.

    What is planted must be found, and on some of the queries what FAISS's brute force finds.
    """
    _require_memory(BYTES_AN_ENTRY * entries)
    faiss.omp_set_num_threads(1)
    references = _random(1, entries)
    queries = _planted(references, OURS_AT_ONCE, RADIUS)
    listed, build = _built(references, queries)
    held = _most_memory()
    _assert_all_pairs(listed, references, queries[:FEW])
    flat = _flat(references)
    _assert_same(listed, queries[:FEW], flat)
    times = medians({"ours": lambda: listed.search(queries, RADIUS), "flat": lambda: flat(queries[:FEW])}, 1)
    ours, peer = OURS_AT_ONCE / times["ours"], FEW / times["flat"]
    return Row(
        identifier,
        f"radius-31 search in {entries / 1e6:g} M random entries, recall 1.0; index made in {build:.0f} CPU"
        f" s, {held / 2**30:.2f} GiB in all (queries a CPU second)",
        "FAISS IndexBinaryFlat",
        ours,
        peer,
        None,
        ours / peer,
        f">= 60x the peer, in <= {MOST_MEMORY >> 30} GiB",
        ours >= 60 * peer and held <= MOST_MEMORY,
    )


def own_rate(entries: int, repetitions: int) -> float:
    """Return how many queries a CPU second ours answers on a list of `entries` random hashes."""
    references = _random(1, entries)
    queries = _planted(references, OURS_AT_ONCE, RADIUS)
    listed = _warm(references, queries)
    return OURS_AT_ONCE / medians({"ours": lambda: listed.search(queries, RADIUS)}, repetitions)["ours"]


def _against_all_pairs(
    identifier: str, label: str, listed: NearList, queries: Hashes, references: Hashes, repetitions: int
) -> Row:
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: listed.search(queries, RADIUS),
        "all pairs": lambda: radius_search(queries, references, RADIUS),
    }
    times = medians(ways, repetitions)
    ours, plain = (OURS_AT_ONCE / times[way] for way in ("ours", "all pairs"))
    return Row(
        identifier,
        f"radius-31 search in {label} (queries a CPU second)",
        "our own comparison of all pairs",
        ours,
        plain,
        None,
        ours / plain,
        ">= 0.5x all pairs",
        ours >= 0.5 * plain,
    )


def _measured(
    identifier: str,
    label: str,
    listed: NearList,
    queries: Hashes,
    peers: dict[str, Callable[[Hashes], object]],
    repetitions: int,
) -> Row:
    ways: dict[str, Callable[[], object]] = {
        name: partial(search, queries[:PEERS_AT_ONCE]) for name, search in peers.items()
    }
    ways["ours"] = lambda: listed.search(queries, RADIUS)
    times = medians(ways, repetitions)
    ours = OURS_AT_ONCE / times["ours"]
    rates = {name: PEERS_AT_ONCE / times[name] for name in peers}
    peer, better = named(rates)
    return Row(
        identifier,
        f"radius-31 search in {label}, recall 1.0 (queries a CPU second)",
        peer,
        ours,
        better,
        None,
        ours / better,
        ">= 60x the better peer",
        ours >= 60 * better,
    )


def _random(seed: int, count: int) -> Hashes:
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


def _planted(references: Hashes, count: int, most: int) -> Hashes:
    """Half of the queries unrelated, half an entry with up to `most` bits turned over; in mixed order."""
    dice = np.random.default_rng(5)
    chosen = references[dice.integers(0, len(references), count // 2)]
    queries = np.concatenate([_random(6, count - count // 2), _flipped(chosen, 0, most, seed=7)])
    return np.ascontiguousarray(queries[dice.permutation(count)])


def _flipped(hashes: Hashes, least: int, most: int, *, seed: int) -> Hashes:
    """Each hash with `least` to `most` of its bits turned over."""
    dice = np.random.default_rng(seed)
    flipped = hashes.copy()
    for start in range(0, len(hashes), 1 << 16):
        part = flipped[start : start + (1 << 16)]
        order = dice.random((len(part), 256), dtype=np.float32).argsort(axis=1).argsort(axis=1)
        part ^= np.packbits(order < dice.integers(least, most + 1, (len(part), 1)), axis=1)
    return flipped


def _multi_hash(references: Hashes) -> Callable[[Hashes], object]:
    index = faiss.IndexBinaryMultiHash(256, 16, 16)
    index.nflip = 1
    index.add(references)
    return lambda queries: index.range_search(queries, RADIUS + 1)


def _flat(references: Hashes) -> Callable[[Hashes], object]:
    index = faiss.IndexBinaryFlat(256)
    index.add(references)
    return lambda queries: index.range_search(queries, RADIUS + 1)


def _wrapper(references: Hashes) -> Callable[[Hashes], object]:
    index = PDQMultiHashIndex()
    index.add((row.tobytes().hex() for row in references), range(len(references)))
    return lambda queries: index.search([row.tobytes().hex() for row in queries], RADIUS, return_as_ids=True)


def _warm(references: Hashes, queries: Hashes) -> NearList:
    """Return the list as a scan has it once it was asked enough to be worth an index."""
    listed = NearList(references)
    for _ in range(-(-QUERIES_BEFORE // len(queries)) + 1):
        listed.search(queries, RADIUS)
    return listed


def _built(references: Hashes, queries: Hashes) -> tuple[NearList, float]:
    """Return the list with its index made, and the CPU seconds that making it took on all cores."""
    listed = NearList(references)
    start = time.process_time()
    listed.search(np.repeat(queries[:1], QUERIES_BEFORE, axis=0), RADIUS)
    return listed, time.process_time() - start


def _require_memory(needed: int) -> None:
    """End the bench where there is less than `needed` bytes: a machine that swaps measures nothing."""
    facts = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    there = 1024 * int(facts["MemAvailable"].split()[0])
    if there < needed:
        raise SystemExit(f"This part needs {needed >> 30} GiB of free memory, and {there >> 30} are there.")


def _most_memory() -> int:
    """Return the most bytes that this process ever had in memory."""
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _assert_all_pairs(listed: NearList, references: Hashes, queries: Hashes) -> None:
    ours, plain = listed.search(queries, RADIUS), radius_search(queries, references, RADIUS)
    if [column.tolist() for column in ours] != [column.tolist() for column in plain]:
        raise AssertionError("the index does not find what a comparison of all pairs finds")


def _assert_same(listed: NearList, queries: Hashes, flat: Callable[[Hashes], object]) -> None:
    """The answers must be those of FAISS's brute force, pair by pair, or the row would be worth nothing."""
    limits, distances, labels = cast("tuple[NDArray[np.uint64], ...]", flat(queries))
    counts = (limits[1:] - limits[:-1]).astype(np.int64)
    owners = np.repeat(np.arange(len(queries)), counts)
    theirs = sorted(zip(owners.tolist(), labels.tolist(), distances.astype(int).tolist(), strict=True))
    ours = listed.search(queries, RADIUS)
    if theirs != list(zip(*(column.tolist() for column in ours), strict=True)):
        raise AssertionError("the radius search does not find what FAISS finds")
