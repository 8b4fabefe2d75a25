"""Cases: who takes part, what happened, what is charged; and what waits for a human. For case officers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from luwte.base.ids import new_id
from luwte.desk.cases import register
from luwte.desk.cases.book import Book, open_book, open_books, status_of, status_word
from luwte.desk.cases.courts import COURTS
from luwte.desk.cases.errors import NothingWaits, PartyImpossible, StepDiffers, StepImpossible
from luwte.desk.cases.given import Count, Given
from luwte.desk.cases.models import Case, CaseStep
from luwte.desk.cases.vocabulary import CHARGES, Step
from luwte.desk.cases.waiting import waiting_books
from luwte.desk.casework import step_words
from luwte.desk.casework.entry import for_role
from luwte.desk.casework.roles import Role
from luwte.desk.findings.uncharged import Gap, gap, gaps, series_of, subjects_of
from luwte.desk.pages.moment import now
from luwte.desk.pages.pagination import ROWS, numbers, some

LONGEST_SHEET = 300_000
_PARTS = 5


@require_safe
@for_role(Role.CASE_OFFICER)
def cases(request: HttpRequest) -> HttpResponse:
    """Show the cases, the newest first, or lead to one whose number was typed; and what nobody charged."""
    number = request.GET.get("number", "").strip()[:100]
    found = Case.objects.filter(number=number).first() if number else None
    if found is not None:
        return redirect("staff:case", found.id)
    shown = some(request, Case.objects.exclude(number="").order_by("-opened", "pk"))
    context = {
        "shown": shown,
        "numbers": numbers(shown),
        "books": [(one.case, len(one.waiting)) for one in _in_order([case.id for case in shown.object_list])],
        "gaps": _gaps(now())[:ROWS],
        "unknown": number,
    }
    return render(request, "casework/cases.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.CASE_OFFICER)
def case(request: HttpRequest, case_id: str) -> HttpResponse:
    """Show one case as it stands; or add a step to it, dismiss one that waits, or set who is a victim."""
    found = Case.objects.filter(pk=case_id).exclude(number="").first()
    if found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, found)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        said = act(found, request.POST)
    except (StepImpossible, PartyImpossible) as error:
        return _page(request, found, fault=step_words.faults().get(error.cause, step_words.other()))
    except StepDiffers:
        return _page(
            request, found, fault=_("This step was sent before and said something else. Send a correction.")
        )
    except NothingWaits:
        return _page(request, found, fault=_("This step does not wait any more. See how it is now."))
    messages.success(request, said)
    return redirect("staff:case", found.id)


def _in_order(cases: list[str]) -> list[Book]:
    return sorted(open_books(cases), key=lambda book: cases.index(book.case.id))


def _step(found: Case, sent: Mapping[str, str]) -> str:
    said = {name: value for name in ("court", "time") if (value := sent.get(name, "").strip())}
    kept = register.tell_step(
        found.number,
        Given(
            sent.get("step", ""),
            _day(sent.get("occurred", "")),
            _day(sent.get("known", "")),
            sent.get("reference", ""),
            sent.get("defendant", "").strip(),
            sent.get("hearing", "").strip(),
            _of_case(found, sent.get("corrects", "")),
            subject=_whom(found, sent.get("whom", "")),
            said=said,
            counts=_counts(sent.get("counts", "")),
        ),
        now(),
    )
    if kept.waits:
        return _("It is kept and waits: %(why)s") % {"why": step_words.waits()[kept.waits]}
    return _("It is kept. Whoever it concerns hears of it as they chose.")


def _dismiss(found: Case, sent: Mapping[str, str]) -> str:
    register.dismiss(_of_case(found, sent.get("step", "")), " ".join(sent.get("reason", "").split()), now())
    return _("It is dismissed. It stays on record and counts no more.")


def _status(found: Case, sent: Mapping[str, str]) -> str:
    register.set_status(
        found.number,
        sent.get("status", ""),
        sent.get("source", "").strip(),
        decided=_day(sent.get("decided", "")),
        known=register.today(now()),
        subject=_whom(found, sent.get("whom", "")),
        now=now(),
    )
    return _("It is kept as a new version. The earlier one stays on record.")


_ACTS: Mapping[str, Callable[[Case, Mapping[str, str]], str]] = {
    "step": _step,
    "dismiss": _dismiss,
    "status": _status,
}


def _of_case(found: Case, step: str) -> str:
    if step and not CaseStep.objects.filter(pk=step, case=found).exists():
        raise StepImpossible("corrects")
    return step


def _whom(found: Case, subject: str) -> str:
    if subject and subject not in subjects_of(found):
        raise PartyImpossible("whom")
    return subject


def _day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise StepImpossible("day")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise StepImpossible("day") from None


def _counts(text: str) -> tuple[Count, ...]:
    """One count a line: article; offence; first day; last day; ids of entries with blanks between."""
    if len(text) > LONGEST_SHEET:
        raise StepImpossible("sheet_large")
    return tuple(
        _count([part.strip() for part in line.split(";")]) for line in text.splitlines() if line.strip()
    )


def _count(parts: list[str]) -> Count:
    if len(parts) != _PARTS:
        raise StepImpossible("counts")
    article, offence, first, last, entries = parts
    return Count(article, offence, _day(first), _day(last), tuple(entries.split()))


def _page(request: HttpRequest, found: Case, fault: str = "") -> HttpResponse:
    book, today = open_book(found), register.today(now())
    subjects = subjects_of(found)
    context: dict[str, Any] = {
        "case": found,
        "agencies": found.agencies.order_by("received"),
        "defendants": book.defendants,
        "victims": [_victim(found, one) for one in subjects[:ROWS]],
        "more_victims": max(0, len(subjects) - ROWS),
        "hearings": book.hearings,
        "sheets": book.sheets.items(),
        "steps": [
            _line(row, book)
            for row in sorted(book.rows.values(), key=lambda row: (row.known, row.occurred, row.id))
        ],
        "waiting": [_line(row, book) for row in book.waiting],
        "dismissed": CaseStep.objects.filter(case=found).exclude(dismissal=None).select_related("dismissal"),
        "gap": gap(book, today),
        "choices": step_words.steps().items(),
        "statuses": step_words.statuses().items(),
        "courts": sorted(COURTS),
        "today": today,
        "reference": request.POST.get("reference", "") if fault else new_id(),
        "sent": request.POST if fault else {"known": today.isoformat()},
        "faults": [fault] if fault else [],
    }
    return render(request, "casework/case.html", context, status=400 if fault else 200)


def _victim(found: Case, subject: str) -> dict[str, Any]:
    row = status_of(found, subject, series_of(subject))
    return {"subject": subject, "row": row, "status": step_words.statuses()[status_word(row)]}


def _line(row: CaseStep, book: Book) -> dict[str, Any]:
    waits = book.judged.waiting.get(row.id)
    stands = row.id in book.judged.chains and row.step != Step.TAKEN_BACK
    return {
        "row": row,
        "name": step_words.steps()[Step(row.step)],
        "waits": step_words.waits()[waits] if waits else "",
        "stands": stands,
        "corrected": not waits and row.id not in book.judged.chains,
        "corrects": book.rows.get(row.corrects),
    }


def waiting_cases() -> list[tuple[Case, int, datetime]]:
    """Return the cases in which steps wait, how many, and since when; at most as many as a page has rows."""
    return [(one.case, len(one.waiting), one.waiting[0].received) for one in waiting_books()[:ROWS]]


def gaps_before_a_hearing(moment: datetime) -> list[Gap]:
    """Return the gaps of cases with a hearing to come, the nearest first; as many as a page has rows."""
    return [one for one in _gaps(moment) if one.hearing is not None][:ROWS]


def _gaps(moment: datetime) -> list[Gap]:
    charged = CaseStep.objects.filter(step__in=[one.value for one in CHARGES])
    return gaps(set(charged.values_list("case", flat=True)), register.today(moment))
