"""Sightings of entries, and the quarantine of one that matches suddenly often, or is mostly rejected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from django.db.models import Count, QuerySet

from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.findings.baseline import FLOOR, Burst, burst
from luwte.desk.findings.clusters import decided
from luwte.desk.findings.counting import linked
from luwte.desk.findings.errors import QuarantineUnknown
from luwte.desk.findings.models import ClusterFiles, EntrySighting, Quarantine, ReportReceipt, ReportSeries
from luwte.desk.findings.quality import mostly_rejected
from luwte.desk.findings.values import CHUNK, chunks

BURST, MOSTLY_REJECTED = "burst", "rejected"


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
    for chunk in chunks(entry for entry in entries & before.keys() if before[entry] > seen):
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
    calm = {entry for entry, row in rows.items() if row.cause == BURST and entry not in sudden}
    lifted = _lift({entry for entry in calm if not rows[entry].verdict}, now)
    fresh = [
        Quarantine(entry=entry, since=now, cases=peak.cases, baseline=peak.baseline)
        for entry, peak in sorted(sudden.items())
        if entry not in rows
    ]
    Quarantine.objects.bulk_create(fresh, batch_size=CHUNK)
    known = [(rows[entry], peak) for entry, peak in sudden.items() if entry in rows]
    _say_anew([(row, peak) for row, peak in known if row.cause == BURST])
    return findings_with(lifted | {row.entry for row in fresh})


def review_rejections(entries: set[str], now: datetime) -> set[tuple[str, str]]:
    """Quarantine those of `entries` whose clusters are mostly rejected; lift it where they no longer are.

    What a human judged stands, and so does a quarantine for a burst. Return the findings, (subject, case id),
    of which the counts may change.
    """
    rows = Quarantine.objects.in_bulk(sorted(entries))
    counts = {entry: found for entry, found in decided(entries).items() if mostly_rejected(*found)}
    fresh = counts.keys() - rows.keys()
    Quarantine.objects.bulk_create(_rejected(entry, counts[entry], now) for entry in sorted(fresh))
    waiting = {entry for entry, row in rows.items() if row.cause == MOSTLY_REJECTED and not row.verdict}
    for entry in waiting & counts.keys():
        confirmed, rejected = counts[entry]
        Quarantine.objects.filter(pk=entry).update(confirmed=confirmed, rejected=rejected)
    calm = waiting - counts.keys()
    Quarantine.objects.filter(entry__in=sorted(calm)).delete()
    return findings_with(fresh | calm)


def judge(entry: str, verdict: Verdict, by: str, now: datetime) -> set[tuple[str, str]]:
    """Record what `by` found; return the findings with the entry. Raises `QuarantineUnknown`."""
    row = Quarantine.objects.select_for_update().filter(pk=entry).first()
    if row is None:
        raise QuarantineUnknown(
            f"Entry {entry!r} is not in quarantine. `luwte desk quarantine list` shows those that are."
        )
    row.verdict, row.reviewed, row.reviewed_by = verdict, now, by[:200]
    row.save()
    DESK.record(Act.QUARANTINE_JUDGED, now, by=actor(), about=entry, verdict=verdict)
    return findings_with({entry})


def findings_with(entries: set[str]) -> set[tuple[str, str]]:
    """Return (subject, case id) of every finding that one of `entries` counts in, or may."""
    cases: set[str] = set()
    for chunk in chunks(entries):
        sighted = EntrySighting.objects.filter(entry__in=chunk).values_list("case", flat=True)
        alike = ClusterFiles.objects.filter(cluster__entry__in=chunk).values_list("receipt__case", flat=True)
        cases.update(sighted.distinct(), alike.distinct())
    places: dict[str, set[str]] = {}
    for chunk in chunks(cases):
        rows = ReportSeries.objects.filter(receipt__case__in=chunk)
        for case, series, found in rows.values_list("receipt__case", "series", "entries").iterator():
            if not entries.isdisjoint(found):
                places.setdefault(series, set()).add(case)
    return {(subject, case) for subject, series in linked(places) for case in places[series]}


def _lift(entries: set[str], now: datetime) -> set[str]:
    """Lift the quarantine of `entries`, which are sudden no more, unless reviewers mostly reject them."""
    stay = {entry: found for entry, found in decided(entries).items() if mostly_rejected(*found)}
    Quarantine.objects.filter(entry__in=sorted(entries)).delete()
    Quarantine.objects.bulk_create(_rejected(entry, stay[entry], now) for entry in sorted(stay))
    return entries - stay.keys()


def _rejected(entry: str, counts: tuple[int, int], now: datetime) -> Quarantine:
    confirmed, rejected = counts
    return Quarantine(
        entry=entry,
        cause=MOSTLY_REJECTED,
        since=now,
        cases=0,
        baseline=0,
        confirmed=confirmed,
        rejected=rejected,
    )


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
