"""What hangs on undecided files, kept by telling for processes that have no people: `review.ports.Stakes`.

Until telling keeps it anew (`luwte desk stakes`), what came in since waits unasked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from luwte.base.chunks import chunks
from luwte.desk.audit.alone import Lock, alone
from luwte.desk.findings import places as register
from luwte.desk.findings.models import Cluster
from luwte.desk.review.models import KeptStake
from luwte.desk.review.ports import Place, Stakes
from luwte.desk.review.values import Stake

CHUNK = 1_000


def stakes(places: Collection[Place], now: datetime) -> Mapping[Place, Stake]:
    """Return what telling kept of each of `places`; one of which nobody may hear is left out."""
    found: dict[Place, Stake] = {}
    for some in chunks(sorted({series for series, _ in places})):
        for row in KeptStake.objects.filter(series__in=some):
            if (place := (row.series, row.case)) in places:
                right = row.right if row.right is None or row.right > now else None
                found[place] = Stake(True, row.settled, right, row.only)
    return found


@transaction.atomic
def keep(asked: Stakes, now: datetime) -> int:
    """Keep what `asked` says of every place of an undecided cluster, and nothing else; return how many."""
    alone("default", Lock.STAKES)
    rows = list(Cluster.objects.filter(outcome="").values_list("id", "series"))
    cases = register.of_clusters([cluster for cluster, _ in rows])
    said = asked({(series, case) for cluster, series in rows for case in cases[cluster]}, now)
    found = {place: stake for place, stake in said.items() if stake.heard}
    KeptStake.objects.all().delete()
    KeptStake.objects.bulk_create(
        [
            KeptStake(series=series, case=case, settled=stake.settled, right=stake.right, only=stake.only)
            for (series, case), stake in sorted(found.items(), key=lambda one: one[0])
        ],
        CHUNK,
    )
    return len(found)
