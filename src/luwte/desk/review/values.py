"""What review knows of a cluster, and of what hangs on it; never of whom. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from luwte.desk.review.beliefs import NOTHING_SEEN, Seen


@dataclass(frozen=True, slots=True)
class Stake:
    """What hangs on the files of one series in one case; says nothing of who.

    `heard`: somebody it shows wants to hear of it, or has a standing mandate. `settled`: all of those may
    hear of this case already. `only`: one of those has nothing yet, in any case, that counts. `right`: when
    the first right of theirs in this case lapses.
    """

    heard: bool = False
    settled: bool = False
    right: datetime | None = None
    only: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cluster that is not decided: its files, the likelihood in per mille, and since when it is known.

    `stakes` holds one for each case that it stands in; `answers`: how many reviewers answered; `passed`:
    those who answered or refused it; `seen`: what the desk knows of it besides.
    """

    cluster: str
    files: int
    likelihood: int
    stakes: tuple[Stake, ...]
    since: datetime
    answers: int = 0
    passed: frozenset[str] = frozenset()
    seen: Seen = NOTHING_SEEN

    @property
    def heard(self) -> bool:
        """Whether somebody may hear of it in at least one of its cases."""
        return any(stake.heard for stake in self.stakes)


@dataclass(frozen=True, slots=True)
class Answers:
    """How many answers say that a cluster shows its entry, that it does not, and that nobody can tell."""

    for_it: int = 0
    against: int = 0
    unsure: int = 0

    @property
    def count(self) -> int:
        """How many reviewers answered."""
        return self.for_it + self.against + self.unsure


def showed(outcome: str, said: Answers) -> bool | None:
    """Return whether a cluster showed its entry, as far as that is known; None where it is not."""
    if outcome:
        return None if outcome == "unclear" else outcome == "confirmed"
    return False if said.against and not said.for_it else None
