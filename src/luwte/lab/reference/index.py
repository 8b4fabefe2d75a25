"""Looking fingerprints up in an open reference bundle: exactly by digest, and nearby by PDQ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from luwte.exchange.bundle import Bundle
from luwte.exchange.columns import UNKNOWN_QUALITY
from luwte.exchange.origins import origins
from luwte.lab.reference.exact import ExactList
from luwte.lab.reference.films import FilmList
from luwte.lab.reference.hamming import HASH_BYTES
from luwte.lab.reference.near import NearList
from luwte.lab.reference.rejected import RejectedPairs

_DIGESTS = {"md5": 16, "sha1": 20, "sha256": 32}
_STRONGEST_FIRST = ("sha256", "sha1", "md5")


@dataclass(frozen=True, slots=True)
class Digested:
    """What names a file exactly, as far as known: its size in bytes and its digests."""

    size: int | None
    md5: bytes | None
    sha1: bytes | None
    sha256: bytes | None


@dataclass(frozen=True, slots=True)
class Pictured:
    """What tells a picture from others: one or more PDQ hashes (`variants`, 32 bytes each), and quality."""

    variants: bytes
    quality: int | None


class ReferenceIndex:
    """The entries of `bundle`, ready to be searched for many files at once."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._digests = {name: ExactList(getattr(bundle, name)) for name in _DIGESTS}
        self._rows = {name: _row_of_entry(bundle, name) for name in _DIGESTS}
        self.films = FilmList(bundle)
        self._origins = origins(bundle)
        self.rejected = RejectedPairs(bundle, self._origins.family)
        self._comparable: dict[int, tuple[NearList, NDArray[np.uint32]]] = {}

    def entry_id(self, entry: int) -> str:
        """Return the opaque id (32 hex) that entry number `entry` goes by.

        Of a copy that reviewers confirmed it is that of the picture itself: a file that is identical to a
        copy and one that is near the picture are files of one entry.
        """
        return self._origins.id_of(entry).hex()

    def decided_in(self, entry: int) -> tuple[str, ...] | None:
        """Return the clusters in which entry number `entry` was confirmed to be a copy; None if it is none.

        They are ids of 32 hex, and none where the list does not say in which.
        """
        return self._origins.decided_in(entry)

    def entry_number(self, entry: str) -> int | None:
        """Return the number of the entry with this id (32 hex), None where the list has none of it.

        Where only copies of it are left, it is that of the first of them: they go by this id.
        """
        found = self._origins.named(bytes.fromhex(entry))
        return int(found[0]) if len(found) else None

    @cached_property
    def pictured(self) -> int:
        """How many entries are told by what they show: those with PDQ, of a picture or of frames."""
        return len(np.union1d(self.bundle.pdq_entry, self.bundle.frames_entry))

    @cached_property
    def filmed(self) -> frozenset[str]:
        """The ids (32 hex) of the entries that are videos with frames."""
        return frozenset(map(self.entry_id, np.unique(self.bundle.frames_entry).tolist()))

    def hashes(self, entry: int, quality: int) -> NDArray[np.uint8]:
        """Return the PDQ hashes (N, 32) of the picture `entry` of at least `quality`, or of unknown one."""
        first, end = np.searchsorted(self.bundle.pdq_entry, (entry, entry + 1))
        known = self.bundle.pdq_quality[first:end]
        found: NDArray[np.uint8] = self.bundle.pdq[first:end][(known == UNKNOWN_QUALITY) | (known >= quality)]
        return found

    def series(self, entry: int) -> str:
        """Return the name of the series that entry number `entry` belongs to."""
        return str(self.bundle.series_names[self.bundle.series[entry]])

    def exact(self, files: Sequence[Digested]) -> list[list[int]]:
        """Return for each file the entries it is identical to, ascending; none for a file known to be empty.

        The strongest digest that both the entry and the file have decides, so that a file made to share an
        MD5 with a picture is not taken for it where the list knows better.
        """
        found: dict[int, set[int]] = {}
        for name, width in _DIGESTS.items():
            for number, entry in self._equal(files, name, width):
                if self._agrees(entry, files[number]):
                    found.setdefault(number, set()).add(entry)
        return [sorted(found[number]) if number in found else [] for number in range(len(files))]

    def near(self, pictures: Sequence[Pictured], radius: int, quality: int) -> list[list[tuple[int, int]]]:
        """Return for each picture the entries within `radius` bits of any of its variants: (entry, distance).

        Where a quality is known it must be at least `quality`, on both sides. Each entry comes once, at its
        smallest distance, ascending by entry.
        """
        found: list[dict[int, int]] = [{} for _ in pictures]
        asked = [number for number, picture in enumerate(pictures) if _good(picture.quality, quality)]
        owners = np.repeat(asked, [len(pictures[number].variants) // HASH_BYTES for number in asked])
        queries = np.frombuffer(b"".join(pictures[number].variants for number in asked), np.uint8)
        if quality not in self._comparable:
            self._comparable[quality] = self._of_quality(quality)
        hashes, entries = self._comparable[quality]
        matches = hashes.search(queries.reshape(-1, HASH_BYTES), radius)
        for query, reference, distance in zip(*(column.tolist() for column in matches), strict=True):
            best, entry = found[int(owners[query])], int(entries[reference])
            best[entry] = min(distance, best.get(entry, distance))
        return [sorted(best.items()) for best in found]

    def distance(self, entry: int, variants: bytes) -> int | None:
        """Return the bits between the nearest of `variants` (32 bytes each) and of what entry number `entry`
        shows: its PDQ, or the frames of its video. None where the list knows neither.
        """
        shown = np.concatenate(
            [
                hashes[slice(*np.searchsorted(owners, np.array((entry, entry + 1), owners.dtype)))]
                for hashes, owners in (
                    (self.bundle.pdq, self.bundle.pdq_entry),
                    (self.bundle.frames, self.bundle.frames_entry),
                )
            ]
        )
        if not len(shown):
            return None
        asked = np.frombuffer(variants, np.uint8).reshape(-1, 1, HASH_BYTES)
        return int(np.bitwise_count(asked ^ shown).sum(axis=2, dtype=np.intp).min())

    def _of_quality(self, quality: int) -> tuple[NearList, NDArray[np.uint32]]:
        """The PDQ hashes of sufficient or unknown quality, and the entry of each."""
        known = self.bundle.pdq_quality
        good = (known == UNKNOWN_QUALITY) | (known >= quality)
        if bool(good.all()):
            return NearList(self.bundle.pdq), self.bundle.pdq_entry
        return NearList(self.bundle.pdq[good]), self.bundle.pdq_entry[good]

    def _equal(self, files: Sequence[Digested], name: str, width: int) -> Iterator[tuple[int, int]]:
        """Give each pair of a file (its place in `files`) and an entry with the same digest `name`."""
        digests = [getattr(file, name) if file.size != 0 else None for file in files]
        asked = [number for number, digest in enumerate(digests) if digest]
        values = np.frombuffer(b"".join(filter(None, digests)), np.uint8).reshape(-1, width)
        equal = self._digests[name].find(values)
        entries = getattr(self.bundle, f"{name}_entry")[equal.reference]
        for place, entry in zip(equal.query.tolist(), entries.tolist(), strict=True):
            yield asked[place], entry

    def _agrees(self, entry: int, file: Digested) -> bool:
        for name in _STRONGEST_FIRST:
            row, value = int(self._rows[name][entry]), getattr(file, name)
            if row >= 0 and value:
                return bool(getattr(self.bundle, name)[row].tobytes() == value)
        return False


def _good(known: int | None, quality: int) -> bool:
    return known is None or known >= quality


def _row_of_entry(bundle: Bundle, name: str) -> NDArray[np.int32]:
    rows = np.full(len(bundle), -1, np.int32)
    owners = getattr(bundle, f"{name}_entry")
    rows[owners] = np.arange(len(owners), dtype=np.int32)
    return rows
