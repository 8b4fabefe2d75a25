"""Where the copies of a list come from: entries that reviewers made, of files confirmed to be another entry.

A copy goes by the id of its origin wherever something is said of it: what was confirmed once and is found
again later is one picture. So no file counts twice, and what is decided on the origin reaches its copies.
It names the clusters in which it was confirmed: with these decisions it stands and falls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from luwte.exchange.column_checks import malformed
from luwte.exchange.entries import CONFIRMED_AS, CONFIRMED_IN, MOST_CONFIRMED
from luwte.exchange.layout import Bytes, Numbers, as_keys

if TYPE_CHECKING:
    from luwte.exchange.columns import Columns

WHERE = "the reference bundle"
_ID = re.compile(r"[0-9a-f]{32}")
_IDS = re.compile(rf"{_ID.pattern}(?: {_ID.pattern}){{0,{MOST_CONFIRMED - 1}}}")
# An escape may hide the name; such an entry is looked at, too.
_MAY_SAY = re.compile(rf'"{CONFIRMED_AS}"|\\u'.encode())


class Confirmed(NamedTuple):
    """What a copy was confirmed to be, by the id of the entry, and in which clusters."""

    origin: str
    clusters: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Origins:
    """The copies of a list: `copies` (K,) are their numbers, ascending, and `ids` (K, 16) those they go by.

    `decided` are the clusters (32 hex each) in which each was confirmed, none where the list does not say so.
    `_ordered` are the copies in the order of their `_keys`, which ascend; `_listed` are the ids of all
    entries, ascending, too.
    """

    copies: Numbers
    ids: Bytes
    decided: tuple[tuple[str, ...], ...]
    _ordered: Numbers
    _keys: NDArray[np.bytes_]
    _listed: Bytes

    def id_of(self, entry: int) -> bytes:
        """Return the id (16 bytes) that entry number `entry` goes by: its origin's, or its own."""
        place = self._place(entry)
        return bytes(self._listed[entry] if place is None else self.ids[place])

    def decided_in(self, entry: int) -> tuple[str, ...] | None:
        """Return the clusters in which entry number `entry` was confirmed as a copy; None if it is none."""
        place = self._place(entry)
        return None if place is None else self.decided[place]

    def _place(self, entry: int) -> int | None:
        place = int(np.searchsorted(self.copies, np.array(entry, self.copies.dtype)))
        return place if place < len(self.copies) and self.copies[place] == entry else None

    def family(self, entry: int) -> Numbers:
        """Return the numbers of all entries that go by the same id as `entry`, itself among them."""
        if not len(self.copies):
            return np.array([entry], np.uint32)
        return self.named(self.id_of(entry))

    def named(self, name: bytes) -> Numbers:
        """Return the numbers of the entry with the id `name` (16 bytes), if listed, then of its copies."""
        wanted = as_keys(np.frombuffer(name, np.uint8).reshape(1, 16))
        first = int(np.searchsorted(self._keys, wanted, "left")[0])
        end = int(np.searchsorted(self._keys, wanted, "right")[0])
        origin = np.searchsorted(as_keys(self._listed), wanted)
        found = origin[origin < len(self._listed)]
        found = found[as_keys(self._listed[found]) == wanted[: len(found)]]
        return np.concatenate([found.astype(np.uint32), self._ordered[first:end]])


def origins(columns: Columns) -> Origins:
    """Return where the copies in `columns` come from; of copies of copies the first of them all.

    One that the list does not have is named all the same: whoever withdrew it knows it by that id. Raises
    `Unusable` for what is no id, goes round in a circle, or leads into another series.
    """
    said = dict(_said(columns))
    ends = _ends({columns.ids[copy].tobytes(): bytes.fromhex(one.origin) for copy, one in said.items()})
    copies = np.array(sorted(said), np.uint32)
    ids = np.frombuffer(b"".join(ends[columns.ids[copy].tobytes()] for copy in copies), np.uint8)
    ids = ids.reshape(-1, 16)
    _check_series(columns, copies, ids)
    order = np.argsort(as_keys(ids), kind="stable")
    decided = tuple(said[copy].clusters for copy in copies.tolist())
    return Origins(copies, ids, decided, copies[order], as_keys(ids)[order], columns.ids)


def confirmed_as(columns: Columns) -> dict[str, Confirmed]:
    """Return for each copy in `columns` (an id of 32 hex) what it was confirmed to be."""
    return {columns.ids[copy].tobytes().hex(): one for copy, one in _said(columns)}


def _said(columns: Columns) -> Iterator[tuple[int, Confirmed]]:
    """Give each copy, by number, with what it was confirmed to be.

    Attributes are not parsed where nothing in their bytes can be that one: a million would cost seconds.
    """
    places = [found.start() for found in _MAY_SAY.finditer(np.ascontiguousarray(columns.attributes).data)]
    owners = np.searchsorted(columns.attribute_offsets, np.array(places, np.uint64), "right") - 1
    for entry in np.unique(owners).tolist():
        attributes = columns.attributes_of(entry)
        origin, clusters = attributes.get(CONFIRMED_AS), attributes.get(CONFIRMED_IN)
        if origin is None:
            continue
        if not _ID.fullmatch(origin):
            raise malformed(WHERE, f"what {CONFIRMED_AS} names")
        if clusters is not None and not _IDS.fullmatch(clusters):
            raise malformed(WHERE, f"what {CONFIRMED_IN} names")
        yield entry, Confirmed(origin, tuple((clusters or "").split()))


def _ends(said: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """Return where the chain of each copy ends; each step is taken once, however long the chains are."""
    ends: dict[bytes, bytes] = {}
    for copy in said:
        at, chain = copy, set[bytes]()
        while at in said and at not in ends:
            if at in chain:
                raise malformed(WHERE, f"{CONFIRMED_AS} that goes round in a circle")
            chain.add(at)
            at = said[at]
        ends |= dict.fromkeys(chain, ends.get(at, at))
    return ends


def _check_series(columns: Columns, copies: Numbers, ids: Bytes) -> None:
    listed = as_keys(columns.ids)
    origin = np.minimum(np.searchsorted(listed, as_keys(ids)), len(listed) - 1)
    known = listed[origin] == as_keys(ids)
    if np.any(columns.series[copies[known]] != columns.series[origin[known]]):
        raise malformed(WHERE, f"{CONFIRMED_AS} of another series")
