"""Entries into columns: sorted, merged and numbered, so that equal entries always give equal columns."""

from __future__ import annotations

import json
from array import array
from typing import Any

import numpy as np
from numpy.typing import NDArray

from luwte.exchange import attributes as made
from luwte.exchange.columns import (
    UNKNOWN_QUALITY,
    Bytes,
    Columns,
    Numbers,
    as_keys,
    attribute_bytes,
)
from luwte.exchange.documents import compact
from luwte.exchange.entries import (
    CODE_BYTES,
    FINGERPRINT_BYTES,
    FRAME_BYTES,
    MOST_FRAMES,
    SEED_BYTES,
    Entry,
    RejectedPair,
    coded,
    series_name,
)
from luwte.exchange.errors import OtherRotation


class ColumnBuilder:
    """Takes entries one by one, at about 150 bytes each, 32 a frame, 20 a code, and gives their columns."""

    def __init__(self) -> None:
        self._ids = bytearray()
        self._series = array("I")
        self._names: dict[str, int] = {}
        self._values = {kind: bytearray() for kind in FINGERPRINT_BYTES}
        self._owners = {kind: array("I") for kind in FINGERPRINT_BYTES}
        self._quality = bytearray()
        self._attributes: list[bytes] = []
        self._films: list[bytes] = []
        self._film_owners = array("I")
        self._codes = bytearray()
        self._code_frames = bytearray()
        self._code_counts = bytearray()
        self._code_owners = array("I")
        self._rejected: list[tuple[int, RejectedPair]] = []
        self._rotation = b""

    def __len__(self) -> int:
        """Return how many entries were added, repeated ones counted again."""
        return len(self._series)

    def add(self, entry: Entry, rotation: bytes = b"") -> None:
        """Add `entry`, whose local codes, if it has any, stand under the `rotation` of that seed (32 bytes).

        Raises `ValueError` when its id, series or a fingerprint has not the right form, and `OtherRotation`
        when codes under another seed were added before.
        """
        number, identifier = len(self._series), bytes.fromhex(entry.id)
        found = {kind: getattr(entry, kind) for kind in FINGERPRINT_BYTES}
        if len(identifier) != 16 or not any((*found.values(), entry.frames)):
            raise ValueError("an entry has an id of 32 hexadecimal characters and a fingerprint")
        if any(value and len(value) != FINGERPRINT_BYTES[kind] for kind, value in found.items()):
            raise ValueError("a fingerprint has not the length of its kind")
        if len(entry.frames) % FRAME_BYTES or len(entry.frames) > MOST_FRAMES * FRAME_BYTES:
            raise ValueError(f"a video has at most {MOST_FRAMES} frames of {FRAME_BYTES} bytes")
        codes = coded(entry)
        if codes:
            self._turn(rotation)
        if entry.series not in self._names:
            self._names[series_name(entry.series)] = len(self._names)
        self._ids += identifier
        self._series.append(self._names[entry.series])
        for kind, value in found.items():
            if value:
                self._values[kind] += value
                self._owners[kind].append(number)
        if found["pdq"]:
            self._quality.append(UNKNOWN_QUALITY if entry.pdq_quality is None else entry.pdq_quality)
        if entry.frames:
            self._films.append(entry.frames)
            self._film_owners.append(number)
        for one in codes:
            self._codes += one[2:]
            self._code_frames += one[:2]
            self._code_counts.append(len(one) // CODE_BYTES)
            self._code_owners.append(number)
        self._rejected += [(number, pair) for pair in entry.rejected]
        self._attributes.append(attribute_bytes(entry.attributes))

    def drop_repeated(self, name: str) -> int:
        """Take attribute `name` away where one value stands on many pictures, and return from how many.

        Tools have written one wrong constant as the PhotoDNA of every file. A value is one when three
        entries or more share it, and they are a hundred or over half of all that carry the attribute.
        """
        holders: dict[str, set[bytes]] = {}
        first: dict[str, int] = {}
        for number, content in enumerate(self._attributes):
            value = json.loads(content).get(name) if content else None
            if value is not None and self._id(number) != self._id(first.setdefault(value, number)):
                holders.setdefault(value, {self._id(first[value])}).add(self._id(number))
        total = len(first) + sum(len(ids) - 1 for ids in holders.values())
        often = {value: len(ids) for value, ids in holders.items() if len(ids) >= 3}
        wrong = {value for value, count in often.items() if count >= 100 or 2 * count > total}
        if wrong:
            self._attributes = [made.without(content, name, wrong) for content in self._attributes]
        return sum(often[value] for value in wrong)

    def finish(self) -> Columns:
        """Return the columns, once. Entries with the same id become one: all attributes and rejected files,
        the best known quality, the frames and codes that came first.
        """
        ids = np.frombuffer(bytes(self._ids), np.uint8).reshape(-1, 16)
        keys, first, rank = np.unique(as_keys(ids), return_index=True, return_inverse=True)
        names = sorted(self._names)
        renumber = np.zeros(max(1, len(names)), np.uint32)
        renumber[[self._names[name] for name in names]] = np.arange(len(names), dtype=np.uint32)
        series = renumber[np.frombuffer(self._series, np.uint32)[first]]
        merged = rank.reshape(-1).astype(np.uint32)
        offsets, attributes = _cut(made.merged(self._attributes, merged, len(keys)))
        arrays: dict[str, Any] = {}
        for kind, width in FINGERPRINT_BYTES.items():
            values = np.frombuffer(bytes(self._values[kind]), np.uint8).reshape(-1, width)
            owners = merged[np.frombuffer(self._owners[kind], np.uint32)]
            order = _once(owners)
            if kind == "pdq":
                arrays["pdq_quality"] = _best(self._quality, owners)
            else:
                order = order[np.argsort(as_keys(values[order]), kind="stable")]
            arrays[kind], arrays[f"{kind}_entry"] = values[order], owners[order]
        arrays["frames"], arrays["frames_entry"] = self._frames(merged)
        arrays |= self._coded(merged) | _rejected_columns(self._rejected, merged)
        return Columns(
            ids=ids[first],
            series=series,
            attribute_offsets=offsets,
            attributes=np.frombuffer(attributes, np.uint8),
            names=np.frombuffer(compact(names), np.uint8),
            **arrays,
        )

    def _frames(self, merged: Numbers) -> tuple[Bytes, Numbers]:
        """Return the frames of all videos, ascending by entry, and the entry of each."""
        owners = merged[np.frombuffer(self._film_owners, np.uint32)]
        order = _once(owners)
        films = [self._films[row] for row in order]
        frames = np.frombuffer(b"".join(films), np.uint8).reshape(-1, FRAME_BYTES)
        return frames, np.repeat(owners[order], [len(film) // FRAME_BYTES for film in films])

    def _turn(self, rotation: bytes) -> None:
        if len(rotation) != SEED_BYTES:
            raise ValueError(f"local codes stand under a seed of {SEED_BYTES} bytes")
        if self._rotation not in (b"", rotation):
            raise OtherRotation.between_lists()
        self._rotation = rotation

    def _coded(self, merged: Numbers) -> dict[str, Any]:
        """Return the columns of local codes; what was added of them is given up at once."""
        added_as = np.frombuffer(self._code_owners, np.uint32)
        owners = merged[added_as]
        order = _of_first(owners, added_as)
        added, self._codes = np.frombuffer(self._codes, np.uint8).reshape(-1, CODE_BYTES), bytearray()
        counts = np.frombuffer(bytes(self._code_counts), np.uint8)
        ends = np.cumsum(counts, dtype=np.int64)
        codes = np.empty((int(counts[order].sum(dtype=np.int64)), CODE_BYTES), np.uint8)
        place = 0
        for row in order:
            its = added[ends[row] - counts[row] : ends[row]]
            codes[place : place + len(its)] = its
            place += len(its)
        return {
            "codes": codes,
            "coded_entry": owners[order],
            "coded_count": counts[order],
            "coded_frame": np.frombuffer(bytes(self._code_frames), np.uint8).reshape(-1, 2)[order],
            "rotation": np.frombuffer(self._rotation, np.uint8),
        }

    def _id(self, number: int) -> bytes:
        return bytes(self._ids[16 * number : 16 * number + 16])


def _rejected_columns(pairs: list[tuple[int, RejectedPair]], merged: Numbers) -> dict[str, Any]:
    """Return the columns of rejected files: each once an entry, in the order of their bytes."""
    found = {(int(merged[number]), pair.sha256 or bytes(32), pair.pdq or bytes(32)) for number, pair in pairs}
    ordered = sorted(found)
    return {
        "rejected_entry": np.array([entry for entry, _, _ in ordered], np.uint32),
        "rejected_sha256": _rows([digest for _, digest, _ in ordered]),
        "rejected_pdq": _rows([picture for _, _, picture in ordered]),
    }


def _rows(values: list[bytes]) -> Bytes:
    return np.frombuffer(b"".join(values), np.uint8).reshape(-1, 32)


def _once(owners: Numbers) -> NDArray[np.intp]:
    """Return, ascending by entry, the first row of each entry."""
    rows: NDArray[np.intp] = np.unique(owners, return_index=True)[1]
    return rows


def _of_first(owners: Numbers, added_as: Numbers) -> NDArray[np.intp]:
    """Return, ascending by entry, all rows of what was first added (`added_as`) of each entry."""
    first, whose = np.unique(owners, return_index=True, return_inverse=True)[1:]
    rows: NDArray[np.intp] = np.flatnonzero(added_as == added_as[first][whose])
    return rows[np.argsort(owners[rows], kind="stable")]


def _best(quality: bytearray, owners: Numbers) -> Bytes:
    """Return each entry's highest known quality, ascending by entry."""
    if not quality:
        return np.zeros(0, np.uint8)
    known = np.frombuffer(bytes(quality), np.uint8).astype(np.int16)
    known[known == UNKNOWN_QUALITY] = -1
    order = np.argsort(owners, kind="stable")
    starts = np.flatnonzero(np.diff(owners[order], prepend=owners[order][0] + 1))
    best = np.maximum.reduceat(known[order], starts)
    best[best < 0] = UNKNOWN_QUALITY
    return best.astype(np.uint8)


def _cut(parts: list[bytes]) -> tuple[NDArray[np.uint64], bytes]:
    offsets = np.zeros(len(parts) + 1, np.uint64)
    np.cumsum([len(part) for part in parts], out=offsets[1:], dtype=np.uint64)
    return offsets, b"".join(parts)
