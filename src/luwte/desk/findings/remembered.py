"""What reports count only by what reviewers confirmed before: it stands and falls with these decisions.

A file of a confirmed cluster becomes an entry of the list, under the id of the entry that it was confirmed to
be, and whatever is identical to it is identical to that entry. A report says how many files are so by that
alone, and of which clusters. Where this desk knows all of these and none of them is confirmed any more, the
files are what a file of an undecided cluster is. A cluster that is not known here was decided elsewhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from django.db.models import QuerySet

from luwte.base.chunks import CHUNK, chunks
from luwte.desk.findings.models import Cluster, Remembered, ReportReceipt
from luwte.desk.findings.said import Fallen
from luwte.exchange.report import Report

Gone = Mapping[tuple[str, str], Mapping[str, Fallen]]
"""What fell, by report and series, then entry."""
NOTHING_GONE: Gone = {}


class _Decided(NamedTuple):
    outcome: str
    verdict: str


def take_in(report: Report, receipt: ReportReceipt) -> None:
    """Keep what a report says of it."""
    parts = (
        (finding.series, entry.entry, part)
        for finding in report.findings
        for entry in finding.entries
        for part in entry.remembered
    )
    Remembered.objects.bulk_create(
        [
            Remembered(
                receipt=receipt, part=number, cluster=cluster, series=series, entry=entry, files=part.files
            )
            for number, (series, entry, part) in enumerate(parts)
            for cluster in part.clusters
        ],
        batch_size=CHUNK,
    )


def in_case(case: str, series: Collection[str]) -> Gone:
    """Return what fell of `series` in a case (id)."""
    return fallen(Remembered.objects.filter(receipt__case=case, series__in=series))


def fallen(rows: QuerySet[Remembered]) -> Gone:
    """Return what of `rows` rests on no decision that stands."""
    parts: defaultdict[tuple[str, str, str, int], list[str]] = defaultdict(list)
    sizes: dict[tuple[str, str, str, int], int] = {}
    for receipt, series, entry, part, cluster, files in rows.values_list(
        "receipt", "series", "entry", "part", "cluster", "files"
    ).iterator(CHUNK):
        parts[receipt, series, entry, part].append(cluster)
        sizes[receipt, series, entry, part] = files
    known = _decided({cluster for clusters in parts.values() for cluster in clusters})
    found: defaultdict[tuple[str, str], dict[str, Fallen]] = defaultdict(dict)
    for place, clusters in parts.items():
        less = _fallen([known.get(cluster) for cluster in clusters], sizes[place])
        if less != Fallen():
            receipt, series, entry, _ = place
            before = found[receipt, series].get(entry, Fallen())
            found[receipt, series][entry] = before.plus(less)
    return found


def files(rows: QuerySet[Remembered]) -> Counter[tuple[str, str, str]]:
    """Return how many files `rows` say, by report, series and entry, whatever was decided."""
    found: Counter[tuple[str, str, str]] = Counter()
    columns = ("receipt", "series", "entry", "part", "files")
    for receipt, series, entry, _, number in rows.values_list(*columns).distinct():
        found[receipt, series, entry] += number
    return found


def resting_on(clusters: Iterable[str]) -> list[Remembered]:
    """Return what any report counts only by what was confirmed in one of `clusters`."""
    found: list[Remembered] = []
    for some in chunks(sorted(set(clusters))):
        found += Remembered.objects.filter(cluster__in=some).select_related("receipt")
    return found


def _decided(clusters: Collection[str]) -> dict[str, _Decided]:
    found: dict[str, _Decided] = {}
    for some in chunks(sorted(clusters)):
        rows = Cluster.objects.filter(pk__in=some).values_list("id", "outcome", "verdict")
        found |= {cluster: _Decided(outcome, verdict) for cluster, outcome, verdict in rows}
    return found


def _fallen(clusters: list[_Decided | None], files: int) -> Fallen:
    """Return what becomes of files that are identical to one of each of `clusters`, None for an unknown one.

    A file of a cluster that is the same picture throughout is that, too, unless it was rejected.
    """
    known = [one for one in clusters if one is not None]
    if len(known) < len(clusters) or any(one.outcome == "confirmed" for one in known):
        return Fallen()
    outcomes = {one.outcome for one in known}
    same = "rejected" not in outcomes and any(one.verdict == "same_picture" for one in known)
    return Fallen(same_picture=files) if same else Fallen(near=files)
