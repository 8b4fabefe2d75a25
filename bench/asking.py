"""Edited copies of pictures, and what each method answers of them: asked on all cores, and once."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import click

import bench
import luwte.lab.recognition
import luwte.lab.reference
from bench.alterations import saved
from bench.edits import EDITS
from bench.gallery import Gallery, Name, key, picture, version, workers
from bench.kept import Kept, version_of
from bench.methods import Method
from bench.paintings import painted
from bench.queries import Query

OTHERS_FROM = 10_000_000
"""The seeds of pictures that stand in no gallery: what collages and pastes use."""
AS_IT_IS = -1
"""The number of the edit that is none: the picture itself, in a file saved anew."""
_CODE = ("asking.py", "edits.py", "framings.py", "methods.py")


@dataclass(frozen=True, slots=True)
class Asked:
    """What one query gave: of each method how far off its own entry was, and each other entry it found.

    `false` holds, for each method, the entries and how far off each was.
    """

    source: int
    edit: int
    own: tuple[float, ...]
    false: tuple[tuple[tuple[int, float], ...], ...]


def ask_all(ways: Sequence[Method], listed: Gallery, sources: int, each: int, cache: Path) -> list[Asked]:
    """Ask `ways` for `each` edits of the first `sources` pictures of `listed`, and for each as it is.

    What was asked before of the same list, by the same code, is taken from the folder `cache`.
    """
    hands = dealt(sources, each)
    _SHARED[:] = [(ways, listed)]
    _warm(ways, listed.names[0])
    asked: list[Asked] = []
    with Kept(cache, "answers", _version(listed)) as kept:
        todo = []
        for source, hand in enumerate(hands):
            known = {edit: kept.get(_called(source, edit)) for edit in hand}
            asked += [_asked(value) for value in known.values() if value is not None]
            todo.append((source, tuple(edit for edit, value in known.items() if value is None)))
        length = sum(map(len, hands))
        with click.progressbar(length=length, label="asking", file=sys.stderr) as bar, workers() as pool:
            bar.update(len(asked))
            for found in pool.imap_unordered(_ask, [task for task in todo if task[1]]):
                for one in found:
                    kept.put(_called(one.source, one.edit), asdict(one))
                asked += found
                bar.update(len(found))
    return sorted(asked, key=lambda one: (one.source, one.edit))


def dealt(sources: int, each: int) -> list[tuple[int, ...]]:
    """Return for each of `sources` the numbers of its edits: `AS_IT_IS`, and `each` that are dealt by lot.

    Each half of the sources, even and odd, has a pack of its own: all edits come up as often in each.
    """
    packs = (_Pack(0), _Pack(1))
    return [(AS_IT_IS, *packs[source % 2].hand(min(each, len(EDITS)))) for source in range(sources)]


class _Pack:
    """The edits as cards, shuffled anew when all are dealt."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._cards: list[int] = []

    def hand(self, count: int) -> list[int]:
        """Return `count` cards, no two the same."""
        found: list[int] = []
        while len(found) < count:
            if not self._cards:
                self._cards = list(range(len(EDITS)))
                self._chance.shuffle(self._cards)
            place = next((at for at, card in enumerate(self._cards) if card not in found), None)
            if place is None:
                self._cards += self._chance.sample(range(len(EDITS)), len(EDITS))
            else:
                found.append(self._cards.pop(place))
        return sorted(found)


_SHARED: list[tuple[Sequence[Method], Gallery]] = []


def _warm(ways: Sequence[Method], name: Name) -> None:
    """Have the tables of the list made, before there are processes that share them."""
    query = Query(saved(picture(name)))
    for way in ways:
        way.ask(query)


def _ask(task: tuple[int, Sequence[int]]) -> list[Asked]:
    (ways, listed), (source, hand), found = _SHARED[0], task, []
    shown, other = picture(listed.names[source]), painted(OTHERS_FROM + source)
    for edit in hand:
        edited = shown if edit == AS_IT_IS else EDITS[edit].of(shown, other, source)
        query = Query(saved(edited))
        answers = [way.ask(query) for way in ways]
        own = tuple(answer.get(source, math.inf) for answer in answers)
        false = tuple(tuple(one for one in answer.items() if one[0] != source) for answer in answers)
        found.append(Asked(source, edit, own, false))
    return found


def _called(source: int, edit: int) -> str:
    return f"{source} {'as it is' if edit == AS_IT_IS else EDITS[edit].name}"


def _asked(value: object) -> Asked:
    found = cast("dict[str, Any]", value)
    false = tuple(tuple((entry, far) for entry, far in of_one) for of_one in found["false"])
    return Asked(found["source"], found["edit"], tuple(found["own"]), false)


def _version(listed: Gallery) -> str:
    """Return a hash of all that decides an answer: the code, the list, and the pictures that are edited."""
    return version_of(
        [*(Path(folder) / name for folder in bench.__path__ for name in _CODE), *_judging()],
        version(),
        listed.digest,
        *map(key, listed.names[: listed.own]),
    )


@cache
def _judging() -> list[Path]:
    packages = (luwte.lab.recognition, luwte.lab.reference)
    return [Path(folder) for package in packages for folder in package.__path__]
