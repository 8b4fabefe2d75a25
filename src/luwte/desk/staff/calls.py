"""What a care worker does with a call: take it, book a time, give it back, record what came of it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luwte.desk.accounts.entry import for_staff
from luwte.desk.pages.moment import now
from luwte.desk.staff import words
from luwte.desk.telling import talks, tasks
from luwte.desk.telling.errors import CallImpossible, MessageUnknown, NothingToCall, TaskUnknown, TellingHeld
from luwte.desk.telling.models import CareTask
from luwte.desk.telling.subjects import person_of
from luwte.desk.telling.tasks import CallOutcome
from luwte.desk.vault.errors import PersonUnknown

TOLD = "told"
"""The answer of a call that reached someone and told what the page showed."""


@require_POST
@for_staff
def call(request: HttpRequest, task_id: str) -> HttpResponse:
    """Do what the pressed button says, and go back to the page of the person."""
    act = request.POST.get("act", "")
    if act not in {"accept", "give_back", "book", TOLD, *CallOutcome}:
        return HttpResponse(status=400)
    try:
        done = _act(request, task_id, act)
    except CallImpossible as error:
        messages.info(request, words.impossible(error.cause))
    except (NothingToCall, TellingHeld):
        messages.info(request, _("There is nothing to tell by phone now."))
    except (TaskUnknown, MessageUnknown, PersonUnknown):
        messages.info(request, _("This task is not on the list any more: somebody did it."))
    else:
        messages.success(request, done)
    return _back(task_id)


def _act(request: HttpRequest, task_id: str, act: str) -> str:
    """Return the sentence that says what was done."""
    by, moment = request.user.get_username(), now()
    if act == "accept":
        tasks.accept(task_id, by, moment)
        return _("The call is yours.")
    if act == "give_back":
        tasks.give_back(task_id, by, moment)
        return _("The call is back in the list.")
    if act == "book":
        tasks.book(task_id, _slot(request, moment), by, moment)
        return _("The time is booked.")
    told = request.POST.getlist("told") if act == TOLD else []
    if act == TOLD and not told:
        raise NothingToCall
    talks.end_call(task_id, CallOutcome.REACHED if act == TOLD else CallOutcome(act), by, moment, told)
    return _("The call is recorded.")


def _slot(request: HttpRequest, moment: datetime) -> datetime:
    """The chosen time on the desk's clock; what is no time counts as one that is over."""
    try:
        found = parse_datetime(request.POST.get("slot", ""))
    except ValueError:
        found = None
    if found is None:
        return moment
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def _back(task_id: str) -> HttpResponse:
    row = CareTask.objects.filter(pk=task_id, kind__in=tasks.CALLS).first()
    try:
        return redirect("staff:person", person_of(row.subject)) if row else redirect("staff:worklist")
    except PersonUnknown:
        return redirect("staff:worklist")
