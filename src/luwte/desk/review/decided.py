"""What was decided, for the lab that makes the next list: so that nobody is asked again."""

from __future__ import annotations

from luwte.desk.findings.models import Cluster
from luwte.exchange.decisions import Decision


def decisions() -> list[Decision]:
    """Return every cluster that was confirmed or rejected, in the order in which that was decided."""
    rows = Cluster.objects.filter(outcome__in=("confirmed", "rejected")).order_by("decided", "id")
    return [Decision(row.id, row.entry, row.outcome, row.decided) for row in rows.iterator()]  # type: ignore[arg-type]
