"""P12: which edited copies are found, and how many false pairs that costs, by method, in one run.

What is chosen (the wide net) is chosen on one half of the sources and reported on the other. A false pair is
a query and an entry of another picture that a method takes for the same one.
"""

from __future__ import annotations

import itertools
import math
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from bench import hard_negatives, pictures
from bench.alterations import saved
from bench.edits import EDITS
from bench.methods import Method, Query, methods
from bench.paintings import painted
from luwte.lab.reference.hamming import HASH_BYTES, radius_search

RATE = 1e-6
"""The false pairs a pair that the wide net may cost on the half that it is chosen on."""
ALIKE = 40
"""Pictures of a gallery within this many bits of each other may be copies; one of them is left out."""
LOOK_ALIKE = (41, 90)
"""The bits between two photos of a folder that are taken for look-alikes: not copies, not strangers."""
SETS, MEMBERS = 12, 5
OTHERS_FROM = 10_000_000
"""The seeds of pictures that stand in no gallery: what collages and pastes use."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one query gave: of each method how far off its own entry was, and each other entry it found."""

    source: int
    edit: int
    own: tuple[float, ...]
    false: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A method at a limit, and what it found of the reported half, by edit (share), with its false pairs."""

    title: str
    limit: float
    recall: tuple[float, ...]
    false: int
    pairs: int

    def recall_of(self, group: str) -> float:
        """Return the share found of the queries of `group`."""
        found = [share for edit, share in zip(EDITS, self.recall, strict=True) if edit.group == group]
        return sum(found) / len(found)

    @property
    def whole(self) -> float:
        """The share found of all queries."""
        return sum(self.recall) / len(self.recall)


@dataclass(frozen=True, slots=True)
class Alike:
    """Of pairs of one family of look-alikes, how many each column takes for the same picture."""

    family: str
    pairs: int
    taken: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run gave: its size, the columns of the battery, and the look-alikes."""

    kind: str
    sources: int
    gallery: int
    columns: tuple[Column, ...]
    alike: tuple[Alike, ...]


def measure(sources: int, gallery: int, photos: Path | None = None) -> Measured:
    """Return what all methods give on `sources` pictures, edited in every way, in a gallery of `gallery`.

    The pictures are drawn, or those of the folder `photos`, where pictures that are alike count once. The
    look-alikes are families that are drawn too, or pairs of those photos.
    """
    bases = list(_bases(gallery, photos))
    sources = min(sources, len(bases))
    ways = methods([Query(saved(picture, 95)) for picture in bases])
    asked = _ask_all(ways, bases[:sources])
    limits = chosen(ways, [one for one in asked if one.source % 2 == 0], len(bases) - 1)
    columns = tuple(_columns(limits, [one for one in asked if one.source % 2], len(bases) - 1))
    alike = tuple(_families(limits)) if photos is None else (_look_alikes(ways, limits, bases),)
    kind = "drawn" if photos is None else "photos of a folder"
    return Measured(kind, sources, len(bases), columns, alike)


Limits = Sequence[tuple[int, str, float]]
"""Of each column the number of its method, its title and its limit."""


def chosen(ways: Sequence[Method], fitted: Sequence[Asked], others: int) -> Limits:
    """Return the columns; wide nets are chosen on `fitted`, each of whose queries met `others` entries."""
    found: list[tuple[int, str, float]] = []
    allowed = math.floor(RATE * len(fitted) * others)
    for number, way in enumerate(ways):
        for place, limit in enumerate(way.limits):
            wide = limit if limit is not None else _widest(number, way.widest, allowed, fitted)
            plain = f"{'wide' if limit is None else 'at'} {_shown(wide)}"
            title = f"{way.name}, {way.called[place] if way.called else plain}"
            found.append((number, title, wide))
    return found


def _widest(number: int, widest: float, allowed: int, fitted: Sequence[Asked]) -> float:
    """The widest limit with at most `allowed` false pairs."""
    false = sorted(itertools.chain.from_iterable(one.false[number] for one in fitted))
    if len(false) <= allowed:
        return widest
    next_one = false[allowed]
    return next_one - 1 if next_one >= 2 else math.nextafter(next_one, -math.inf)


def _shown(limit: float) -> str:
    return f"{limit:.3g}"


def _columns(limits: Limits, reported: Sequence[Asked], others: int) -> Iterator[Column]:
    for number, title, limit in limits:
        hits: list[list[bool]] = [[] for _ in EDITS]
        for one in reported:
            hits[one.edit].append(one.own[number] <= limit)
        false = sum(distance <= limit for one in reported for distance in one.false[number])
        recall = tuple(sum(found) / max(1, len(found)) for found in hits)
        yield Column(title, limit, recall, false, len(reported) * others)


