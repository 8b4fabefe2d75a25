"""Looking the frames of files up among those of all videos of the list: exactly, and counted by entry."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from luwte.exchange.columns import Columns
from luwte.lab.reference.hamming import HASH_BYTES, Matches, radius_search
from luwte.lab.reference.near import NearList

AT_ONCE = 128
"""Hashes that are looked up at once: a list of many like frames costs the memory of their matches only."""

_Numbers = NDArray[np.int64]


class Overlap(NamedTuple):
    """How far a file and the video of `entry` show the same.

    `query` of the file's frames have a like one in the video and `reference` of the video's in the file, of
    which it has `frames`; `distance` is that of the nearest two, in bits.
    """

    entry: int
    query: int
    reference: int
    frames: int
    distance: int


class _Met(NamedTuple):
    """What some frames of a file met: which frame which entry, how near an entry is, and which rows."""

    asked: _Numbers
    gaps: _Numbers
    rows: NDArray[np.intp]


class FilmList:
    """The frames of the videos in `columns`, ready to be searched."""

    def __init__(self, columns: Columns) -> None:
        self._hashes = NearList(columns.frames)
        self._frames = columns.frames
        self._owners = columns.frames_entry
        self._entries = len(columns)

    def overlaps(self, files: Sequence[Collection[bytes]], radius: int) -> list[list[Overlap]]:
        """Return for each file the videos with a frame within `radius` bits of one of its own, by entry.

        Each frame (no two of a file alike) is one or more PDQ hashes of 32 bytes: the forms it may have.
        """
        found: list[list[Overlap]] = [[] for _ in files]
        if len(self._hashes):
            for file, parts in groupby(self._met(files, radius), lambda part: part[0]):
                found[file] = self._counted([met for _, met in parts])
        return found

    def hashes(self, entry: int) -> NDArray[np.uint8]:
        """Return the PDQ (R, 32) of the frames of the video of `entry`, in its order."""
        first, end = np.searchsorted(self._owners, np.array((entry, entry + 1), self._owners.dtype))
        return self._frames[first:end]

    def like(self, frames: Sequence[bytes], entry: int, radius: int) -> NDArray[np.bool_]:
        """Return (Q, R): which of `frames`, as in `overlaps`, is like which frame of the video of `entry`."""
        known = self.hashes(entry)
        forms = np.frombuffer(b"".join(frames), np.uint8).reshape(-1, HASH_BYTES)
        owners = np.repeat(np.arange(len(frames)), [len(frame) // HASH_BYTES for frame in frames])
        found = np.zeros((len(frames), len(known)), np.bool_)
        for start in range(0, len(forms), AT_ONCE):
            met = radius_search(forms[start : start + AT_ONCE], known, radius)
            found[owners[met.query + start], met.reference] = True
        return found

    def _met(self, files: Sequence[Collection[bytes]], radius: int) -> Iterator[tuple[int, _Met]]:
        """Give what the frames of each file met, in the order of the files; of a long one in parts."""
        frames = [frame for file in files for frame in file]
        forms = np.frombuffer(b"".join(frames), np.uint8).reshape(-1, HASH_BYTES)
        numbers = np.repeat(np.arange(len(frames)), [len(frame) // HASH_BYTES for frame in frames])
        owners = np.repeat(np.arange(len(files)), [len(file) for file in files])
        for start in range(0, len(forms), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            found = self._hashes.search(forms[part], radius)
            asked = numbers[part][found.query]
            whose = owners[asked]
            cuts = np.flatnonzero(np.diff(whose)) + 1
            for first, last in zip([0, *cuts], [*cuts, len(whose)], strict=True):
                if first < last:
                    own = slice(first, last)
                    pairs = Matches(found.query[own], found.reference[own], found.distance[own])
                    yield int(whose[first]), self._reduced(pairs, asked[own])

    def _reduced(self, found: Matches, asked: NDArray[np.intp]) -> _Met:
        """Sum up pairs that stand in the order of the query and then of the row, and so of the entry."""
        entries = self._owners[found.reference]
        starts = np.flatnonzero(np.diff(found.query, prepend=-1) | np.diff(entries, prepend=entries[:1]))
        nearest = np.minimum.reduceat(found.distance, starts).astype(np.int64)
        met = entries[starts].astype(np.int64)
        return _Met(
            np.unique(asked[starts] * self._entries + met),
            np.unique(met << 9 | nearest),
            _distinct(found.reference, len(self._hashes)),
        )

    def _counted(self, parts: Sequence[_Met]) -> list[Overlap]:
        asked, gaps, rows = (np.unique(np.concatenate(columns)) for columns in zip(*parts, strict=True))
        entries, query = np.unique(asked % self._entries, return_counts=True)
        reference = np.unique(self._owners[rows], return_counts=True)[1]
        owners = entries.astype(self._owners.dtype)  # of another type, all owners would be copied
        frames = np.searchsorted(self._owners, owners, "right") - np.searchsorted(self._owners, owners)
        nearest = gaps[np.unique(gaps >> 9, return_index=True)[1]] & 511
        columns = (entries, query, reference, frames, nearest)
        return [Overlap(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def _distinct(rows: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Return each of `rows` once, ascending; of very many (of `count`) without sorting them."""
    if 8 * len(rows) < count:
        return np.unique(rows)
    seen = np.zeros(count, bool)
    seen[rows] = True
    return np.flatnonzero(seen)
