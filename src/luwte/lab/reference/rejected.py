"""Pairs of a file and an entry that a reviewer rejected: what was decided once is never asked again.

What was said of a picture holds for its confirmed copies as well: a file is none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

SAME_BITS = 10
"""Bits of PDQ within which a file shows what the rejected one showed: another copy of it."""
_SIDES: Final[tuple[Literal["left", "right"], ...]] = ("left", "right")


class Columns(Protocol):
    """The rejected pairs of a list, ascending by entry, and the PDQ of its entries, ascending by entry too.

    A rejected digest or PDQ of zeros is not known.
    """

    @property
    def rejected_entry(self) -> NDArray[np.uint32]:
        """(J,) the entry of each pair."""
        ...

    @property
    def rejected_sha256(self) -> NDArray[np.uint8]:
        """(J, 32) the SHA-256 of the file of each pair."""
        ...

    @property
    def rejected_pdq(self) -> NDArray[np.uint8]:
        """(J, 32) the PDQ of the file of each pair, as it is."""
        ...

    @property
    def pdq(self) -> NDArray[np.uint8]:
        """(P, 32) the PDQ of entries."""
        ...

    @property
    def pdq_entry(self) -> NDArray[np.uint32]:
        """(P,) the entry of each."""
        ...


Family = Callable[[int], NDArray[np.uint32]]
"""Gives the numbers of an entry and of all that are copies of the same picture."""


def _alone(entry: int) -> NDArray[np.uint32]:
    return np.array([entry], np.uint32)


class RejectedPairs:
    """The rejected pairs in `columns`, asked one by one; `family` gives the entries that are one picture."""

    def __init__(self, columns: Columns, family: Family = _alone) -> None:
        self._columns = columns
        self._family = family

    def __len__(self) -> int:
        return len(self._columns.rejected_entry)

    def concerns(self, entry: int) -> bool:
        """Return whether any file was rejected for entry number `entry`."""
        return bool(len(_rows(self._columns.rejected_entry, self._family(entry))))

    def rejects(self, entry: int, sha256: bytes | None, pdq: bytes | None, radius: int) -> bool:
        """Return whether a match with entry number `entry` was rejected, of this file or of a copy of it.

        `pdq` (32 bytes) is that of the file as it is, where that is what was compared. It is None for a video
        or what else has several frames, of which one says little, and for what matched by a part of it or by
        anything else: two pictures in one frame, or on screenshots of one program, look alike as a whole.
        Then only the digest counts. A copy that is nearer to the entry than the rejected file was is asked
        about anew: it may be the picture after all. All that is beyond `radius` bits is equally far: there
        the two were compared mirrored or turned.
        """
        columns = self._columns
        if not len(columns.rejected_entry):
            return False
        entries = self._family(entry)
        rows = _rows(columns.rejected_entry, entries)
        if not len(rows):
            return False
        if sha256 is not None and (columns.rejected_sha256[rows] == _row(sha256)).all(axis=1).any():
            return True
        rejected = columns.rejected_pdq[rows]
        rejected = rejected[rejected.any(axis=1)]
        if pdq is None or not len(rejected):
            return False
        copies = rejected[_bits(rejected, _row(pdq)) <= SAME_BITS]
        known = columns.pdq[_rows(columns.pdq_entry, entries)]
        if not len(copies) or not len(known):
            return bool(len(copies))
        before = min(_distance(known, copy, radius) for copy in copies)
        return _distance(known, _row(pdq), radius) >= before


def _distance(known: NDArray[np.uint8], pdq: NDArray[np.uint8], radius: int) -> int:
    return min(int(_bits(known, pdq).min()), radius + 1)


def _bits(hashes: NDArray[np.uint8], pdq: NDArray[np.uint8]) -> NDArray[np.intp]:
    found: NDArray[np.intp] = np.bitwise_count(hashes ^ pdq).sum(axis=1, dtype=np.intp)
    return found


def _rows(owners: NDArray[np.uint32], entries: NDArray[np.uint32]) -> NDArray[np.intp]:
    wanted = entries.astype(owners.dtype)  # of another type, all owners would be copied
    first, last = (np.searchsorted(owners, wanted, side) for side in _SIDES)
    have = np.flatnonzero(last > first)
    rows = [np.arange(*span) for span in zip(first[have], last[have], strict=True)]
    return np.concatenate(rows) if rows else np.zeros(0, np.intp)


def _row(value: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(value, np.uint8)
