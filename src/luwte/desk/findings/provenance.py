"""Where entries come from: the authority's own, or a foreign list, which needs a second, independent source.

A list is foreign when the authority says so of who signs it, or of one of its series (a foreign list that was
taken into one's own keeps its series). An entry once seen as foreign stays so, whoever
signs it later, until the authority says that its source is its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum

from luwte.desk.findings.models import EntrySource, Origin, ReportReceipt, ReportSeries
from luwte.desk.findings.values import CHUNK, chunks


class Of(StrEnum):
    """What is said to be foreign: all that a key signs, or a series."""

    SIGNER = "signer"
    SERIES = "series"


def note(receipt: ReportReceipt, now: datetime) -> None:
    """Keep which entries of a report are foreign, and from which source."""
    origins = {(row.of, row.name): row.source for row in Origin.objects.all()}
    if not origins:
        return
    signed = origins.get((Of.SIGNER, signer_of(receipt)))
    for series, entries in _series(ReportSeries.objects.filter(receipt=receipt)):
        source = origins.get((Of.SERIES, series), signed)
        if source is not None:
            add(entries, source, now)


def add(entries: Iterable[str], source: str, now: datetime, by: str = "") -> None:
    """Keep that `source` says what each of `entries` is; `by` whose word that is, "" for the list itself."""
    EntrySource.objects.bulk_create(
        [EntrySource(entry=entry, source=source, since=now, said_by=by) for entry in sorted(set(entries))],
        batch_size=CHUNK,
        ignore_conflicts=True,
    )


def forget(entries: Collection[str], source: str) -> None:
    """Forget that the list `source` says what `entries` are; what a human vouched for stays."""
    for some in chunks(entries):
        EntrySource.objects.filter(entry__in=some, source=source, said_by="").delete()


def entries_from(of: Of, name: str) -> dict[str, tuple[set[str], set[str]]]:
    """Return series -> (entries, case ids) of all that reports said of a signer's list, or of a series."""
    rows = ReportSeries.objects.select_related("receipt")
    rows = rows.filter(series=name) if of == Of.SERIES else rows.filter(receipt__list_version__endswith=name)
    found: dict[str, tuple[set[str], set[str]]] = {}
    for row in rows.iterator(CHUNK):
        if of == Of.SERIES or signer_of(row.receipt) == name:
            entries, cases = found.setdefault(row.series, (set(), set()))
            entries.update(row.entries)
            cases.add(row.receipt.case_id)
    return found


def signer_of(receipt: ReportReceipt) -> str:
    """Return the key id that signed the list which a report was made with."""
    return receipt.list_version.rpartition("-")[2]


def _series(rows: Iterable[ReportSeries]) -> Iterable[tuple[str, Collection[str]]]:
    for row in rows:
        yield row.series, row.entries.keys()
