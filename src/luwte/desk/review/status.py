"""How much review there is to do, and how much was done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from luwte.desk.findings.models import Cluster
from luwte.desk.review.models import Look
from luwte.desk.review.ports import Stakes
from luwte.desk.review.queue import waiting


@dataclass(frozen=True, slots=True)
class Status:
    """Clusters: that wait, that are `before` a reviewer, of which nobody may hear (`unheard`), that are not
    asked because their entry is held, a larger cluster has them or the authority accepts them (`held`), and
    what was decided."""

    waiting: int
    before: int
    unheard: int
    held: int
    confirmed: int
    rejected: int
    unclear: int


def status(stakes: Stakes, now: datetime) -> Status:
    """Return the counts at `now`; each cluster is in one of them."""
    found = waiting(stakes, now)
    heard = sum(any(stake.heard for stake in one.stakes) for one in found)
    outcomes = Counter(Cluster.objects.values_list("outcome", flat=True))
    before = Look.objects.filter(ended=None, until__gt=now).count()
    return Status(
        heard,
        before,
        len(found) - heard,
        outcomes[""] - len(found) - before,
        outcomes["confirmed"],
        outcomes["rejected"],
        outcomes["unclear"],
    )
