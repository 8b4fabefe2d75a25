"""What stands around a cluster in its cases: other entries of the series, and decided clusters of its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from luwte.base.chunks import chunks
from luwte.desk.findings import remembered
from luwte.desk.findings.models import Cluster, Remembered, ReportSeries
from luwte.desk.findings.places import of_clusters
from luwte.desk.review.beliefs import NOTHING_AROUND, Around, Company, company, expected
from luwte.desk.review.ports import Place

Found = Mapping[Place, Around]


Decided = Mapping[tuple[str, str], Counter[str]]
"""By entry and case how many clusters came to which outcome."""


def found_at(places: Collection[Place]) -> Found:
    """Return what was found at each of `places`, and how much of it chance would bring there.

    What chance brings is the mean over all series that any report ever named. What is identical only to files
    that reviewers confirmed is not known by that: else what is confirmed would change its own company.
    """
    found: dict[Place, dict[str, bool]] = {}
    near: Counter[str] = Counter()
    for some in chunks(sorted({case for _, case in places})):
        rows = ReportSeries.objects.filter(receipt__case__in=some)
        again = remembered.files(Remembered.objects.filter(receipt__case__in=some))
        columns = ("series", "receipt__case", "receipt", "entries")
        for series, case, receipt, entries in rows.values_list(*columns).iterator():
            known = found.setdefault((series, case), {})
            for entry, (identical, *_) in entries.items():
                near[case] += entry not in known
                known[entry] = known.get(entry, False) or identical > again[receipt, series, entry]
    named = ReportSeries.objects.values("series").distinct().count()
    return {
        (series, case): Around(known, expected(near[case] - len(known), named))
        for (series, case), known in found.items()
        if (series, case) in places
    }


def company_of(cluster: Cluster, cases: Iterable[str], found: Found) -> Company:
    """Return the company of a cluster in `cases` (ids)."""
    return company(cluster.entry, [found.get((cluster.series, case), NOTHING_AROUND) for case in cases])


def decided_at(entries: Collection[str]) -> Decided:
    """Return how many clusters of each of `entries` came to which outcome, by entry and case."""
    found: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for some in chunks(sorted(entries)):
        rows = Cluster.objects.filter(entry__in=some, outcome__in=("confirmed", "rejected"))
        outcomes = {
            cluster: (entry, outcome)
            for cluster, entry, outcome in rows.values_list("id", "entry", "outcome")
        }
        for cluster, cases in of_clusters(outcomes).items():
            entry, outcome = outcomes[cluster]
            for case in cases:
                found[entry, case][outcome] += 1
    return found
