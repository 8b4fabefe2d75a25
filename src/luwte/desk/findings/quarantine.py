"""Sightings of entries, and the quarantine of one that matches far above its baseline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from itertools import groupby, islice

from django.db.models import Count, QuerySet

from luwte.desk.findings.baseline import FLOOR, Burst, burst
from luwte.desk.findings.counting import CHUNK, linked
from luwte.desk.findings.errors import QuarantineUnknown
from luwte.desk.findings.models import EntrySighting, Quarantine, ReportReceipt, ReportSeries


class Verdict(StrEnum):
    """What a human found an entry in quarantine to be."""

    RELEASED = "released"
    KEPT = "kept"


def sight(receipt: ReportReceipt) -> None:
    """Keep which entries were found for certain, and since when the case of the report shows them.

    Files that are the same picture count here as identical ones do: an authority may let them be told.

    The moment is when the lab made its first report of the case on them, and never later than now.
    """
    seen = min(receipt.made, receipt.received)
    known = EntrySighting.objects.filter(case=receipt.case)
    before = dict(known.values_list("entry", "seen").iterator())
    entries = _entries(receipt)
    fresh = [EntrySighting(entry=entry, case=receipt.case, seen=seen) for entry in entries - before.keys()]
    EntrySighting.objects.bulk_create(fresh, batch_size=CHUNK)
    for chunk in _chunks(entry for entry in entries & before.keys() if before[entry] > seen):
        known.filter(entry__in=chunk).update(seen=seen)


def review_bursts(receipt: ReportReceipt, now: datetime) -> set[tuple[str, str]]:
    """Quarantine the case's entries that match far above their baseline; lift it where they no longer do.

    What a human judged stands. Return the findings, (subject, case id), of which the counts may change.
    """
    rows = {row.entry: row for row in _of_interest(receipt)}
    sudden: dict[str, Burst] = {}
    for entry, sightings in _sightings(receipt):
        if (peak := burst(sightings)) is not None:
            sudden[entry] = peak
    lifted = {row.entry for row in rows.values() if not row.verdict and row.entry not in sudden}
    Quarantine.objects.filter(entry__in=sorted(lifted)).delete()
    fresh = [
        Quarantine(entry=entry, since=now, cases=peak.cases, baseline=peak.baseline)
        for entry, peak in sorted(sudden.items())
        if entry not in rows
    ]
    Quarantine.objects.bulk_create(fresh, batch_size=CHUNK)
    _say_anew([(rows[entry], peak) for entry, peak in sudden.items() if entry in rows])
    return findings_with(lifted | {row.entry for row in fresh})


def judge(entry: str, verdict: Verdict, by: str, now: datetime) -> set[tuple[str, str]]:
    """Record what `by` found; return the findings with the entry. Raises `QuarantineUnknown`."""
    row = Quarantine.objects.select_for_update().filter(pk=entry).first()
    if row is None:
        raise QuarantineUnknown(
            f"Entry {entry!r} is not in quarantine. `luwte desk quarantine list` shows those that are."
        )
    row.verdict, row.reviewed, row.reviewed_by = verdict, now, by[:200]
    row.save()
    return findings_with({entry})


def findings_with(entries: set[str]) -> set[tuple[str, str]]:
    """Return (subject, case id) of every finding that one of `entries` counts in."""
    cases = {
        case
        for chunk in _chunks(entries)
        for case in EntrySighting.objects.filter(entry__in=chunk).values_list("case", flat=True).distinct()
    }
    places: dict[str, set[str]] = {}
    for chunk in _chunks(cases):
        rows = ReportSeries.objects.filter(receipt__case__in=chunk)
        for case, series, found in rows.values_list("receipt__case", "series", "entries").iterator():
            if not entries.isdisjoint(found):
                places.setdefault(series, set()).add(case)
    return {(subject, case) for subject, series in linked(places) for case in places[series]}


def _say_anew(peaks: list[tuple[Quarantine, Burst]]) -> None:
    other = [(row, peak) for row, peak in peaks if (row.cases, row.baseline) != (peak.cases, peak.baseline)]
    for row, peak in other:
        row.cases, row.baseline = peak.cases, peak.baseline
    Quarantine.objects.bulk_update([row for row, _ in other], ["cases", "baseline"], batch_size=CHUNK)


def _entries(receipt: ReportReceipt) -> set[str]:
    rows = ReportSeries.objects.filter(receipt=receipt).values_list("entries", flat=True)
    return {
        entry for row in rows.iterator() for entry, (identical, _, same) in row.items() if identical or same
    }


def _seen_here(receipt: ReportReceipt) -> QuerySet[EntrySighting, str]:
    return EntrySighting.objects.filter(case=receipt.case).values_list("entry", flat=True)


def _of_interest(receipt: ReportReceipt) -> Iterable[Quarantine]:
    return Quarantine.objects.filter(entry__in=_seen_here(receipt))


def _sightings(receipt: ReportReceipt) -> Iterator[tuple[str, list[datetime]]]:
    """Give the sightings of each entry of the case that may be sudden at all, entry by entry."""
    often = EntrySighting.objects.filter(entry__in=_seen_here(receipt)).values("entry")
    often = often.annotate(cases=Count("pk")).filter(cases__gt=FLOOR).values("entry")
    rows = EntrySighting.objects.filter(entry__in=often).order_by("entry").values_list("entry", "seen")
    for entry, group in groupby(rows.iterator(), key=lambda row: row[0]):
        yield entry, [seen for _, seen in group]


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    left = iter(sorted(values))
    while chunk := list(islice(left, CHUNK)):
        yield chunk
