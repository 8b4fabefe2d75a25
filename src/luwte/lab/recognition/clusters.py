"""Clusters: files that matched one entry and are copies of one another, so that one decision serves them all.

Two files are within reach when they have the same digest, or PDQ hashes that would be near. What is within
reach of a file of a cluster belongs to it. So the clusters depend on the files alone, never on their order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import nsmallest
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from luwte.crypto.pseudonyms import pseudonym
from luwte.lab.recognition.verdicts import PDQ_RADIUS
from luwte.lab.reference.hamming import HASH_BYTES, radius_search

AT_ONCE = 1 << 10
"""Hashes that are looked up at once."""
BLOCK = 1 << 14
"""Hashes that they are compared with at once: so many pairs, 300 MB, are the most that one search gives."""


class Member(NamedTuple):
    """A file that matched an entry: the strongest digest that is known of it, and its PDQ (32 bytes).

    `pdq` is None for a video, whose one frame says little of the whole, and where there is none. `name` is
    the PDQ itself where a list says nothing else of the file.
    """

    name: bytes
    pdq: bytes | None


def clusters(files: Sequence[Member]) -> list[list[int]]:
    """Return the clusters of `files`, which all matched the same entry, as ascending places in `files`.

    Each file is in one. Where none is near another, all pairs are compared: of a million such files that
    takes 55 seconds of processor time, a fiftieth of what looking at small pictures took.
    """
    names = {name: number for number, name in enumerate(dict.fromkeys(file.name for file in files))}
    shown = sorted({file.pdq for file in files if file.pdq is not None})
    hashes = np.frombuffer(b"".join(shown), np.uint8).reshape(-1, HASH_BYTES)
    reached = dict(zip(shown, _components(hashes, PDQ_RADIUS).tolist(), strict=True))
    groups = _Groups(len(names) + len(shown))
    for file in files:
        if file.pdq is not None:
            groups.join(names[file.name], len(names) + reached[file.pdq])
    found: dict[int, list[int]] = {}
    joined = groups.all().tolist()
    for place, file in enumerate(files):
        found.setdefault(joined[names[file.name]], []).append(place)
    return list(found.values())


def cluster_id(key: bytes, entry: str, files: Sequence[Member]) -> str:
    """Return the id (32 hex) of the cluster of `files` that matched `entry` (32 hex).

    It stems from the smallest name among them: under one `key` the same files always have the same id, and
    without the key nothing follows from it.
    """
    return _named(key, entry, min(file.name for file in files))


def held_ids(key: bytes, entry: str, files: Sequence[Member], most: int) -> dict[bytes, str]:
    """Return the ids that the cluster of `files` had, or would have, without the smallest names among them.

    By the name that each stems from; of the smallest that follow the first, at most so many.
    """
    names = nsmallest(most + 1, {file.name for file in files})
    return {name: _named(key, entry, name) for name in names[1:]}


def _named(key: bytes, entry: str, name: bytes) -> str:
    return pseudonym(key, bytes.fromhex(entry) + name, purpose="cluster")


def _components(hashes: NDArray[np.uint8], radius: int) -> NDArray[np.intp]:
    """Return for each of `hashes` the number of its component: what steps of at most `radius` bits reach.

    Hashes that one of them leads are a group. What leads had all in its reach that no earlier one had, so
    only those that are led are looked up among the groups behind their own. What is known to belong together
    by then is not compared.
    """
    groups = _Groups(len(hashes))
    leader = _led(hashes, radius)
    order = np.argsort(leader, kind="stable")
    ordered, leader = hashes[order], leader[order]
    led = np.flatnonzero(leader != order)
    for part in _parts(led, AT_ONCE):
        behind = np.arange(np.searchsorted(leader, leader[part[0]], "right"), len(order))
        known = groups.all()[leader]
        if (known[part] == known[part[0]]).all():
            behind = behind[known[behind] != known[part[0]]]
        for block in _parts(behind, BLOCK):
            found = radius_search(ordered[part], ordered[block], radius)
            pairs = leader[part[found.query]] * len(order) + leader[block[found.reference]]
            for pair in np.unique(pairs).tolist():
                groups.join(*divmod(pair, len(order)))
    component = np.empty(len(hashes), np.intp)
    component[order] = groups.all()[leader]
    return component


def _led(hashes: NDArray[np.uint8], radius: int) -> NDArray[np.intp]:
    """Return for each of `hashes` the row of the one that leads it: the first within `radius`, or itself."""
    leader = np.arange(len(hashes))
    left, rest = leader.copy(), hashes
    while len(left):
        asked, left = left[:AT_ONCE], left[AT_ONCE:]
        leader[asked] = asked[_led_among(rest[:AT_ONCE], radius)]
        leads, rest = asked[leader[asked] == asked], rest[AT_ONCE:]
        is_led = np.zeros(len(left), bool)
        for start in range(0, len(left), BLOCK):
            found = radius_search(hashes[leads], rest[start : start + BLOCK], radius)
            led = start + found.reference
            leader[left[led[::-1]]] = leads[found.query[::-1]]  # of several, the first one stays
            is_led[led] = True
        if is_led.any():
            left, rest = left[~is_led], rest[~is_led]
    return leader


def _led_among(hashes: NDArray[np.uint8], radius: int) -> NDArray[np.intp]:
    """Return the same for a few hashes."""
    leader = np.arange(len(hashes))
    found = radius_search(hashes, hashes, radius)
    starts = np.searchsorted(found.query, np.arange(len(hashes) + 1))
    for row in np.flatnonzero(np.diff(starts) > 1).tolist():
        if leader[row] == row:
            near = found.reference[starts[row] : starts[row + 1]]
            leader[near[leader[near] == near]] = row
    return leader


def _parts(rows: NDArray[np.intp], size: int) -> Iterator[NDArray[np.intp]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


class _Groups:
    """Numbers that are joined to groups: union-find with halved paths (Tarjan, van Leeuwen 1984)."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))  # quicker than an array, one number at a time

    def of(self, number: int) -> int:
        """Return the number that stands for the group of `number`."""
        above = self._above
        while above[number] != number:
            above[number] = number = above[above[number]]
        return number

    def all(self) -> NDArray[np.intp]:
        """Return for each number the one that stands for its group."""
        above = np.array(self._above, np.intp)
        while ((higher := above[above]) != above).any():
            above = higher
        return above

    def join(self, one: int, other: int) -> None:
        """Make one group of those of `one` and `other`."""
        self._above[self.of(one)] = self.of(other)
