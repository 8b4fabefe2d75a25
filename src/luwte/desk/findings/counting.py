"""Findings counted anew from all reports, in the transaction of the caller; the planner hears of a change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import islice

from luwte.desk.findings.models import Finding, Quarantine, ReportSeries, SeriesLink, Touched
from luwte.desk.findings.rules import SeriesCount, total

CHUNK = 500


def linked(series: Iterable[str]) -> set[tuple[str, str]]:
    """Return (subject, series) for each of `series` that shows somebody known here."""
    found: set[tuple[str, str]] = set()
    names = iter(sorted(set(series)))
    while chunk := list(islice(names, CHUNK)):
        found.update(SeriesLink.objects.filter(series__in=chunk).values_list("subject", "series"))
    return found


def recount(findings: Iterable[tuple[str, str]], now: datetime) -> None:
    """Count the finding of each (subject, case id) anew; it arises here when it is new."""
    wanted = sorted(set(findings))
    held = frozenset(Quarantine.objects.exclude(verdict="released").values_list("entry", flat=True))
    touched = {subject for subject, case in wanted if _count(subject, case, held, now)}
    Touched.objects.bulk_create([Touched(subject=subject) for subject in sorted(touched)], batch_size=CHUNK)


def _count(subject: str, case: str, held: Collection[str], now: datetime) -> bool:
    """Return whether the finding changed. One that comes to nothing stays, with zero counts."""
    series = SeriesLink.objects.filter(subject=subject).values_list("series", flat=True)
    identical: defaultdict[str, list[SeriesCount]] = defaultdict(list)
    near: defaultdict[str, list[SeriesCount]] = defaultdict(list)
    same: defaultdict[str, list[SeriesCount]] = defaultdict(list)
    for row in ReportSeries.objects.filter(receipt__case=case, series__in=list(series)):
        for place, (found, files) in enumerate(
            ((identical, row.identical), (near, row.near), (same, row.same_picture))
        ):
            tally = {entry: counts[place] for entry, counts in row.entries.items()}
            found[row.series].append(SeriesCount(files, tally))
    sure, alike = total(identical.values(), held), total(near.values()).sound
    pictures = total(same.values(), held)
    held_files = sure.quarantined + pictures.quarantined
    return _store(subject, case, (sure.sound, alike, pictures.sound, held_files), now)


def _store(subject: str, case: str, counts: tuple[int, int, int, int], now: datetime) -> bool:
    finding = Finding.objects.select_for_update().filter(subject=subject, case=case).first()
    if finding is None and any(counts):
        finding = Finding(subject=subject, case_id=case, registered=now)
    if finding is None or counts == (
        finding.identical,
        finding.near,
        finding.same_picture,
        finding.quarantined,
    ):
        return False
    finding.identical, finding.near, finding.same_picture, finding.quarantined = counts
    finding.confirmed, finding.updated = min(finding.confirmed, finding.near + finding.same_picture), now
    finding.save()
    return True
