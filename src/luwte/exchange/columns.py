"""The payload of a bundle: columns of little-endian numbers, read in place, every bound checked.

Layout: directory length (8 bytes) | directory (JSON: column name -> number of rows) | the columns in the
order of `LAYOUT`, each starting at a multiple of 64 bytes. Types and widths are set here, not by the file. A
list without videos has none of the columns of `FILMS`: it is a payload of schema 1, with them of schema 2.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luwte.exchange.documents import compact, parse_object
from luwte.exchange.entries import FINGERPRINT_BYTES, FRAME_BYTES, MOST_FRAMES, Entry, series_name
from luwte.exchange.errors import Unusable

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.uint32]

LAYOUT: dict[str, tuple[str, int]] = {
    "ids": ("u1", 16),
    "series": ("<u4", 1),
    **{
        column: shape
        for kind, width in FINGERPRINT_BYTES.items()
        for column, shape in ((kind, ("u1", width)), (f"{kind}_entry", ("<u4", 1)))
    },
    "pdq_quality": ("u1", 1),
    "attribute_offsets": ("<u8", 1),
    "attributes": ("u1", 1),
    "series_names": ("u1", 1),
    "frames": ("u1", FRAME_BYTES),
    "frames_entry": ("<u4", 1),
}
FILMS = frozenset(("frames", "frames_entry"))
UNKNOWN_QUALITY = 255
NO_FRAMES: Bytes = np.zeros((0, FRAME_BYTES), np.uint8)
NO_ENTRIES: Numbers = np.zeros(0, np.uint32)
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
    frames: Bytes
    frames_entry: Numbers

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def schema(self) -> int:
        """The schema that these columns need of their reader."""
        return 2 if len(self.frames) else 1

    @property
    def videos(self) -> int:
        """How many entries have frames."""
        return len(np.unique(self.frames_entry))

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
            raise _malformed("the reference bundle", "attributes")
        return found  # type: ignore[return-value]

    def entries(self) -> Iterator[Entry]:
        """Give every entry, ascending by id."""
        rows = {kind: _row_of_entry(getattr(self, f"{kind}_entry"), len(self)) for kind in FINGERPRINT_BYTES}
        films = np.searchsorted(self.frames_entry, np.arange(len(self) + 1))
        for number, identifier in enumerate(self.ids):
            found = {
                kind: getattr(self, kind)[row[number]].tobytes() if row[number] >= 0 else None
                for kind, row in rows.items()
            }
            place = rows["pdq"][number]
            quality = int(self.pdq_quality[place]) if place >= 0 else UNKNOWN_QUALITY
            yield Entry(
                id=identifier.tobytes().hex(),
                series=self.series_names[self.series[number]],
                pdq_quality=None if quality == UNKNOWN_QUALITY else quality,
                attributes=self.attributes_of(number),
                frames=self.frames[films[number] : films[number + 1]].tobytes(),
                **found,
            )


def to_bytes(columns: Columns) -> bytes:
    """Return the payload for `columns`; equal columns give equal bytes."""
    arrays = {name: getattr(columns, _field(name)) for name in _layout(columns.schema)}
    directory = compact({name: len(array) for name, array in arrays.items()})
    head = len(directory).to_bytes(8, "little") + directory
    parts, position = [head], len(head)
    for name, array in arrays.items():
        parts.append(bytes(-position % ALIGNMENT))
        parts.append(array.astype(LAYOUT[name][0], copy=False).tobytes())
        position += len(parts[-2]) + len(parts[-1])
    return b"".join(parts)


def from_bytes(payload: bytes, where: str) -> Columns:
    """Return the columns in `payload`, as views on it; raises `Unusable` if any bound is broken."""
    arrays: dict[str, Any] = {"frames": NO_FRAMES, "frames_entry": NO_ENTRIES}
    position = _directory_end(payload)
    directory = parse_object(payload[8:position], where)
    layout = _layout(2 if "frames" in directory else 1)
    if set(directory) != set(layout):
        raise _malformed(where, "its directory")
    for name, (kind, width) in layout.items():
        position += -position % ALIGNMENT
        rows = directory[name]
        if type(rows) is not int or not 0 <= rows <= len(payload):
            raise _malformed(where, name)
        size = rows * width * np.dtype(kind).itemsize
        if position + size > len(payload):
            raise _malformed(where, name)
        array = np.frombuffer(payload, kind, rows * width, position)
        arrays[_field(name)] = array.reshape(rows, width) if width > 1 else array
        position += size
    if position != len(payload):
        raise _malformed(where, "its end")
    columns = Columns(**arrays)
    check(columns, where)
    return columns


def check(columns: Columns, where: str) -> None:
    """Return nothing when every order, number and name in `columns` holds; raise `Unusable` otherwise."""
    count = len(columns)
    if not _ascending(columns.ids, strictly=True):
        raise _malformed(where, "ids")
    _check_series(columns, where)
    covered = np.zeros(count, bool)
    for kind in FINGERPRINT_BYTES:
        values, owners = getattr(columns, kind), getattr(columns, f"{kind}_entry")
        in_order = kind == "pdq" or _ascending(values, strictly=False)
        if len(values) != len(owners) or not in_order or not _numbers_once(owners, count):
            raise _malformed(where, kind)
        covered[owners] = True
    _check_frames(columns, where)
    covered[columns.frames_entry] = True
    if not covered.all():
        raise _malformed(where, "an entry without fingerprint")
    if len(columns.pdq_quality) != len(columns.pdq) or np.any(
        np.diff(columns.pdq_entry.astype(np.int64)) <= 0
    ):
        raise _malformed(where, "pdq")
    _check_attributes(columns, where)


def row_type(width: int) -> np.dtype[Any]:
    """Return the type under which rows of `width` bytes compare as byte strings (memcmp)."""
    return np.dtype(f"S{width}")


def as_keys(rows: Bytes) -> NDArray[np.bytes_]:
    """Return the (N, W) byte `rows` as N comparable keys, for sorting and binary search."""
    contiguous = np.ascontiguousarray(rows)
    keys: NDArray[np.bytes_] = contiguous.view(row_type(rows.shape[1])).reshape(-1)
    return keys


def attribute_bytes(attributes: Mapping[str, str]) -> bytes:
    """Return `attributes` as the bundle keeps them; nothing for none."""
    return compact(dict(attributes)) if attributes else b""


def _layout(schema: int) -> dict[str, tuple[str, int]]:
    return {name: shape for name, shape in LAYOUT.items() if schema > 1 or name not in FILMS}


def _field(name: str) -> str:
    return "names" if name == "series_names" else name


def _directory_end(payload: bytes) -> int:
    return 8 + min(int.from_bytes(payload[:8], "little"), DIRECTORY_LIMIT)


def _malformed(where: str, what: str) -> Unusable:
    return Unusable(f"The contents of {where} are malformed ({what}). Ask its maker to build it again.")


def _ascending(rows: Bytes, *, strictly: bool) -> bool:
    keys = as_keys(rows)
    held = keys[:-1] < keys[1:] if strictly else keys[:-1] <= keys[1:]
    return bool(held.all())


def _numbers_once(numbers: Numbers, limit: int) -> bool:
    if not len(numbers):
        return True
    return int(numbers.max()) < limit and int(np.bincount(numbers, minlength=1).max()) == 1


def _check_series(columns: Columns, where: str) -> None:
    try:
        names = json.loads(columns.names.tobytes())
        good = isinstance(names, list) and all(
            isinstance(name, str) and series_name(name) == name for name in names
        )
    except (ValueError, RecursionError):
        good = False
    if not good or sorted(set(names)) != names or len(columns.series) != len(columns):
        raise _malformed(where, "series")
    if len(columns.series) and int(columns.series.max()) >= len(names):
        raise _malformed(where, "series")


def _check_frames(columns: Columns, where: str) -> None:
    owners = columns.frames_entry
    if len(owners) != len(columns.frames) or np.any(owners[:-1] > owners[1:]):
        raise _malformed(where, "frames")
    if len(owners) and (owners[-1] >= len(columns) or np.any(owners[MOST_FRAMES:] == owners[:-MOST_FRAMES])):
        raise _malformed(where, "frames")


def _check_attributes(columns: Columns, where: str) -> None:
    offsets = columns.attribute_offsets
    if len(offsets) != len(columns) + 1 or offsets[0] != 0 or offsets[-1] != len(columns.attributes):
        raise _malformed(where, "attributes")
    if np.any(offsets[:-1] > offsets[1:]):
        raise _malformed(where, "attributes")


def _row_of_entry(owners: Numbers, count: int) -> NDArray[np.int64]:
    rows = np.full(count, -1, np.int64)
    rows[owners] = np.arange(len(owners))
    return rows