def interval(false: int, pairs: int, sure: float = 0.95) -> tuple[float, float]:
    """Return the Clopper-Pearson interval of the rate of `false` in `pairs`; of none, the rule of three.

    Pairs of one source are not independent of each other: the true interval is wider.
    """
    if false == 0:
        return 0.0, 3 / pairs
    tail = (1 - sure) / 2
    low = _solved(lambda rate: 1 - _at_most(false - 1, pairs, rate) - tail, pairs, false)
    high = _solved(lambda rate: tail - _at_most(false, pairs, rate), pairs, false)
    return low, high


def _solved(rising: Callable[[float], float], pairs: int, false: int) -> float:
    low, high = 0.0, min(1.0, (5 * false + 50) / pairs)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return high


def _at_most(count: int, pairs: int, rate: float) -> float:
    """The chance of at most `count` in `pairs` independent tries at `rate`."""
    if not 0 < rate < 1:
        return float(rate <= 0)
    log_rate, log_rest = math.log(rate), math.log1p(-rate)
    whole = math.lgamma(pairs + 1)
    terms = (
        whole - math.lgamma(k + 1) - math.lgamma(pairs - k + 1) + k * log_rate + (pairs - k) * log_rest
        for k in range(count + 1)
    )
    return min(1.0, math.fsum(map(math.exp, terms)))


def _bases(count: int, photos: Path | None) -> Iterator[Image.Image]:
    """Give `count` pictures, or as many as there are, of which no two are alike."""
    if photos is None:
        drawn: Iterator[Image.Image] = map(painted, itertools.count())
    else:
        drawn = (Image.fromarray(Query(one).colours) for one in pictures.of_folder(photos, count * 2))
    kept = np.zeros((0, HASH_BYTES), np.uint8)
    for picture in drawn:
        frame = Query(saved(picture, 95)).frame
        forms = np.frombuffer(frame.variants[: 8 * HASH_BYTES], np.uint8).reshape(8, HASH_BYTES)
        if frame.quality >= 50 and not len(radius_search(forms, kept, ALIKE).query):
            kept = np.concatenate([kept, forms[:1]])
            yield picture
        if len(kept) == count:
            return


_SHARED: tuple[Sequence[Method], Sequence[Image.Image]] = ((), ())


def _ask_all(ways: Sequence[Method], sources: Sequence[Image.Image]) -> list[Asked]:
    """Ask in as many processes as there are cores; they share what was made before they began."""
    global _SHARED
    _SHARED = (ways, sources)
    with multiprocessing.get_context("fork").Pool(len(os.sched_getaffinity(0))) as pool:
        return [*itertools.chain.from_iterable(pool.imap(_ask, range(len(sources))))]


def _ask(source: int) -> list[Asked]:
    ways, sources = _SHARED
    other, found = painted(OTHERS_FROM + source), []
    for number, edit in enumerate(EDITS):
        query = Query(saved(edit.of(sources[source], other, source)))
        answers = [way.ask(query) for way in ways]
        own = tuple(answer.get(source, math.inf) for answer in answers)
        false = tuple(tuple(far for entry, far in answer.items() if entry != source) for answer in answers)
        found.append(Asked(source, number, own, false))
    return found


def _families(limits: Limits) -> Iterator[Alike]:
    """Ask for each member of each set of look-alikes, among all members of its family."""
    for family in hard_negatives.FAMILIES:
        drawn = [hard_negatives.members(family, number, MEMBERS) for number in range(SETS)]
        gallery = [Query(saved(picture, 95)) for of_set in drawn for picture in of_set]
        queries = [Query(saved(picture)) for of_set in drawn for picture in of_set]
        answers = [[way.ask(query) for query in queries] for way in methods(gallery)]
        taken = tuple(
            sum(
                entry != number and entry // MEMBERS == number // MEMBERS and far <= limit
                for number, answer in enumerate(answers[way])
                for entry, far in answer.items()
            )
            for way, _, limit in limits
        )
        yield Alike(family, len(queries) * (MEMBERS - 1), taken)


def _look_alikes(ways: Sequence[Method], limits: Limits, bases: Sequence[Image.Image]) -> Alike:
    """Ask for photos that have a look-alike in the gallery, by the field's hash, in a file saved anew."""
    queries = [Query(saved(picture)) for picture in bases]
    answers = [[way.ask(query) for query in queries] for way in ways]
    low, high = LOOK_ALIKE
    pairs = {
        (number, entry)
        for number, answer in enumerate(answers[0])
        for entry, far in answer.items()
        if low <= far <= high and entry != number
    }
    taken = tuple(
        sum(answers[way][number].get(entry, math.inf) <= limit for number, entry in pairs)
        for way, _, limit in limits
    )
    return Alike(f"photos {low} to {high} bits apart", len(pairs), taken)
