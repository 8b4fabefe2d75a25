"""Clusters that a later report names anew, because it found more files of them: they are decided together.

The id of a cluster stems from the smallest digest in it. When a smaller one joins, the cluster has another id
and says which ids it had. What was open under the old one is not asked any more: it goes as the larger one
is decided. What was decided under the old one stands, whatever is decided of the larger one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import F

from luwte.base.chunks import CHUNK, chunks
from luwte.desk.findings.models import Cluster, ClusterHeld
from luwte.exchange.report_model import ClusterFinding


def keep(found: Iterable[ClusterFinding]) -> None:
    """Keep which clusters those of a report hold."""
    rows = (ClusterHeld(cluster_id=one.cluster, held=held) for one in found for held in one.holds)
    ClusterHeld.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)


def largest(clusters: Iterable[str]) -> dict[str, str]:
    """Return for each of `clusters` the one that holds it and is held by no other; itself without one.

    Ids that lead round in a circle, which no sound lab makes, hold nothing.
    """
    above: dict[str, str] = {}
    asked, waiting = set[str](), set(clusters)
    while waiting:
        asked |= waiting
        found = dict(_above(waiting))
        above |= found
        waiting = set(found.values()) - asked
    return {cluster: _end(above, cluster) for cluster in asked}


def parts(cluster: str) -> set[str]:
    """Return the known clusters whose files are decided on with those of `cluster`, without itself."""
    found, waiting = set[str](), {cluster}
    while waiting:
        below = set(_below(waiting))
        waiting = below - found - {cluster}
        found |= waiting
    return {part for part, end in largest(found).items() if part in found and end == cluster}


def settle(cluster: Cluster) -> None:
    """Let all that `cluster` holds and that is open, or was decided with it, be as it is now."""
    for some in chunks(sorted(parts(cluster.pk))):
        rows = Cluster.objects.filter(pk__in=some)
        goes = rows.filter(outcome="", decided_with="") | rows.filter(decided_with=cluster.pk)
        decided_with = cluster.pk if cluster.outcome else ""
        goes.update(outcome=cluster.outcome, decided=cluster.decided, decided_with=decided_with)


def follow(clusters: Iterable[str]) -> set[str]:
    """Let those of `clusters` that are open be as what holds them was decided; return their entries."""
    entries: set[str] = set()
    ends = {part: end for part, end in largest(clusters).items() if part != end}
    decided: dict[str, Cluster] = {}
    for some in chunks(sorted(set(ends.values()))):
        decided |= Cluster.objects.exclude(outcome="").in_bulk(some)
    by_end: defaultdict[str, list[str]] = defaultdict(list)
    for part, end in ends.items():
        if end in decided:
            by_end[end].append(part)
    for end, held in sorted(by_end.items()):
        row = decided[end]
        for some in chunks(sorted(held)):
            rows = Cluster.objects.filter(pk__in=some, outcome="")
            if rows.update(outcome=row.outcome, decided=row.decided, decided_with=end):
                entries.add(row.entry)
    return entries


def _above(clusters: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give each of `clusters` that another one of the same entry holds, with the newest such one."""
    for some in chunks(sorted(clusters)):
        known = dict(Cluster.objects.filter(pk__in=some).values_list("pk", "entry"))
        rows = ClusterHeld.objects.filter(held__in=known).exclude(held=F("cluster"))
        for held, cluster, entry in rows.order_by("cluster__said", "cluster").values_list(
            "held", "cluster", "cluster__entry"
        ):
            if known[held] == entry:
                yield held, cluster


def _below(clusters: Iterable[str]) -> Iterator[str]:
    for some in chunks(sorted(clusters)):
        yield from ClusterHeld.objects.filter(cluster__in=some).values_list("held", flat=True)


def _end(above: Mapping[str, str], cluster: str) -> str:
    seen, at = {cluster}, cluster
    while at in above:
        at = above[at]
        if at in seen:
            return cluster
        seen.add(at)
    return at
