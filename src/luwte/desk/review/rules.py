"""Which cluster is looked at next, and what the answers come to. Plain values, no database, no clock.

A cluster is one question: do these files show the picture of this entry? Two reviewers answer apart from each
other. Only what somebody may hear is asked at all; the rest stays registered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import log2

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


@dataclass(frozen=True, slots=True)
class Stake:
    """What hangs on the files of one series in one case; says nothing of who.

    `heard`: somebody it shows wants to hear of it, or has a standing mandate. `settled`: all of those may
    hear of this case already. `right`: when the first right of theirs in this case lapses.
    """

    heard: bool = False
    settled: bool = False
    right: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cluster that is not decided: its files, the likelihood in per mille, and since when it is known.

    `stakes` holds one for each case that it stands in; `answers`: how many reviewers answered; `passed`:
    those who answered or refused it.
    """

    cluster: str
    files: int
    likelihood: int
    stakes: tuple[Stake, ...]
    since: datetime
    answers: int = 0
    passed: frozenset[str] = frozenset()


def outcome(answers: Mapping[str, Answer]) -> Outcome | None:
    """Return what the answers (by reviewer) come to; None while somebody else must look.

    Two who agree decide. Three who all differ leave it unclear: it is not told.
    """
    tally = Counter(answers.values())
    for answer, count in tally.items():
        if count >= AGREE:
            return _COMES_TO[answer]
    return Outcome.UNCLEAR if len(answers) >= LOOKS else None


def worth(candidate: Candidate, now: datetime) -> float:
    """Return what a minute on this cluster is worth: how likely it is, times how much hangs on it.

    Zero when nobody may hear of it, whatever the likelihood.
    """
    hangs = sum(_weight(stake, now) for stake in candidate.stakes if stake.heard)
    more = 1 + log2(max(1, candidate.files)) / 10
    half = HALF_DONE if candidate.answers else 1.0
    return max(1, candidate.likelihood) / 1000 * hangs * more * half


def queue(candidates: Iterable[Candidate], reviewer: str, now: datetime) -> list[Candidate]:
    """Return what may be put before `reviewer`, the most worth first.

    Consent first: what nobody may hear is not in it. Nor is what this reviewer answered or refused: two looks
    at one cluster are those of two people.
    """
    open_now = [
        one for one in candidates if any(stake.heard for stake in one.stakes) and reviewer not in one.passed
    ]
    return sorted(open_now, key=lambda one: (-worth(one, now), one.since, one.cluster))


def _weight(stake: Stake, now: datetime) -> float:
    weight = SETTLED if stake.settled else 1.0
    if stake.right is None or stake.right <= now:
        return weight
    left = stake.right - now
    return weight * next((more for within, more in PRESSING if left <= within), SOME_RIGHT)
