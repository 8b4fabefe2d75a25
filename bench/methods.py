"""The ways to recognise a picture that are measured side by side: from a query to entries and how far off.

A further way is one more `Method` in `methods`: a function from a query to the entries it finds, each with a
number that is smaller the surer it is, and the limits to report.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.queries import SEED, Listed, Query
from luwte.exchange.building import ColumnBuilder
from luwte.exchange.entries import Entry
from luwte.lab.fingerprints.fingerprint import FORMS_BYTES, PDQ_BYTES
from luwte.lab.recognition.deep import Recognition
from luwte.lab.recognition.likelihood import SHORTEST
from luwte.lab.recognition.model import default_model
from luwte.lab.recognition.verdicts import PDQ_QUALITY, PDQ_RADIUS, Match
from luwte.lab.reference.codes import CodeList
from luwte.lab.reference.hamming import radius_search

WIDEST = 90
"""Bits up to which distances are noted: the widest net that can be chosen."""

LONGER = (1_000_000, 10_000_000)
"""Pictures in the longer lists for which local codes are judged too."""

_SURE = 36.0
"""Log-odds beyond which a likelihood is 1 in a double."""
_CERTAIN = -1000.0
"""How far off what the fast pass finds is, on the scale of local codes."""

Answer = Mapping[int, float]
"""Of each entry that was found, how far off it is; the smaller the surer."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Up to where an answer counts as found; None is the wide net, to be chosen.

    `called` names it where the number says little. Of a `longer` list than the one at hand it says what would
    be found of it.
    """

    far: float | None
    called: str = ""
    longer: int = 0


@dataclass(frozen=True, slots=True)
class Method:
    """A way to recognise: its name, what it answers, and the limits up to which an answer counts as found.

    A limit of None is the wide net, to be chosen: the widest that holds the rate of false pairs, of at most
    `WIDEST` bits.
    """

    name: str
    ask: Callable[[Query], Answer]
    limits: tuple[Limit, ...]


def methods(gallery: Sequence[Listed]) -> list[Method]:
    """Return the methods, each ready to be asked about `gallery`, whose places are the numbers of entries."""
    by_field = _List([(entry.by_field, entry.field_quality) for entry in gallery])
    ours = _List([(entry.pdq, entry.quality) for entry in gallery])

    def field(query: Query) -> Answer:
        return by_field.near(*query.by_field)

    def forms(query: Query) -> Answer:
        return ours.near(query.frame.variants[:FORMS_BYTES], query.frame.quality)

    def boxes(query: Query) -> Answer:
        found = dict(forms(query))
        for entry, distance in ours.near(query.frame.variants[FORMS_BYTES:], PDQ_QUALITY).items():
            found[entry] = min(distance, found.get(entry, distance))
        return found

    closely = _closely(gallery)

    def local(query: Query) -> Answer:
        found = closely.matches(query.keypoints, query.part)
        return {match.entry: _far(match, len(closely.codes)) for match in found}

    def all_stages(query: Query) -> Answer:
        near = {entry: _CERTAIN for entry, distance in boxes(query).items() if distance <= PDQ_RADIUS}
        return {**local(query), **near}

    at, wide, size = Limit(PDQ_RADIUS), Limit(None), len(closely.codes)
    return [
        Method("PDQ", field, (at,)),
        Method("8 forms", forms, (at, wide)),
        Method("8 forms and boxes", boxes, (at, wide)),
        Method("local codes", local, (_same(size), _near(size), *map(_longer(_same), LONGER))),
        Method("all stages", all_stages, (_near(size), *map(_longer(_near), LONGER))),
    ]


def _far(match: Match, size: int) -> float:
    """Return how far off a match in a list of `size` is: minus its log-odds in a list of one picture."""
    odds = _log_odds(match.likelihood or 0.0) + _long(size)
    beyond = _same(size).far if match.verdict != "same_picture" else None
    return -odds if beyond is None else max(-odds, math.nextafter(beyond, math.inf))


def _long(size: int) -> float:
    """Return by how much the length of a list lowers log-odds."""
    return math.log(max(size, SHORTEST))


def _log_odds(likelihood: float) -> float:
    if likelihood in (0.0, 1.0):
        return math.copysign(_SURE, likelihood - 0.5)
    return max(-_SURE, min(_SURE, math.log(likelihood) - math.log1p(-likelihood)))


def _same(size: int) -> Limit:
    return Limit(-_log_odds(default_model().thresholds.same_picture) - _long(size), "same picture")


def _near(size: int) -> Limit:
    return Limit(-_log_odds(default_model().thresholds.near) - _long(size), "same picture or near")


def _longer(limit: Callable[[int], Limit]) -> Callable[[int], Limit]:
    return lambda size: Limit(limit(size).far, limit(size).called, size)


def _closely(gallery: Sequence[Listed]) -> Recognition:
    """Return what looks closely in a scan whose list is `gallery`."""
    builder = ColumnBuilder()
    for number, entry in enumerate(gallery):
        builder.add(Entry(f"{number:032x}", "bench", pdq=entry.pdq, codes=entry.codes), SEED)
    return Recognition(CodeList(builder.finish()), _Entries(gallery), default_model())


class _Entries:
    """What a list says of its entries."""

    def __init__(self, gallery: Sequence[Listed]) -> None:
        self._hashes = [_rows(entry.pdq if entry.quality >= PDQ_QUALITY else b"") for entry in gallery]

    def moves(self, _entry: int, /) -> bool:
        """Return that none is a video."""
        return False

    @property
    def pictured(self) -> int:
        return len(self._hashes)

    def hashes(self, entry: int, /) -> NDArray[np.uint8]:
        return self._hashes[entry]


class _List:
    """Hashes of the entries that have enough in them."""

    def __init__(self, hashes: Sequence[tuple[bytes, int]]) -> None:
        good = [number for number, (_, quality) in enumerate(hashes) if quality >= PDQ_QUALITY]
        self._entries = np.array(good, np.intp)
        self._hashes = _rows(b"".join(hashes[number][0] for number in good))

    def near(self, variants: bytes, quality: int) -> Answer:
        """Return the entries within `WIDEST` bits of any of `variants`, each at its smallest distance."""
        if quality < PDQ_QUALITY or not variants:
            return {}
        found = radius_search(_rows(variants), self._hashes, WIDEST)
        best: dict[int, float] = {}
        for reference, distance in zip(found.reference.tolist(), found.distance.tolist(), strict=True):
            entry = int(self._entries[reference])
            best[entry] = min(distance, best.get(entry, distance))
        return best


def _rows(hashes: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(hashes, np.uint8).reshape(-1, PDQ_BYTES)
