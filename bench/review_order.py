"""The order in which a drawn desk asks, by the project's own worth, and what lies below the floor."""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from bench.review_learned import Learned
from bench.review_values import Question
from luwte.desk.review.beliefs import EDGES, Band, Prior, Seen, band, belief
from luwte.desk.review.floors import is_below
from luwte.desk.review.rules import queue, worth
from luwte.desk.review.values import Candidate

FIRST = 3
"""How many of the first in the queue are put in order anew at each look."""
RISEN = 1.1
_Key = tuple[float, datetime, str]


class Order:
    """Questions by worth; `candidate` says how the desk sees one of them now."""

    def __init__(
        self, questions: Mapping[str, Question], learned: Learned, candidate: Callable[[Question], Candidate]
    ) -> None:
        self._questions, self._learned, self._candidate = questions, learned, candidate
        self._order: list[_Key] = []
        self._keys: dict[str, _Key] = {}
        self._bands: dict[str, Band] = {}  # of what lies below the floor, as it was put there
        self._lowest: dict[Band, float] = {}  # the belief in the middle of bands, since they were put anew
        self.low: set[str] = set()

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, name: str) -> bool:
        return name in self._keys or name in self.low

    def put(self, question: Question) -> None:
        """Put a question where it belongs now."""
        self.take(question.id)
        candidate, learned = self._candidate(question), self._learned
        believed = belief(candidate.likelihood, candidate.seen, learned.prior)
        if is_below(candidate, believed, learned.floor, question.since):
            self.low.add(question.id)
            self._bands[question.id] = band(candidate.likelihood, candidate.seen.company)
            return
        key = (-worth(candidate, question.since, learned.prior), question.since, question.id)
        self._keys[question.id] = key
        insort(self._order, key)

    def take(self, name: str) -> None:
        """Take a question out, if it is in."""
        self.low.discard(name)
        key = self._keys.pop(name, None)
        if key is not None:
            del self._order[bisect_left(self._order, key)]

    def renew(self) -> None:
        """Put every question where it belongs after what was learned.

        What lies below the floor can only come up where those alike are believed in more than before: by a
        tenth, so that a year is drawn in seconds.
        """
        now = self._learned.prior
        middles = {one: _middle(one, now) for one in set(self._bands.values())}
        risen = {one for one, much in middles.items() if much > RISEN * self._lowest.get(one, 0.0)}
        self._lowest = {
            one: much if one in risen else min(much, self._lowest[one]) for one, much in middles.items()
        }
        for name in (*self._keys, *(name for name in self.low if self._bands[name] in risen)):
            self.put(self._questions[name])

    def next(self, who: str, now: datetime) -> Question | None:
        """Return what the queue puts first, of those that stand first and this reviewer did not answer."""
        while first := list(itertools.islice(self._not_answered(who), FIRST)):
            candidates = [self._candidate(one) for one in first]
            order = queue(candidates, who, now, self._learned.prior, self._learned.floor)
            if order:
                return self._questions[order[0].cluster]
            for one in first:  # they sank below the floor since they were put into order
                self.put(one)
        return None

    def _not_answered(self, who: str) -> Iterator[Question]:
        questions = (self._questions[name] for *_, name in self._order)
        return (one for one in questions if who not in one.answers)


def _middle(where: Band, prior: Prior) -> float:
    """Return the belief in the middle of a band."""
    bottom, top = (0, *EDGES, 1000)[where[0] : where[0] + 2]
    return belief((bottom + top) // 2, Seen(where[1]), prior)
