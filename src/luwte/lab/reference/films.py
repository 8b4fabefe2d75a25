"""Looking the frames of a file up among those of all videos of the list: exactly, and counted by entry."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from luwte.exchange.columns import Columns
from luwte.lab.reference.hamming import HASH_BYTES
from luwte.lab.reference.near import NearList

AT_ONCE = 256
"""Hashes that are looked up at once: a list of many like frames costs the memory of their matches only."""


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


class FilmList:
    """The frames of the videos in `columns`, ready to be searched."""

    def __init__(self, columns: Columns) -> None:
        self._hashes = NearList(columns.frames)
        self._owners = columns.frames_entry
        self._entries = len(columns)

    def overlaps(self, frames: Collection[bytes], radius: int) -> list[Overlap]:
        """Return, ascending by entry, the videos with a frame within `radius` bits of any of `frames`.

        Each of `frames` (no two alike) is one or eight PDQ hashes of 32 bytes: the forms that it may have.
        """
        if not len(self._hashes) or not frames:
            return []
        forms = np.frombuffer(b"".join(frames), np.uint8).reshape(-1, HASH_BYTES)
        numbers = np.repeat(np.arange(len(frames)), [len(frame) // HASH_BYTES for frame in frames])
        asked, met, gaps = zip(
            *(
                self._matched(forms[start : start + AT_ONCE], numbers[start : start + AT_ONCE], radius)
                for start in range(0, len(forms), AT_ONCE)
            ),
            strict=True,
        )
        return self._counted(*(np.unique(np.concatenate(found)) for found in (asked, met, gaps)))

    def _matched(
        self, forms: NDArray[np.uint8], numbers: NDArray[np.intp], radius: int
    ) -> tuple[NDArray[np.int64], NDArray[np.intp], NDArray[np.int64]]:
        """Which frames of the file met which entries, which rows were met, and at which distance an entry."""
        found = self._hashes.search(forms, radius)
        entries = self._owners[found.reference].astype(np.int64)
        asked = np.unique(numbers[found.query] * self._entries + entries)
        return asked, np.unique(found.reference), np.unique(entries << 9 | found.distance)

    def _counted(
        self, asked: NDArray[np.int64], met: NDArray[np.intp], gaps: NDArray[np.int64]
    ) -> list[Overlap]:
        entries, query = np.unique(asked % self._entries, return_counts=True)
        reference = np.unique(self._owners[met], return_counts=True)[1]
        owners = entries.astype(self._owners.dtype)  # of another type, all owners would be copied
        frames = np.searchsorted(self._owners, owners, "right") - np.searchsorted(self._owners, owners)
        nearest = gaps[np.unique(gaps >> 9, return_index=True)[1]] & 511
        columns = (entries, query, reference, frames, nearest)
        return [Overlap(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
