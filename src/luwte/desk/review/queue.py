"""What waits for a reviewer: the clusters that nobody decided, with what hangs on each and is known of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from luwte.desk.findings import joined, places
from luwte.desk.findings.holding import Holding
from luwte.desk.findings.models import Cluster
from luwte.desk.review.answers import ANSWERS, answers
from luwte.desk.review.beliefs import Seen, most
from luwte.desk.review.models import Look
from luwte.desk.review.ports import Stakes
from luwte.desk.review.surroundings import Decided, Found, company_of, decided_at, found_at
from luwte.desk.review.values import Answers, Candidate, Stake

REFUSED = "refused"
_NOTHING = Stake()
_NOBODY = Answers()


def waiting(stakes: Stakes, now: datetime, only: str | None = None) -> list[Candidate]:
    """Return every cluster that is not decided and before nobody, whether or not somebody may hear of it.

    With `only`, that one alone, if it is such a one.

    Left out are those of entries that are held, those that a larger cluster holds, and where the authority
    accepts files that are the same picture, those as well.
    """
    rows, parts = _open(only)
    found = places.of_joined({row.id: parts[row.id] for row in rows})
    at = {(row.series, case) for row in rows for case in found[row.id]}
    hangs, stands, decided = stakes(at, now), found_at(at), decided_at({row.entry for row in rows})
    passed = _passed(only)
    said = answers(Q(cluster__outcome="") if only is None else Q(cluster=only))
    return [
        Candidate(
            row.id,
            max(found[row.id].values(), default=0),
            row.likelihood,
            tuple(hangs.get((row.series, case), _NOTHING) for case in sorted(found[row.id])),
            row.since,
            said.get(row.id, _NOBODY).count,
            frozenset(passed.get(row.id, ())),
            _seen(row, found[row.id], said.get(row.id, _NOBODY), stands, decided),
        )
        for row in rows
    ]


def _seen(row: Cluster, cases: Collection[str], said: Answers, stands: Found, decided: Decided) -> Seen:
    of_entry = most(decided.get((row.entry, case), Counter()) for case in cases)
    company = company_of(row, cases, stands)
    return Seen(company, of_entry["confirmed"], of_entry["rejected"], said.for_it, said.against)


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


def _passed(only: str | None) -> Mapping[str, set[str]]:
    """Return who answered or refused each open cluster."""
    passed: defaultdict[str, set[str]] = defaultdict(set)
    looks = Look.objects.filter(undone=None, cluster__outcome="", answer__in=(*ANSWERS, REFUSED))
    if only is not None:
        looks = looks.filter(cluster=only)
    for cluster, who in looks.values_list("cluster", "reviewer").iterator():
        passed[cluster].add(who)
    return passed
