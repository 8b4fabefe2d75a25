"""What waits for a reviewer: the clusters that nobody decided, with what hangs on each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from django.conf import settings

from luwte.desk.findings import joined, places
from luwte.desk.findings.holding import Holding
from luwte.desk.findings.models import Cluster
from luwte.desk.review.models import Look
from luwte.desk.review.ports import Stakes
from luwte.desk.review.rules import Answer, Candidate, Stake

ANSWERS = tuple(one.value for one in Answer)
REFUSED = "refused"
_NOTHING = Stake()


def waiting(stakes: Stakes, now: datetime, only: str | None = None) -> list[Candidate]:
    """Return every cluster that is not decided and before nobody, whether or not somebody may hear of it.

    With `only`, that one alone, if it is such a one.

    Left out are those of entries that are held, those that a larger cluster holds, and where the authority
    accepts files that are the same picture, those as well.
    """
    rows, parts = _open(only)
    found = places.of_joined({row.id: parts[row.id] for row in rows})
    at = {(row.series, case) for row in rows for case in found[row.id]}
    hangs = stakes(at, now)
    answered, passed = _looks()
    return [
        Candidate(
            row.id,
            max(found[row.id].values(), default=0),
            row.likelihood,
            tuple(hangs.get((row.series, case), _NOTHING) for case in sorted(found[row.id])),
            row.since,
            answered[row.id],
            frozenset(passed[row.id]),
        )
        for row in rows
    ]


def _open(only: str | None) -> tuple[list[Cluster], Mapping[str, Collection[str]]]:
    """Return what may be asked, and of each the open clusters that it holds."""
    before = Look.objects.filter(ended=None).values("cluster")
    rows = Cluster.objects.filter(outcome="").exclude(pk__in=before)
    if only is not None:
        rows = rows.filter(pk__in=[only, *joined.parts(only)])
    if settings.ACCEPT_SAME_PICTURE:
        rows = rows.exclude(verdict="same_picture")
    found = list(rows)
    held = Holding().among(row.entry for row in found)
    parts: defaultdict[str, set[str]] = defaultdict(set)
    for part, end in joined.largest(row.pk for row in found).items():
        parts[end].add(part)
    asked = [row for row in found if row.entry not in held and row.pk in parts[row.pk]]
    return [row for row in asked if only in (None, row.pk)], parts


def _looks() -> tuple[defaultdict[str, int], defaultdict[str, set[str]]]:
    """Return how many answered each open cluster, and who answered or refused it."""
    answered: defaultdict[str, int] = defaultdict(int)
    passed: defaultdict[str, set[str]] = defaultdict(set)
    looks = Look.objects.filter(undone=None, cluster__outcome="", answer__in=(*ANSWERS, REFUSED))
    for cluster, who, said in looks.values_list("cluster", "reviewer", "answer").iterator():
        answered[cluster] += said in ANSWERS
        passed[cluster].add(who)
    return answered, passed
