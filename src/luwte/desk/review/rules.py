"""Which cluster is looked at next, and what the answers come to. Plain values, no database, no clock.

A cluster is one question: do these files show the picture of this entry? Two reviewers answer apart from each
other. Only what somebody may hear is asked at all; the rest stays registered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from math import log2
from operator import itemgetter

from luwte.desk.review.beliefs import NOTHING_DECIDED, Prior, belief
from luwte.desk.review.floors import NO_FLOOR, Floor, is_below
from luwte.desk.review.values import Candidate, Stake

AGREE = 2
"""How many reviewers must give the same answer."""
LOOKS = 3
"""How many reviewers look at most: the third where two differ."""
PRESSING = ((timedelta(days=7), 4.0), (timedelta(days=30), 2.0))
"""How much more a right weighs that lapses within such a time; any other right weighs `SOME_RIGHT`."""
SOME_RIGHT = 1.5
SETTLED = 0.1
"""What a cluster weighs when all it shows may hear of the case already: then it adds a number, no news."""
HALF_DONE = 2.0
"""How much more a cluster weighs that somebody looked at already: an answer that waits helps nobody."""


class Answer(StrEnum):
    """What one reviewer says of a cluster."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    CANNOT_TELL = "cannot_tell"


class Outcome(StrEnum):
    """What the answers come to. Only what is confirmed is ever told (T12)."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    UNCLEAR = "unclear"


_COMES_TO = {
    Answer.CONFIRMED: Outcome.CONFIRMED,
    Answer.REJECTED: Outcome.REJECTED,
    Answer.CANNOT_TELL: Outcome.UNCLEAR,
}


def outcome(answers: Mapping[str, Answer]) -> Outcome | None:
    """Return what the answers (by reviewer) come to; None while somebody else must look.

    Two who agree decide. Three who all differ leave it unclear: it is not told.
    """
    tally = Counter(answers.values())
    for answer, count in tally.items():
        if count >= AGREE:
            return _COMES_TO[answer]
    return Outcome.UNCLEAR if len(answers) >= LOOKS else None


def worth(candidate: Candidate, now: datetime, prior: Prior = NOTHING_DECIDED) -> float:
    """Return what a minute on this cluster is worth: how likely it is, times how much hangs on it.

    Zero when nobody may hear of it, whatever the likelihood. `prior` is what was decided of clusters alike.
    """
    return belief(candidate.likelihood, candidate.seen, prior) * _hangs(candidate, now)


def queue(
    candidates: Iterable[Candidate],
    reviewer: str,
    now: datetime,
    prior: Prior = NOTHING_DECIDED,
    floor: Floor = NO_FLOOR,
) -> list[Candidate]:
    """Return what may be put before `reviewer`, the most worth first.

    Consent first: what nobody may hear is not in it. Nor is what lies below the floor, or what this reviewer
    answered or refused: two looks at one cluster are those of two people.
    """
    open_now = []
    for one in candidates:
        believed = belief(one.likelihood, one.seen, prior)
        if one.heard and reviewer not in one.passed and not is_below(one, believed, floor, now):
            open_now.append((-believed * _hangs(one, now), one.since, one.cluster, one))
    return [one for *_, one in sorted(open_now, key=itemgetter(0, 1, 2))]


def _hangs(candidate: Candidate, now: datetime) -> float:
    """Return how much a confirmed cluster would change, for all cases in which somebody may hear."""
    hangs = sum(_weight(stake, now) for stake in candidate.stakes if stake.heard)
    more = 1 + log2(max(1, candidate.files)) / 10
    return hangs * more * (HALF_DONE if candidate.answers else 1.0)


def _weight(stake: Stake, now: datetime) -> float:
    weight = SETTLED if stake.settled else 1.0
    if stake.right is None or stake.right <= now:
        return weight
    left = stake.right - now
    return weight * next((more for within, more in PRESSING if left <= within), SOME_RIGHT)
