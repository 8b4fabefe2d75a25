"""The charge-sheet gap: what was found in a case and stands on no charge sheet, before the next hearing.

Rights hang on what is charged (51f Sv: harm from the offence; 51e Sv: the offence that is charged), so a
finding that nobody charged is put before the prosecutor while there is time. Entry ids alone: no pictures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from luwte.base.chunks import chunks
from luwte.desk.cases.book import Book, open_book, open_books
from luwte.desk.cases.errors import CaseUnknown
from luwte.desk.cases.models import Case
from luwte.desk.cases.vocabulary import Fact
from luwte.desk.findings.holding import Holding
from luwte.desk.findings.models import EntrySighting, Finding, ReportSeries, SeriesLink

MAY_COUNT = Q(identical__gt=0) | Q(confirmed__gt=0) | Q(same_picture__gt=0)
"""Findings that may count; whether files that are the same picture do is asked of `counted`."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What a case lacks on its charge sheets: entry ids in order, and the day of the next hearing, if any.

    `charged`: whether there is a charge sheet at all.
    """

    case: str
    number: str
    entries: tuple[str, ...]
    hearing: date | None
    charged: bool


def gap(book: Book, today: date) -> Gap:
    """Return the gap of a case: entries of findings that count and that no charge sheet lists.

    Held entries are left out, in quarantine or disputed: nobody may rest anything on them.
    """
    found = _found([book.case.id]).get(book.case.id, set())
    if found:
        found &= _of_findings([book.case.id]).get(book.case.id, set())
    return _gap(book, found, Holding(), today)


def gaps(cases: Collection[str], today: date, *, of_findings: bool = True) -> list[Gap]:
    """Return the gaps of the cases with these ids that have a charge sheet, the nearest hearing first.

    Without `of_findings` of everything that was found in them, of whomever.
    """
    holding, wanted = Holding(), []
    for some in chunks(set(cases)):
        found = _found(some)
        known = _of_findings(list(found)) if of_findings else found
        for book in open_books(list(found)):
            case = book.case.id
            wanted.append(_gap(book, found[case] & known.get(case, set()), holding, today))
    wanted = [one for one in wanted if one.entries and one.charged]
    return sorted(wanted, key=lambda one: (one.hearing or date.max, one.number))


def _gap(book: Book, found: Collection[str], holding: Holding, today: date) -> Gap:
    left = set(found) - book.charged_entries
    left -= holding.among(left)
    hearing = book.next_hearing(today)
    day = hearing.day if hearing else None
    return Gap(book.case.id, book.case.number, tuple(sorted(left)), day, bool(book.sheets))


def subjects_of(case: Case) -> list[str]:
    """Return the pseudonyms of those of whom something was found in a case that counts, in order."""
    rows = Finding.objects.filter(MAY_COUNT, case=case)
    return sorted(one.subject for one in rows if one.counted.identical + one.counted.confirmed > 0)


def series_of(subject: str) -> frozenset[str]:
    """Return the series that show somebody."""
    return frozenset(SeriesLink.objects.filter(subject=subject).values_list("series", flat=True))


def facts(number: str, subject: str) -> tuple[Fact, ...]:
    """Return all that was told of a case and applies to `subject`, corrected steps too: see `Book.facts`.

    Raises `CaseUnknown`.
    """
    case = Case.objects.filter(number=number.strip()).exclude(number="").first()
    if case is None:
        raise CaseUnknown(
            f"No case {number.strip()!r} stands in the register. Give the number as it is there."
        )
    return open_book(case).facts(subject, series_of(subject))


def _found(cases: Collection[str]) -> dict[str, set[str]]:
    """Return the entries that stand in each case."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    rows = EntrySighting.objects.filter(case__in=list(cases), stands=True)
    for case, entry in rows.values_list("case", "entry"):
        found[case].add(entry)
    return dict(found)


def _of_findings(cases: Collection[str]) -> dict[str, set[str]]:
    """Return for each case the entries that its reports name of the series that show whom it concerns."""
    concerned = {
        (one.case_id, one.subject)
        for one in Finding.objects.filter(MAY_COUNT, case__in=list(cases))
        if one.counted.identical + one.counted.confirmed > 0
    }
    shows: defaultdict[str, set[str]] = defaultdict(set)
    for some in chunks({subject for _, subject in concerned}):
        for row in SeriesLink.objects.filter(subject__in=some):
            shows[row.series].add(row.subject)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for some in chunks(shows):
        rows = ReportSeries.objects.filter(receipt__case__in=list(cases), series__in=some)
        for case, series, entries in rows.values_list("receipt__case", "series", "entries"):
            if any((case, subject) in concerned for subject in shows[series]):
                found[case] |= set(entries)
    return dict(found)
