"""P2: every list entry within 31 bits of a query, against the exact indexes of FAISS and threatexchange."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

import faiss
import numpy as np
from numpy.typing import NDArray
from threatexchange.signal_type.pdq.pdq_faiss_matcher import PDQMultiHashIndex

from bench.rows import Row
from bench.turns import medians
from luwte.lab.reference.near import QUERIES_BEFORE, NearList

RADIUS = 31
OURS_AT_ONCE = 2_000
PEERS_AT_ONCE = 200
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


def skewed_row(entries: int, repetitions: int) -> Row:
    """Return the row of a list of which half lies around 20 centres, as flat and dark pictures do."""
    references = _random(2, entries)
    centres = np.repeat(_random(3, 20), entries // 40, axis=0)
    references[: len(centres)] = _flipped(centres, 24, 60, seed=4)
    peers = {"FAISS IndexBinaryFlat": _flat(references)}
    queries = _planted(references, OURS_AT_ONCE, RADIUS)
    ours = _warm(references, queries)
    _assert_same(ours, queries[:PEERS_AT_ONCE], peers["FAISS IndexBinaryFlat"])
    label = f"{entries / 1e6:g} M entries, half of them around 20 centres"
    return _measured("P2-skewed", label, ours, queries, peers, repetitions)


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
    better, *others = sorted(rates.items(), key=lambda pair: -pair[1])
    rest = ", ".join(f"{name} {rate:.0f}" for name, rate in others)
    return Row(
        identifier,
        f"radius-31 search in {label}, recall 1.0 (queries a CPU second)",
        f"{better[0]}; {rest}" if rest else better[0],
        ours,
        better[1],
        None,
        ours / better[1],
        ">= 60x the better peer",
        ours >= 60 * better[1],
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


def _assert_same(listed: NearList, queries: Hashes, flat: Callable[[Hashes], object]) -> None:
    """The answers must be those of FAISS's brute force, pair by pair, or the row would be worth nothing."""
    limits, distances, labels = cast("tuple[NDArray[np.uint64], ...]", flat(queries))
    counts = (limits[1:] - limits[:-1]).astype(np.int64)
    owners = np.repeat(np.arange(len(queries)), counts)
    theirs = sorted(zip(owners.tolist(), labels.tolist(), distances.astype(int).tolist(), strict=True))
    ours = listed.search(queries, RADIUS)
    if theirs != list(zip(*(column.tolist() for column in ours), strict=True)):
        raise AssertionError("the radius search does not find what FAISS finds")
