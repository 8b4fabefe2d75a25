"""What was decided, for the lab that makes the next list: so that nobody is asked again."""

from __future__ import annotations

from typing import cast, get_args

from luwte.desk.findings.models import Cluster
from luwte.exchange.decisions import Decision, Verdict


def decisions() -> list[Decision]:
    """Return what holds of each cluster that was ever decided, in the order in which it came to hold.

    Of one that is open again a lab has to hear, too: it takes back what the earlier decision left.
    """
    rows = Cluster.objects.filter(decided__isnull=False).order_by("decided", "id")
    found = rows.values_list("id", "entry", "outcome", "decided")
    return [
        Decision(cluster, entry, cast(Verdict, outcome) if outcome in get_args(Verdict) else "open", made)
        for cluster, entry, outcome, made in found.iterator()
        if made is not None
    ]
