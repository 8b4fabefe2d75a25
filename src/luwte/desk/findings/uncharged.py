"""The charge-sheet gap: what was found in a case and stands on no charge sheet, before the next hearing.

Rights hang on what is charged (51f Sv: harm from the offence; 51e Sv: the offence that is charged), so a
finding that nobody charged is put before the prosecutor while there is time. Entry ids alone: no pictures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from luwte.desk.cases.book import Book, open_book
from luwte.desk.cases.errors import CaseUnknown
from luwte.desk.cases.models import Case
from luwte.desk.cases.vocabulary import Fact
from luwte.desk.findings.holding import Holding
from luwte.desk.findings.models import EntrySighting, Finding, ReportSeries, SeriesLink

_MAY_COUNT = Q(identical__gt=0) | Q(confirmed__gt=0) | Q(same_picture__gt=0)


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


def gap(book: Book, today: date, *, of_findings: bool = True) -> Gap:
    """Return the gap of a case: entries of findings that count; without `of_findings`, of all that was found.

    Held entries are left out, in quarantine or disputed: nobody may rest anything on them.
    """
    found = set(EntrySighting.objects.filter(case=book.case, stands=True).values_list("entry", flat=True))
    if of_findings:
        found &= _of_findings(book.case)
    left = found - book.charged_entries
    left -= Holding().among(left)
    hearing = book.next_hearing(today)
    day = hearing.day if hearing else None
    return Gap(book.case.id, book.case.number, tuple(sorted(left)), day, bool(book.sheets))


def gaps(cases: Iterable[Case], today: date, *, of_findings: bool = True) -> list[Gap]:
    """Return the gaps of `cases` that have a charge sheet: the nearest hearing first, then by number."""
    found = [gap(open_book(case), today, of_findings=of_findings) for case in cases]
    wanted = [one for one in found if one.entries and one.charged]
    return sorted(wanted, key=lambda one: (one.hearing or date.max, one.number))


def subjects_of(case: Case) -> list[str]:
    """Return the pseudonyms of those of whom something was found in a case that counts, in order."""
    rows = Finding.objects.filter(_MAY_COUNT, case=case)
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


def _of_findings(case: Case) -> set[str]:
    """Return the entries that a report names of the series that show whom the case concerns."""
    return _entries(
        case, SeriesLink.objects.filter(subject__in=subjects_of(case)).values_list("series", flat=True)
    )


def _entries(case: Case, series: Collection[str]) -> set[str]:
    rows = ReportSeries.objects.filter(receipt__case=case, series__in=list(set(series)))
    return {entry for row in rows.values_list("entries", flat=True).iterator() for entry in row}
