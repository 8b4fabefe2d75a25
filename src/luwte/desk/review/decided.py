"""What was decided, for the lab that makes the next list: so that nobody is asked again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast, get_args

from luwte.desk.findings import withdrawn
from luwte.desk.findings.clusters import CONFIRMED
from luwte.desk.findings.holding import Holding
from luwte.desk.findings.models import Cluster
from luwte.exchange.decisions import Decision, Verdict


def decisions() -> list[Decision]:
    """Return what holds of each cluster that was ever decided, in the order in which it came to hold.

    Of one that is open again a lab has to hear, too: it takes back what the earlier decision left. So it does
    of one that was confirmed to be an entry which is withdrawn or kept in quarantine for good, from then on,
    and again of one that is reinstated. While an entry is held for a while, nothing is made of what was
    confirmed to be it, and what was made before stays. What was rejected is no entry, whatever becomes of it.
    """
    return sorted(_holding(), key=lambda one: (one.made, one.cluster))


def _holding() -> Iterator[Decision]:
    decided_ones = Cluster.objects.filter(decided__isnull=False)
    found = decided_ones.values_list("id", "entry", "outcome", "decided")
    rows = [
        (cluster, entry, outcome, decided)
        for cluster, entry, outcome, decided in found.iterator()
        if decided is not None
    ]
    entries = {entry for _, entry, outcome, _ in rows if outcome == CONFIRMED}
    turns, held = withdrawn.turns(entries), Holding().among(entries)
    for cluster, entry, outcome, decided in rows:
        turn = turns.get(entry) if outcome == CONFIRMED else None
        if outcome == CONFIRMED and entry in held and not (turn and turn.out):
            continue
        said = outcome if outcome in get_args(Verdict) and not (turn and turn.out) else "open"
        made = decided if turn is None else max(decided, turn.at)
        yield Decision(cluster, entry, cast(Verdict, said), made)
