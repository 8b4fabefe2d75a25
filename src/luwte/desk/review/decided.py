"""What was decided, for the lab that makes the next list: so that nobody is asked again."""

from __future__ import annotations

from typing import cast, get_args

from luwte.desk.findings.models import Cluster
from luwte.exchange.decisions import Decision, Verdict


def decisions() -> list[Decision]:
    """Return every cluster that was confirmed or rejected, in the order in which that was decided."""
    rows = Cluster.objects.filter(outcome__in=get_args(Verdict), decided__isnull=False)
    found = rows.order_by("decided", "id").values_list("id", "entry", "outcome", "decided")
    return [
        Decision(cluster, entry, cast(Verdict, outcome), made)
        for cluster, entry, outcome, made in found.iterator()
        if made is not None
    ]
