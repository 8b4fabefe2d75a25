"""The board of first contacts (T9): who does not know or was never asked, and what two people decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from luwte.desk.accounts.entry import for_staff
from luwte.desk.pages.moment import now
from luwte.desk.pages.pagination import numbers, some
from luwte.desk.staff import words
from luwte.desk.telling import first, lists
from luwte.desk.telling.errors import FirstContactImpossible, TaskUnknown
from luwte.desk.telling.first import ON_BOARD, WHY, Decided, Verdict
from luwte.desk.telling.lists import Open
from luwte.desk.telling.tasks import CallTask
from luwte.desk.telling.values import Reason


@dataclass(frozen=True, slots=True)
class Card:
    """One first contact: with whom, why, since when, what stands decided; `to` acts for the person.

    `two`: two people decide before anybody calls. `mine`: you proposed what stands.
    """

    task: str
    person_id: str
    name: str
    to: str
    why: str
    since: datetime
    taken_by: str
    two: bool
    decided: Decided | None
    said: str
    mine: bool


@require_safe
@for_staff
def board(request: HttpRequest) -> HttpResponse:
    """Show who waits for a first contact: those first of whom a second person has to agree, then the rest."""
    waiting = [one for one in lists.waiting() if _first(one)]
    stands = first.standing([one.task.id for one in waiting])
    waiting.sort(key=lambda one: _place(one, stands, now().date()))
    shown = some(request, waiting)
    by = request.user.get_username()
    context = {
        "shown": shown,
        "numbers": numbers(shown),
        "cards": [_card(one, stands, by) for one in lists.opened(shown.object_list, now())],
        "calls": [(why, words.first_why()[why]) for why in WHY[Verdict.CALL]],
        "waits": [(why, words.first_why()[why]) for why in WHY[Verdict.WAIT]],
    }
    return render(request, "staff/first.html", context)


@require_POST
@for_staff
def propose(request: HttpRequest, task_id: str) -> HttpResponse:
    """Propose to call, or to wait until a day; a colleague looks at it then."""
    why = request.POST.get("why", "")
    verdict = next((one for one, known in WHY.items() if why in known), None)
    if verdict is None:
        messages.info(request, words.first_impossible("why"))
        return redirect("staff:first")
    try:
        first.propose(
            task_id, verdict, why, by=request.user.get_username(), now=now(), until=_day(request)
        )  # fmt: skip
    except TaskUnknown:
        messages.info(request, _("This task is not on the list any more: somebody did it."))
    except FirstContactImpossible as error:
        messages.info(request, words.first_impossible(error.cause))
    else:
        messages.success(request, _("It is proposed. Somebody else looks at it now."))
    return redirect("staff:first")


@require_POST
@for_staff
def settle(request: HttpRequest, decision_id: str) -> HttpResponse:
    """Agree with what a colleague proposed, or refuse it."""
    answer = request.POST.get("answer")
    if answer not in ("agree", "refuse"):
        return HttpResponse(status=400)
    try:
        found = first.settle(decision_id, answer == "agree", by=request.user.get_username(), now=now())
    except TaskUnknown:
        messages.info(request, _("This task is not on the list any more: somebody did it."))
    except FirstContactImpossible as error:
        messages.info(request, words.first_impossible(error.cause))
    else:
        messages.success(request, _settled(found, agree=answer == "agree"))
    return redirect("staff:first")


def _settled(found: Decided, *, agree: bool) -> str:
    if not agree:
        return _("It is refused. Somebody may propose something else.")
    return (
        _("You agreed. Somebody can take the call now.") if found.lets_call() else _("You agreed. It waits.")
    )


def _first(one: Open) -> bool:
    return isinstance(one.task, CallTask) and not one.task.safety and one.task.reason in ON_BOARD


def _place(one: Open, stands: dict[str, Decided], today: date) -> tuple[int, datetime, str]:
    """A proposal that waits for a second person; nothing decided, or a wait that is over; then the rest."""
    found = stands.get(one.task.id)
    over = found is not None and found.until is not None and found.until <= today
    place = 1 if found is None or over else 0 if not found.agreed_by else 2
    return place, one.task.made, one.task.id


def _card(one: lists.Waiting, stands: dict[str, Decided], by: str) -> Card:
    task, found = one.task, stands.get(one.task.id)
    if not isinstance(task, CallTask):
        raise TypeError
    return Card(
        task.id, one.person.id, one.person.identity.name, one.to, words.call(task), task.made,
        task.accepted_by, task.reason == Reason.DOES_NOT_KNOW, found,
        words.first_decided(found) if found else "", found is not None and found.asked_by == by,
    )  # fmt: skip


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        return None
