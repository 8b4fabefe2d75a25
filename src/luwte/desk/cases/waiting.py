"""The cases in which a step waits, found without judging every case that there is."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from luwte.desk.cases.book import Book, open_books
from luwte.desk.cases.judging import RESTS
from luwte.desk.cases.models import CaseStep
from luwte.desk.cases.vocabulary import OF_A_HEARING, Step


def waiting_books() -> list[Book]:
    """Return the cases in which a step waits, the one that came in longest ago first."""
    found = [book for book in open_books(set(_candidates())) if book.waiting]
    return sorted(found, key=lambda book: (book.waiting[0].received, book.case.id))


def _candidates() -> list[str]:
    """Return every case in which one may wait: with a correction, or a step of which the base is not seen.

    Where nothing was corrected, what is told is what stands; so no case is left out.
    """
    rows = CaseStep.objects.filter(dismissal=None)
    wanted = ~Q(corrects="")
    for step in RESTS:
        wanted |= Q(~Exists(_bases(step)), step=step.value)
    return list(rows.filter(wanted).values_list("case", flat=True))


def _bases(step: Step) -> QuerySet[CaseStep]:
    """Return the steps that surely carry a step of this kind, in the same case."""
    names = [base.value for base in RESTS[step][1]]
    rows = CaseStep.objects.filter(case=OuterRef("case"), step__in=names, dismissal=None)
    mine = Q(subject=OuterRef("subject"), series=OuterRef("series"))
    rows = rows.filter(mine | Q(subject="", series=""))
    if step in OF_A_HEARING:
        return rows.filter(hearing=OuterRef("hearing"))
    return rows.filter(Q(defendant=OuterRef("defendant")) | Q(defendant=""))
