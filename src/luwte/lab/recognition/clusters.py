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

AT_ONCE = 16
"""Hashes that are looked up at once: they meet at most so many times the hashes that are left."""


class Member(NamedTuple):
    """A file that matched an entry: the strongest digest that is known of it, and its PDQ (32 bytes).

    `pdq` is None for a video, whose one frame says little of the whole, and where there is none. `name` is
    the PDQ itself where a list says nothing else of the file.
    """

    name: bytes
    pdq: bytes | None


def clusters(files: Sequence[Member]) -> list[list[int]]:
    """Return the clusters of `files`, which all matched the same entry, as ascending places in `files`.

    Each file is in one. It takes time as many files times as many clusters at worst, and little memory.
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
    for place, file in enumerate(files):
        found.setdefault(groups.of(names[file.name]), []).append(place)
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

    Each hash is looked up once, among those that nothing reached yet.
    """
    component = np.full(len(hashes), -1, np.intp)
    for number, reached in enumerate(_walks(hashes, radius)):
        component[reached] = number
    return component


def _walks(hashes: NDArray[np.uint8], radius: int) -> Iterator[NDArray[np.intp]]:
    """Give each component as rows of `hashes`."""
    left = np.arange(len(hashes))
    while len(left):
        starts = left[:AT_ONCE]
        met = np.bincount(radius_search(hashes[starts], hashes[left], radius).query, minlength=len(starts))
        alone = starts[met == 1]
        yield from alone.reshape(-1, 1)
        left = left[~np.isin(left, alone)]
        for start in starts[met > 1]:
            if start in left:
                component, left = _walk(hashes, left, start, radius)
                yield component


def _walk(
    hashes: NDArray[np.uint8], left: NDArray[np.intp], start: np.intp, radius: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows that steps from the row `start` reach among those in `left`, and what is left then."""
    left = left[left != start]
    rest = hashes[left]
    waiting = component = np.array([start])
    while len(waiting) and len(left):
        asked, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        met = np.zeros(len(left), bool)
        met[radius_search(hashes[asked], rest, radius).reference] = True
        if met.any():
            waiting = np.concatenate([waiting, left[met]])
            component = np.concatenate([component, left[met]])
            left, rest = left[~met], rest[~met]
    return component, left


class _Groups:
    """Numbers that are joined to groups: union-find with halved paths (Tarjan, van Leeuwen 1984)."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def of(self, number: int) -> int:
        """Return the number that stands for the group of `number`."""
        above = self._above
        while above[number] != number:
            above[number] = number = above[above[number]]
        return number

    def join(self, one: int, other: int) -> None:
        """Make one group of those of `one` and `other`."""
        self._above[self.of(one)] = self.of(other)
