"""Findings counted anew from all reports, in the transaction of the caller; the planner hears of a change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from luwte.base.chunks import CHUNK, chunks
from luwte.desk.findings import remembered
from luwte.desk.findings.holding import Holding
from luwte.desk.findings.models import ClusterFiles, Finding, ReportSeries, SeriesLink, Touched
from luwte.desk.findings.rules import Tally, most_certain, total
from luwte.desk.findings.said import Said
from luwte.desk.findings.values import Fell

_Decided = defaultdict[tuple[str, str], dict[str, int]]
"""Files of decided clusters, by report and series, then entry."""
_COUNTS = ("identical", "same_picture", "near", "confirmed", "quarantined")


def linked(series: Iterable[str]) -> set[tuple[str, str]]:
    """Return (subject, series) for each of `series` that shows somebody known here."""
    found: set[tuple[str, str]] = set()
    for some in chunks(sorted(set(series))):
        found.update(SeriesLink.objects.filter(series__in=some).values_list("subject", "series"))
    return found


def recount(findings: Iterable[tuple[str, str]], now: datetime, fell: Fell | None = None) -> None:
    """Count the finding of each (subject, case id) anew; it arises here when it is new.

    `fell`: the act of a human by which files may count no more.
    """
    holding = Holding()
    touched = {
        subject
        for subject, case in sorted(set(findings))
        if _store(subject, case, _count(subject, case, holding), now, fell)
    }
    Touched.objects.bulk_create([Touched(subject=subject) for subject in sorted(touched)], batch_size=CHUNK)


def _count(subject: str, case: str, holding: Holding) -> tuple[int, ...]:
    """Return the counts of a finding, in the order of `_COUNTS`."""
    series = list(SeriesLink.objects.filter(subject=subject).values_list("series", flat=True))
    rows = list(ReportSeries.objects.filter(receipt__case=case, series__in=series))
    held = holding.among(entry for row in rows for entry in row.entries)
    confirmed, rejected = _decided(case, series)
    gone = remembered.in_case(case, series)
    tallies: defaultdict[str, list[dict[str, Tally]]] = defaultdict(list)
    for row in rows:
        place = (row.receipt_id, row.series)
        counts = (row.identical, row.near, row.same_picture)
        said = Said(*counts, row.entries, confirmed.get(place, {}), rejected.get(place, {}))
        tallies[row.series].append(said.without(gone.get(place, {})).tallies(held))
    return total(tallies.values(), held)


def _decided(case: str, series: list[str]) -> tuple[_Decided, _Decided]:
    """Return the files of confirmed clusters, and of rejected ones that were said to be the same picture."""
    confirmed: _Decided = defaultdict(dict)
    rejected: _Decided = defaultdict(dict)
    rows = ClusterFiles.objects.filter(receipt__case=case, cluster__series__in=series)
    rows = rows.filter(cluster__outcome__in=("confirmed", "rejected")).select_related("cluster")
    for row in rows.iterator(CHUNK):
        if row.cluster.outcome == "confirmed":
            into = confirmed
        elif row.verdict == "same_picture":
            into = rejected
        else:
            continue
        files = into[row.receipt_id, row.cluster.series]
        files[row.cluster.entry] = files.get(row.cluster.entry, 0) + row.files
    return confirmed, rejected


def _store(subject: str, case: str, counts: tuple[int, ...], now: datetime, fell: Fell | None) -> bool:
    """Return whether the finding changed. One that comes to nothing stays, with zero counts."""
    finding = Finding.objects.select_for_update().filter(subject=subject, case=case).first()
    if finding is None and any(counts):
        finding = Finding(subject=subject, case_id=case, registered=now)
    if finding is None:
        return False
    before = tuple(getattr(finding, name) for name in _COUNTS)
    changed = _fall(finding, before, counts, now, fell)
    if before == counts and not changed:
        return False
    for name, count in zip(_COUNTS, counts, strict=True):
        setattr(finding, name, count)
    finding.updated = now
    finding.save()
    return True


def _fall(
    finding: Finding, before: tuple[int, ...], after: tuple[int, ...], now: datetime, fell: Fell | None
) -> bool:
    """Keep by which act of a human files count no more; return whether that is new.

    Files that are only held for a while did not fall yet; a human who keeps them for good lets them fall.
    That is over when as many count again as before the first fall: nobody was told too much any more.
    """
    were, are = _certain(before), _certain(after)
    if are > were:
        if are >= finding.fell_from:
            finding.fell, finding.fell_at, finding.fell_from = "", None, 0
        return False
    if fell is None or not (are < were or (after[-1] and finding.fell != fell)):
        return False
    finding.fell, finding.fell_at, finding.fell_from = fell.value, now, max(finding.fell_from, were)
    return True


def _certain(counts: tuple[int, ...]) -> int:
    identical, same_picture, _, confirmed, _ = counts
    return most_certain(identical, same_picture, confirmed)
