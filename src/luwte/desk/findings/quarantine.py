"""Sightings of entries, and the quarantine of one that matches suddenly often, or is mostly rejected."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from django.db.models import Count, QuerySet

from luwte.base.chunks import CHUNK, chunks
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.findings import remembered
from luwte.desk.findings.baseline import FLOOR, Burst, burst
from luwte.desk.findings.clusters import decided
from luwte.desk.findings.counting import linked
from luwte.desk.findings.errors import QuarantineUnknown
from luwte.desk.findings.models import (
    ClusterFiles,
    EntrySighting,
    Quarantine,
    Remembered,
    ReportReceipt,
    ReportSeries,
)
from luwte.desk.findings.quality import mostly_rejected
from luwte.desk.findings.remembered import NOTHING_GONE, Gone
from luwte.desk.findings.said import Said

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
    entries = _entries(ReportSeries.objects.filter(receipt=receipt)).keys()
    fresh = [EntrySighting(entry=entry, case=receipt.case, seen=seen) for entry in entries - before.keys()]
    EntrySighting.objects.bulk_create(fresh, batch_size=CHUNK)
    for chunk in chunks(sorted(entry for entry in entries & before.keys() if before[entry] > seen)):
        known.filter(entry__in=chunk).update(seen=seen)
    doubtful = set(Remembered.objects.filter(receipt=receipt).values_list("entry", flat=True))
    sight_anew(receipt.case_id, doubtful | set(known.filter(stands=False).values_list("entry", flat=True)))


def sight_anew(case: str, entries: Collection[str]) -> None:
    """Say anew since when a case (id) shows `entries`, and whether it does, by the decisions that stand."""
    for some in chunks(sorted(entries)):
        resting = Remembered.objects.filter(receipt__case=case, entry__in=some)
        series = set(resting.values_list("series", flat=True))
        rows = ReportSeries.objects.filter(receipt__case=case, series__in=series)
        ever, found = _entries(rows), _entries(rows, remembered.in_case(case, series))
        changed = []
        for row in EntrySighting.objects.filter(case=case, entry__in=some):
            now = found.get(row.entry, ever[row.entry]), row.entry in found
            if now != (row.seen, row.stands):
                row.seen, row.stands = now
                changed.append(row)
        EntrySighting.objects.bulk_update(changed, ["seen", "stands"], batch_size=CHUNK)


def review_bursts(cases: Collection[str], now: datetime) -> set[tuple[str, str]]:
    """Quarantine entries of `cases` (ids) that match far above their baseline; lift it where they no longer
    do.

    What a human judged stands. Return the findings, (subject, case id), of which the counts may change.
    """
    rows = {row.entry: row for row in _of_interest(cases)}
    sudden: dict[str, Burst] = {}
    for entry, sightings in _sightings(cases):
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
    for chunk in chunks(sorted(entries)):
        sighted = EntrySighting.objects.filter(entry__in=chunk).values_list("case", flat=True)
        alike = ClusterFiles.objects.filter(cluster__entry__in=chunk).values_list("receipt__case", flat=True)
        cases.update(sighted.distinct(), alike.distinct())
    places: dict[str, set[str]] = {}
    for chunk in chunks(sorted(cases)):
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


def _entries(rows: QuerySet[ReportSeries], gone: Gone = NOTHING_GONE) -> dict[str, datetime]:
    """Return which entries `rows` say were found for certain without what is `gone`, and since when."""
    found: dict[str, datetime] = {}
    for row in rows.select_related("receipt").iterator(CHUNK):
        seen = min(row.receipt.made, row.receipt.received)
        said = Said(row.identical, row.near, row.same_picture, row.entries)
        said = said.without(gone.get((row.receipt_id, row.series), {}))
        for entry, (identical, _, same) in said.entries.items():
            if identical or same:
                found[entry] = min(seen, found.get(entry, seen))
    return found


def _seen_in(cases: Collection[str]) -> QuerySet[EntrySighting, str]:
    return EntrySighting.objects.filter(case__in=cases).values_list("entry", flat=True)


def _of_interest(cases: Collection[str]) -> Iterable[Quarantine]:
    return Quarantine.objects.filter(entry__in=_seen_in(cases))


def _sightings(cases: Collection[str]) -> Iterator[tuple[str, list[datetime]]]:
    """Give the sightings of each entry of `cases` that may be sudden at all, entry by entry."""
    standing = EntrySighting.objects.filter(stands=True)
    often = standing.filter(entry__in=_seen_in(cases)).values("entry")
    often = often.annotate(cases=Count("pk")).filter(cases__gt=FLOOR).values("entry")
    rows = standing.filter(entry__in=often).order_by("entry").values_list("entry", "seen")
    for entry, group in groupby(rows.iterator(), key=lambda row: row[0]):
        yield entry, [seen for _, seen in group]
