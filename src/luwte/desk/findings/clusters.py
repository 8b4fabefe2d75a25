"""Clusters as reports bring them, and what review decided of them; always while the gate is held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from luwte.base.chunks import CHUNK, chunks
from luwte.desk.findings import joined
from luwte.desk.findings.errors import ReportContradicts
from luwte.desk.findings.models import Cluster, ClusterFiles, ReportReceipt
from luwte.exchange.report import Report
from luwte.exchange.report_model import ClusterFinding

CONFIRMED, REJECTED = "confirmed", "rejected"


def take_in(report: Report, receipt: ReportReceipt, now: datetime) -> set[str]:
    """Keep the clusters of a report. One that is known already is said anew, never doubled, nor asked again.

    Return the entries of those that turn out to be decided, as parts of larger ones.
    Raises `ReportContradicts` when one is said to be of another entry than before.
    """
    known = _known(one.cluster for one in report.clusters)
    for one in report.clusters:
        _check(one, known.get(one.cluster))
    fresh = [_new(one, report.made, now) for one in report.clusters if one.cluster not in known]
    Cluster.objects.bulk_create(fresh, batch_size=CHUNK)
    newer = [(known[one.cluster], one) for one in report.clusters if one.cluster in known]
    later = [_say(row, one, report.made) for row, one in newer if _is_later(row, one, report.made)]
    Cluster.objects.bulk_update(later, ["verdict", "likelihood", "said"], batch_size=CHUNK)
    Cluster.objects.bulk_update(
        [_named(row, one) for row, one in newer if not row.series], ["series"], batch_size=CHUNK
    )
    ClusterFiles.objects.bulk_create(
        [
            ClusterFiles(cluster_id=one.cluster, receipt=receipt, verdict=one.verdict, files=one.files)
            for one in report.clusters
        ],
        batch_size=CHUNK,
    )
    joined.keep(report.clusters)
    return joined.follow({name for one in report.clusters for name in (one.cluster, *one.holds)})


def decided(entries: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return how many clusters of each entry were confirmed and rejected; none of one without either.

    Those that were decided with a larger one are one with it.
    """
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for some in chunks(sorted(set(entries))):
        rows = Cluster.objects.filter(entry__in=some, outcome__in=(CONFIRMED, REJECTED), decided_with="")
        for entry, outcome in rows.values_list("entry", "outcome").iterator():
            found[entry][outcome == REJECTED] += 1
    return {entry: (counts[0], counts[1]) for entry, counts in found.items()}


def _known(ids: Iterable[str]) -> dict[str, Cluster]:
    found: dict[str, Cluster] = {}
    for some in chunks(sorted(set(ids))):
        found |= Cluster.objects.in_bulk(some)
    return found


def _check(one: ClusterFinding, known: Cluster | None) -> None:
    if known is not None and (known.entry, known.series or one.series) != (one.entry, one.series):
        raise ReportContradicts(
            f"Cluster {one.cluster} was reported before, of another entry. "
            "Ask the lab to make the report again."
        )


def _new(one: ClusterFinding, made: datetime, now: datetime) -> Cluster:
    return Cluster(
        id=one.cluster,
        entry=one.entry,
        series=one.series,
        verdict=one.verdict,
        likelihood=one.likelihood,
        said=made,
        since=now,
    )


def _named(row: Cluster, one: ClusterFinding) -> Cluster:
    """The name of its series was forgotten when no report told of it any more; this one does."""
    row.series = one.series
    return row


def _is_later(row: Cluster, one: ClusterFinding, made: datetime) -> bool:
    """Of two reports made at one moment the surer one is believed, whichever came first."""
    return (made, one.likelihood) > (row.said, row.likelihood)


def _say(row: Cluster, one: ClusterFinding, made: datetime) -> Cluster:
    row.verdict, row.likelihood, row.said = one.verdict, one.likelihood, made
    return row
