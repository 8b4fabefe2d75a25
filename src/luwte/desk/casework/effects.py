"""What follows from a change, counted before anybody makes it. Nothing is written, and nobody is named."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from luwte.desk.findings import joined, places, remembered
from luwte.desk.findings.clusters import decided
from luwte.desk.findings.holding import Holding
from luwte.desk.findings.models import Cluster, EntrySighting
from luwte.desk.findings.quarantine import findings_with
from luwte.desk.review import authority, people
from luwte.desk.review.answers import ANSWERS
from luwte.desk.review.beliefs import belief
from luwte.desk.review.floors import Floor, is_below
from luwte.desk.review.hours import Limits
from luwte.desk.review.kept import stakes
from luwte.desk.review.learning import prior
from luwte.desk.review.models import Look
from luwte.desk.review.queue import waiting
from luwte.desk.review.values import Candidate

LAST = 200
"""So many looks say how long one takes."""
LOOKS = 2
"""So many people look at each cluster, at least."""


@dataclass(frozen=True, slots=True)
class OfEntry:
    """What hangs on an entry: the cases that show it, findings that are counted anew, its clusters."""

    cases: int
    findings: int
    confirmed: int
    rejected: int
    open: int
    held: bool


@dataclass(frozen=True, slots=True)
class OfUndo:
    """What falls when the answers on a cluster are taken back.

    `answers`: how many of each; `parts`: clusters that go with it; `resting`: reports that count files only
    because of it; `findings`: those that are counted anew.
    """

    cluster: str
    entry: str
    outcome: str
    answers: dict[str, int]
    parts: int
    files: int
    cases: tuple[str, ...]
    resting: int
    findings: int


@dataclass(frozen=True, slots=True)
class OfFloor:
    """How many open clusters are asked with the floor that holds, and with another one."""

    now: int
    then: int


@dataclass(frozen=True, slots=True)
class OfLimits:
    """How many clusters are asked, by how many reviewers, minutes a look takes, days until all are looked at
    twice: with the limits that hold, and with others. None where nobody reviews."""

    asked: int
    reviewers: int
    minutes: float
    now: int | None
    then: int | None


def of_entry(entry: str) -> OfEntry:
    """Return what hangs on an entry."""
    confirmed, rejected = decided({entry}).get(entry, (0, 0))
    return OfEntry(
        EntrySighting.objects.filter(entry=entry, stands=True).count(),
        len(findings_with({entry})),
        confirmed,
        rejected,
        Cluster.objects.filter(entry=entry, outcome="").count(),
        entry in Holding().among([entry]),
    )


def of_undo(cluster: str) -> OfUndo | None:
    """Return what falls with the answers on a cluster; None when nobody answered."""
    row = Cluster.objects.filter(pk=cluster).first()
    looks = Look.objects.filter(cluster=cluster, answer__in=ANSWERS, undone=None)
    said = Counter(looks.values_list("answer", flat=True))
    if row is None or not said:
        return None
    parts = joined.parts(cluster)
    found = places.of_joined({cluster: parts})[cluster]
    resting = {one.receipt_id for one in remembered.resting_on({cluster, *parts})}
    return OfUndo(
        cluster,
        row.entry,
        row.outcome,
        dict(said),
        len(parts),
        max(found.values(), default=0),
        places.case_numbers(found),
        len(resting),
        len(findings_with({row.entry})),
    )


def of_floor(floor: Floor, now: datetime) -> OfFloor:
    """Return how many clusters would be asked with `floor`, and how many are."""
    heard = _believed(now)
    return OfFloor(_asked(authority.version().floor, heard, now), _asked(floor, heard, now))


def of_limits(limits: Limits, now: datetime) -> OfLimits:
    """Return how long what waits would take with `limits`, and how long it takes."""
    asked = _asked(authority.version().floor, _believed(now), now)
    reviewers, minutes = len(people.names()), _minutes()
    days = [_days(one, asked, reviewers, minutes) for one in (authority.limits(), limits)]
    return OfLimits(asked, reviewers, round(minutes, 1), *days)


def _believed(now: datetime) -> list[tuple[Candidate, float]]:
    """Return the open clusters of which somebody may hear, with the belief in each."""
    known = prior()
    heard = [one for one in waiting(stakes, now) if one.heard]
    return [(one, belief(one.likelihood, one.seen, known)) for one in heard]


def _asked(floor: Floor, heard: list[tuple[Candidate, float]], now: datetime) -> int:
    return sum(not is_below(one, believed, floor, now) for one, believed in heard)


def _minutes() -> float:
    """How long a look took lately; a minute where nobody looked yet."""
    rows = Look.objects.filter(answer__in=ANSWERS, ended__isnull=False).order_by("-given")
    spans = [
        (ended - given).total_seconds() / 60
        for given, ended in rows.values_list("given", "ended")[:LAST]
        if ended is not None
    ]
    return max(0.1, sum(spans) / len(spans)) if spans else 1.0


def _days(limits: Limits, asked: int, reviewers: int, minutes: float) -> int | None:
    a_day = min(limits.items_a_day * reviewers, limits.minutes_a_day / minutes)
    return ceil(LOOKS * asked / a_day) if a_day else None
