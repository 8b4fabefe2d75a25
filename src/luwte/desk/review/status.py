"""How much review there is to do, and how much was done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from luwte.desk.findings.models import Cluster
from luwte.desk.review.answers import ANSWERS
from luwte.desk.review.authority import version
from luwte.desk.review.beliefs import belief
from luwte.desk.review.floors import is_below
from luwte.desk.review.learning import prior
from luwte.desk.review.models import Look
from luwte.desk.review.ports import Stakes
from luwte.desk.review.queue import waiting
from luwte.desk.review.values import Candidate


@dataclass(frozen=True, slots=True)
class Status:
    """Clusters: that wait, that lie `below` the floor, that are `before` a reviewer, of which nobody may hear
    (`unheard`), that are not asked because their entry is held, a larger cluster has them or the authority
    accepts them (`held`), and what was decided.

    `sampled` lay below the floor, were asked all the same, and were answered; `sampled_confirmed` of them are
    confirmed. What one reviewer rejects there lies below again, and is decided by nobody.
    """

    waiting: int
    below: int
    before: int
    unheard: int
    held: int
    confirmed: int
    rejected: int
    unclear: int
    sampled: int
    sampled_confirmed: int


@dataclass(frozen=True, slots=True)
class Low:
    """A cluster below the floor: its files, the likelihood of its report (per mille), the belief (0 to 1)."""

    cluster: str
    files: int
    likelihood: int
    belief: float


def status(stakes: Stakes, now: datetime) -> Status:
    """Return the counts at `now`; each cluster is in one of them, and what was sampled in one more."""
    found = waiting(stakes, now)
    low = len(_low(found, now))
    heard = sum(one.heard for one in found)
    outcomes = Counter(Cluster.objects.values_list("outcome", flat=True))
    answered = Look.objects.filter(sampled=True, undone=None, answer__in=ANSWERS).values("cluster")
    sample = Counter(Cluster.objects.filter(pk__in=answered).values_list("outcome", flat=True))
    before = Look.objects.filter(ended=None, until__gt=now).count()
    return Status(
        heard - low,
        low,
        before,
        len(found) - heard,
        outcomes[""] - len(found) - before,
        outcomes["confirmed"],
        outcomes["rejected"],
        outcomes["unclear"],
        sample.total(),
        sample["confirmed"],
    )


def below(stakes: Stakes, now: datetime) -> list[Low]:
    """Return the clusters that somebody may hear of and that lie below the floor, the most believed first."""
    return sorted(_low(waiting(stakes, now), now), key=lambda one: (-one.belief, one.cluster))


def _low(found: list[Candidate], now: datetime) -> list[Low]:
    known, floor = prior(), version().floor
    believed = [(one, belief(one.likelihood, one.seen, known)) for one in found if one.heard]
    return [
        Low(one.cluster, one.files, one.likelihood, much)
        for one, much in believed
        if is_below(one, much, floor, now)
    ]
