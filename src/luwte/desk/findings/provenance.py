"""Where entries come from: the authority's own, or a foreign list, which needs a second, independent source.

A list is foreign when the authority says so of who signs it, or of one of its series (a foreign list that was
taken into one's own keeps its series). An entry once seen as foreign stays so, whoever
signs it later, until the authority says that its source is its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from luwte.base.chunks import CHUNK, chunks
from luwte.desk.findings.models import EntrySource, Origin, ReportReceipt, ReportSeries


class Of(StrEnum):
    """What is said to be foreign: all that a key signs, or a series."""

    SIGNER = "signer"
    SERIES = "series"


def note(receipt: ReportReceipt, now: datetime) -> None:
    """Keep which entries of a report are foreign, and from which source."""
    origins = _origins()
    if not origins:
        return
    for row in ReportSeries.objects.filter(receipt=receipt).select_related("receipt"):
        source = _source(origins, row)
        if source is not None:
            _listed(row.entries, source, now)


def vouch(entry: str, source: str, by: str, now: datetime) -> None:
    """Keep that `source` says what a foreign `entry` is, too; `by` whose word that is."""
    EntrySource.objects.get_or_create(entry=entry, source=source, defaults={"since": now, "said_by": by})


def restate(series: Collection[str], now: datetime) -> None:
    """Work out anew of which lists the entries of `series` are, from all reports, as signers and series are
    declared now.

    An entry that another foreign list brought as well stays foreign. What a human vouched for stays.
    """
    origins, seen = _origins(), set[str]()
    brought: defaultdict[str, set[str]] = defaultdict(set)
    for some in chunks(sorted(series)):
        for row in ReportSeries.objects.filter(series__in=some).select_related("receipt").iterator(CHUNK):
            seen.update(row.entries)
            source = _source(origins, row)
            if source is not None:
                brought[source].update(row.entries)
    _forget_others(seen, brought)
    for source, entries in sorted(brought.items()):
        _listed(entries, source, now)


def _forget_others(entries: Collection[str], brought: Mapping[str, Collection[str]]) -> None:
    """Forget each list that does not say any more what one of `entries` is."""
    for some in chunks(sorted(entries)):
        rows = EntrySource.objects.filter(entry__in=some, said_by="")
        gone = [row.pk for row in rows if row.entry not in brought.get(row.source, ())]
        for past in chunks(gone):
            EntrySource.objects.filter(pk__in=past).delete()


def _listed(entries: Iterable[str], source: str, now: datetime) -> None:
    """Keep that the list `source` says what `entries` are, whoever else named that source: it is one."""
    wanted = set(entries)
    for some in chunks(sorted(wanted)):
        EntrySource.objects.filter(entry__in=some, source=source).exclude(said_by="").update(said_by="")
    EntrySource.objects.bulk_create(
        [EntrySource(entry=entry, source=source, since=now) for entry in sorted(wanted)],
        batch_size=CHUNK,
        ignore_conflicts=True,
    )


def _origins() -> dict[tuple[str, str], str]:
    return {(row.of, row.name): row.source for row in Origin.objects.all()}


def _source(origins: Mapping[tuple[str, str], str], row: ReportSeries) -> str | None:
    """Return the foreign source of what a report says of a series: of the series, or else of the signer."""
    return origins.get((Of.SERIES, row.series), origins.get((Of.SIGNER, signer_of(row.receipt))))


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
