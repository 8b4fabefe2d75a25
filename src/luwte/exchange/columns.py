"""The payload of a bundle: columns of little-endian numbers, read in place, every bound checked.

Layout: directory length (8 bytes) | directory (JSON: column name -> number of rows) | the columns in the
order of `LAYOUT`, each starting at a multiple of 64 bytes. A payload has schema 3 where the list holds local
codes or rejected pairs, else 2 where it holds videos, else 1, and only the columns of that schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luwte.exchange.column_checks import check, malformed
from luwte.exchange.documents import compact, parse_object
from luwte.exchange.entries import FINGERPRINT_BYTES, Entry, RejectedPair
from luwte.exchange.layout import (
    LAYOUT,
    NO_ENTRIES,
    NO_FRAMES,
    UNKNOWN_QUALITY,
    Bytes,
    Numbers,
    as_keys,
    empty,
    layout,
    schema_with,
)

__all__ = [
    "NO_ENTRIES", "NO_FRAMES", "UNKNOWN_QUALITY", "Bytes", "Columns", "Numbers", "as_keys", "attribute_bytes",
    "from_bytes", "pieces", "to_bytes",
]  # fmt: skip

ALIGNMENT = 64
DIRECTORY_LIMIT = 4096


@dataclass(frozen=True, eq=False)
class Columns:
    """All entries of a list as arrays; N entries, ascending by id.

    `ids` (N, 16), `series` (N,) into `series_names` (ascending). Each digest (M, 16 | 20 | 32) ascends and
    has `..._entry` (M,): the entry of each row. `pdq` (P, 32) ascends by `pdq_entry` (P,); `pdq_quality` (P,)
    is 0 to 100, or 255 where the list did not say. `attributes` holds JSON objects, cut by
    `attribute_offsets`; `names` the JSON list of series names. `frames` (F, 32) are the PDQ of the frames of
    videos: all of one entry, in the order of the video, then those of the next; `frames_entry` (F,) ascends.

    `codes` (C, 20) are the local codes of R pictures, all of one, then those of the next: `coded_entry` (R,)
    ascends, each entry once, but a video up to 8 times, for frames in its order; `coded_count` (R,) says how
    many (1 to 64), `coded_frame` (R, 2) the width and height that their places are in (1 to 128). They stand
    under the rotation of the seed `rotation` (32,), which has no row where there are no codes.
    `rejected_entry` (J,) ascends: somebody saw that a file is not that entry; `rejected_sha256` (J, 32) and
    `rejected_pdq` (J, 32) are of the file, zeros where they are not known.
    """

    ids: Bytes
    series: Numbers
    md5: Bytes
    md5_entry: Numbers
    sha1: Bytes
    sha1_entry: Numbers
    sha256: Bytes
    sha256_entry: Numbers
    pdq: Bytes
    pdq_entry: Numbers
    pdq_quality: NDArray[np.uint8]
    attribute_offsets: NDArray[np.uint64]
    attributes: Bytes
    names: Bytes
    frames: Bytes = field(default_factory=partial(empty, "frames"))
    frames_entry: Numbers = field(default_factory=partial(empty, "frames_entry"))
    codes: Bytes = field(default_factory=partial(empty, "codes"))
    coded_entry: Numbers = field(default_factory=partial(empty, "coded_entry"))
    coded_count: Bytes = field(default_factory=partial(empty, "coded_count"))
    coded_frame: Bytes = field(default_factory=partial(empty, "coded_frame"))
    rotation: Bytes = field(default_factory=partial(empty, "rotation"))
    rejected_entry: Numbers = field(default_factory=partial(empty, "rejected_entry"))
    rejected_sha256: Bytes = field(default_factory=partial(empty, "rejected_sha256"))
    rejected_pdq: Bytes = field(default_factory=partial(empty, "rejected_pdq"))

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def schema(self) -> int:
        """The schema that these columns need of their reader."""
        if len(self.coded_entry) or len(self.rejected_entry):
            return 3
        return 2 if len(self.frames) else 1

    @property
    def videos(self) -> int:
        """How many entries have frames."""
        return len(np.unique(self.frames_entry))

    @property
    def coded(self) -> int:
        """How many entries have local codes."""
        return len(np.unique(self.coded_entry))

    @property
    def coded_videos(self) -> int:
        """How many entries that have frames have local codes."""
        return len(np.intersect1d(self.coded_entry, self.frames_entry))

    @cached_property
    def series_names(self) -> tuple[str, ...]:
        """The names of the series, ascending."""
        return tuple(json.loads(self.names.tobytes()))

    def attributes_of(self, entry: int) -> dict[str, str]:
        """Return what the list says of entry number `entry` beside its fingerprints.

        They are checked only here, as a million of them cost seconds; raises `Unusable` for malformed ones.
        """
        start, end = int(self.attribute_offsets[entry]), int(self.attribute_offsets[entry + 1])
        if start == end:
            return {}
        found = parse_object(self.attributes[start:end].tobytes(), "An entry of the reference bundle")
        if not all(isinstance(value, str) for value in found.values()):
            raise malformed("the reference bundle", "attributes")
        return found  # type: ignore[return-value]

    @cached_property
    def code_offsets(self) -> NDArray[np.int64]:
        """(R + 1,): between which rows of `codes` those of each coded picture or frame stand."""
        return np.concatenate([[0], np.cumsum(self.coded_count, dtype=np.int64)])

    def entries(self) -> Iterator[Entry]:
        """Give every entry, ascending by id."""
        rows = {kind: _row_of_entry(getattr(self, f"{kind}_entry"), len(self)) for kind in FINGERPRINT_BYTES}
        films, coded, rejected = (
            np.searchsorted(owners, np.arange(len(self) + 1))
            for owners in (self.frames_entry, self.coded_entry, self.rejected_entry)
        )
        for number, identifier in enumerate(self.ids):
            found = {
                kind: getattr(self, kind)[row[number]].tobytes() if row[number] >= 0 else None
                for kind, row in rows.items()
            }
            place = rows["pdq"][number]
            quality = int(self.pdq_quality[place]) if place >= 0 else UNKNOWN_QUALITY
            codes = tuple(map(self._codes, range(coded[number], coded[number + 1])))
            moves = films[number] < films[number + 1]
            yield Entry(
                id=identifier.tobytes().hex(),
                series=self.series_names[self.series[number]],
                pdq_quality=None if quality == UNKNOWN_QUALITY else quality,
                attributes=self.attributes_of(number),
                frames=self.frames[films[number] : films[number + 1]].tobytes(),
                codes=b"" if moves else b"".join(codes),
                rejected=self._rejected(range(rejected[number], rejected[number + 1])),
                frame_codes=codes if moves else (),
                **found,
            )

    def _codes(self, row: int) -> bytes:
        start, end = self.code_offsets[row : row + 2]
        return bytes(self.coded_frame[row]) + self.codes[start:end].tobytes()

    def _rejected(self, rows: range) -> tuple[RejectedPair, ...]:
        return tuple(
            RejectedPair(_known(self.rejected_sha256[row]), _known(self.rejected_pdq[row])) for row in rows
        )


def to_bytes(columns: Columns) -> bytes:
    """Return the payload for `columns`; equal columns give equal bytes."""
    return b"".join(pieces(columns))


def pieces(columns: Columns) -> Iterator[bytes | memoryview]:
    """Give the payload for `columns` in pieces, which are not copied where they stand in memory as in it."""
    arrays = {name: getattr(columns, _field(name)) for name in layout(columns.schema)}
    directory = compact({name: len(array) for name, array in arrays.items()})
    head = len(directory).to_bytes(8, "little") + directory
    yield head
    position = len(head)
    for name, array in arrays.items():
        padding = bytes(-position % ALIGNMENT)
        yield padding
        content = np.ascontiguousarray(array.astype(LAYOUT[name][0], copy=False)).reshape(-1).view(np.uint8)
        yield content.data
        position += len(padding) + content.nbytes


def from_bytes(payload: bytes, where: str) -> Columns:
    """Return the columns in `payload`, as views on it; raises `Unusable` if any bound is broken."""
    arrays: dict[str, Any] = {}
    position = _directory_end(payload)
    directory = parse_object(payload[8:position], where)
    wanted = layout(schema_with(directory))
    if set(directory) != set(wanted):
        raise malformed(where, "its directory")
    for name, (kind, width) in wanted.items():
        position += -position % ALIGNMENT
        rows = directory[name]
        if type(rows) is not int or not 0 <= rows <= len(payload):
            raise malformed(where, name)
        size = rows * width * np.dtype(kind).itemsize
        if position + size > len(payload):
            raise malformed(where, name)
        array = np.frombuffer(payload, kind, rows * width, position)
        arrays[_field(name)] = array.reshape(rows, width) if width > 1 else array
        position += size
    if position != len(payload):
        raise malformed(where, "its end")
    columns = Columns(**arrays)
    check(columns, where)
    return columns


def attribute_bytes(attributes: Mapping[str, str]) -> bytes:
    """Return `attributes` as the bundle keeps them; nothing for none."""
    return compact(dict(attributes)) if attributes else b""


def _field(name: str) -> str:
    return "names" if name == "series_names" else name


def _directory_end(payload: bytes) -> int:
    return 8 + min(int.from_bytes(payload[:8], "little"), DIRECTORY_LIMIT)


def _known(value: Bytes) -> bytes | None:
    return value.tobytes() if value.any() else None


def _row_of_entry(owners: Numbers, count: int) -> NDArray[np.int64]:
    rows = np.full(count, -1, np.int64)
    rows[owners] = np.arange(len(owners))
    return rows
