"""P12: which edited copies are found, and how many false pairs that costs, by method, in one run.

What is chosen (the wide net) is chosen on one half of the sources and reported on the other. A false pair is
a query and an entry of another picture that a method takes for the same one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import hard_negatives
from bench.alterations import saved
from bench.asking import AS_IT_IS, Asked, ask_all
from bench.edits import EDITS
from bench.gallery import gallery, workers
from bench.methods import WIDEST, Limit, Method, methods
from bench.queries import Query, listed

RATE = 1e-6
"""The false pairs a pair that the wide net may cost on the half that it is chosen on."""
LOOK_ALIKE = (41, 90)
"""The bits between two photos of a folder that are taken for look-alikes: not copies, not strangers."""
SETS, MEMBERS = 12, 5


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: pictures that are edited, edits of each, pictures in the list."""

    sources: int
    each: int
    gallery: int


@dataclass(frozen=True, slots=True)
class Errors:
    """False pairs among so many, and among those of them with an entry of the kind that is asked for."""

    false: int
    pairs: int
    false_of_kind: int
    pairs_of_kind: int


@dataclass(frozen=True, slots=True)
class Column:
    """A method at a limit, and what it found of the reported half, with its false pairs.

    `recall` is the share of each edit, not a number where none was sampled. `longer` is the size of the
    longer list that the limit is for, 0 for the one at hand.
    """

    title: str
    limit: float
    recall: tuple[float, ...]
    errors: Errors
    longer: int = 0

    def recall_of(self, group: str) -> float:
        """Return the share found of the queries of `group`."""
        return _mean(share for edit, share in zip(EDITS, self.recall, strict=True) if edit.group == group)

    @property
    def whole(self) -> float:
        """The share found of all edits, each counting the same."""
        return _mean(self.recall)


@dataclass(frozen=True, slots=True)
class Alike:
    """Of pairs of one family of look-alikes, how many each column takes for the same picture."""

    family: str
    pairs: int
    taken: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run gave: its size, the columns of the battery, and the look-alikes.

    `gallery` pictures stand in the list, the first `own` of the kind that is asked for. `samples` are, of
    each edit, the sources that are reported; `reported` counts all queries of that half.
    """

    kind: str
    sources: int
    gallery: int
    own: int
    samples: tuple[int, ...]
    reported: int
    columns: tuple[Column, ...]
    alike: tuple[Alike, ...]


def measure(size: Size, cache: Path, photos: Path | None = None) -> Measured:
    """Return what all methods give on pictures that are edited and looked up in a list, as `size` says.

    The pictures are drawn, or those of the folder `photos`, where pictures that are alike count once. The
    look-alikes are families that are drawn too, or pairs of those photos. What is dear is kept in the folder
    `cache`, so that the same call goes on where it was stopped.
    """
    known = gallery(size.gallery, photos, cache)
    sources = min(size.sources, known.own)
    ways = methods(known.entries)
    asked = ask_all(ways, known, sources, size.each, cache)
    others = len(known.entries) - 1, known.own - 1
    limits = chosen(ways, [one for one in asked if one.source % 2 == 0], others[0])
    reported = [one for one in asked if one.source % 2]
    samples = tuple(sum(one.edit == edit for one in reported) for edit in range(len(EDITS)))
    columns = tuple(_columns(limits, reported, known.own, others))
    alike = tuple(_families(limits)) if photos is None else (_look_alikes(limits, asked, known.own),)
    kind = "drawn" if photos is None else "photos of a folder"
    return Measured(kind, sources, len(known.entries), known.own, samples, len(reported), columns, alike)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The limit number `place` of method number `number`, how it is called, and up to `far`."""

    number: int
    place: int
    title: str
    far: float
    longer: int


def chosen(ways: Sequence[Method], fitted: Sequence[Asked], others: int) -> list[Chosen]:
    """Return the limits; wide nets are chosen on `fitted`, each of whose queries met `others` entries."""
    allowed = math.floor(RATE * len(fitted) * others)
    return [
        _chosen(
            way, number, place, limit, _widest(number, allowed, fitted) if limit.far is None else limit.far
        )
        for number, way in enumerate(ways)
        for place, limit in enumerate(way.limits)
    ]


def _chosen(way: Method, number: int, place: int, limit: Limit, far: float) -> Chosen:
    called = limit.called or f"{'wide' if limit.far is None else 'at'} {far:.3g}"
    return Chosen(number, place, f"{way.name}, {called}", far, limit.longer)


def _widest(number: int, allowed: int, fitted: Sequence[Asked]) -> float:
    """The widest limit with at most `allowed` false pairs."""
    false = sorted(far for one in fitted for _, far in one.false[number])
    return false[allowed] - 1 if len(false) > allowed else WIDEST


def _columns(
    limits: Sequence[Chosen], reported: Sequence[Asked], own: int, others: tuple[int, int]
) -> Iterator[Column]:
    for limit in limits:
        hits: list[list[bool]] = [[] for _ in EDITS]
        for one in reported:
            if one.edit != AS_IT_IS:
                hits[one.edit].append(one.own[limit.number] <= limit.far)
        false = [entry for one in reported for entry, far in one.false[limit.number] if far <= limit.far]
        errors = Errors(
            len(false),
            len(reported) * others[0],
            sum(entry < own for entry in false),
            len(reported) * others[1],
        )
        recall = tuple(sum(found) / len(found) if found else math.nan for found in hits)
        yield Column(limit.title, limit.far, recall, errors, limit.longer)


def _families(limits: Sequence[Chosen]) -> list[Alike]:
    with workers() as pool:
        return pool.map(partial(_family, limits), hard_negatives.FAMILIES, chunksize=1)


def _family(limits: Sequence[Chosen], family: str) -> Alike:
    """Ask for each member of each set of look-alikes, among all members of its family."""
    drawn = [one for number in range(SETS) for one in hard_negatives.members(family, number, MEMBERS)]
    ways = methods([listed(Query(saved(one, 95))) for one in drawn])
    queries = [Query(saved(one)) for one in drawn]
    answers = [[way.ask(query) for query in queries] for way in ways]
    taken = []
    for limit in limits:
        of_family = ways[limit.number].limits[limit.place].far  # as the list of a family is so long
        far = limit.far if of_family is None else of_family
        taken.append(
            sum(
                entry != number and entry // MEMBERS == number // MEMBERS and found <= far
                for number, answer in enumerate(answers[limit.number])
                for entry, found in answer.items()
            )
        )
    return Alike(family, len(queries) * (MEMBERS - 1), tuple(taken))


def _look_alikes(limits: Sequence[Chosen], asked: Sequence[Asked], own: int) -> Alike:
    """Take the photos, in a file saved anew, that have a look-alike in the list, by the field's hash."""
    low, high = LOOK_ALIKE
    pairs = [
        (one, entry)
        for one in asked
        if one.edit == AS_IT_IS
        for entry, far in one.false[0]
        if low <= far <= high and entry < own
    ]
    taken = tuple(
        sum((dict(one.false[limit.number]).get(entry, math.inf)) <= limit.far for one, entry in pairs)
        for limit in limits
    )
    return Alike(f"photos {low} to {high} bits apart", len(pairs), taken)


def _mean(shares: Iterable[float]) -> float:
    found = [share for share in shares if not math.isnan(share)]
    return sum(found) / len(found) if found else math.nan
