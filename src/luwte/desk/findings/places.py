"""Where clusters and series stand: cases and counts, never of whom."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from luwte.base.chunks import chunks
from luwte.desk.cases.models import Case
from luwte.desk.findings.models import ClusterFiles, Remembered, ReportSeries


def of_clusters(clusters: Iterable[str]) -> Mapping[str, Mapping[str, int]]:
    """Return case id -> files for each of `clusters`: the highest count that any one report gives.

    What is identical to a file of a cluster is one of its files, wherever it was found.
    """
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    wanted = ("cluster", "receipt__case", "files")
    for some in chunks(sorted(clusters)):
        rows = ClusterFiles.objects.filter(cluster__in=some).values_list(*wanted)
        again = Remembered.objects.filter(cluster__in=some).values_list(*wanted)
        for cluster, case, files in itertools.chain(rows.iterator(), again.iterator()):
            found[cluster][case] = max(files, found[cluster].get(case, 0))
    return found


def of_joined(clusters: Mapping[str, Collection[str]]) -> Mapping[str, Mapping[str, int]]:
    """Return case id -> files for each of `clusters` together with the parts that are given of it."""
    every = of_clusters({name for one, parts in clusters.items() for name in (one, *parts)})
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for cluster, parts in clusters.items():
        for name in {cluster, *parts}:
            for case, files in every.get(name, {}).items():
                found[cluster][case] = max(files, found[cluster].get(case, 0))
    return found


def series_files(series: str, cases: Collection[str]) -> int:
    """Return how many files of a series stand in `cases`, at least: the most in any one report on each."""
    highest: dict[str, int] = {}
    rows = ReportSeries.objects.filter(series=series, receipt__case__in=cases)
    columns = ("receipt__case", "identical", "same_picture", "near")
    for case, *files in rows.values_list(*columns).iterator():
        highest[case] = max(sum(files), highest.get(case, 0))
    return sum(highest.values())


def case_numbers(cases: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers of cases, by their ids, in order."""
    rows = Case.objects.filter(pk__in=list(cases)).order_by("number")
    return tuple(rows.values_list("number", flat=True))
