"""The views of the care workers. Names come from the vault; a finding shows only where it is to be told."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from luwte.desk.pages.moment import now
from luwte.desk.pages.wording import call_lists, choice_rows
from luwte.desk.staff import words
from luwte.desk.staff.entry import for_staff
from luwte.desk.staff.history import history
from luwte.desk.staff.listing import Filter, lines, work
from luwte.desk.telling import reading, services
from luwte.desk.telling.errors import NothingToCall, TaskUnknown
from luwte.desk.telling.outbox import UNKNOWN_OUTCOME
from luwte.desk.telling.subjects import subject_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.errors import PersonUnknown
from luwte.desk.wishes.rules import Source, latest
from luwte.desk.wishes.services import wishes


@require_safe
@for_staff
def worklist(request: HttpRequest) -> HttpResponse:
    """Show what there is to do, most pressing first, and everyone with the reason why or why not."""
    people = reading.people_overview(now(), _language())
    chosen = Filter(request.GET.get("name", ""), request.GET.get("outcome", ""))
    return _page(
        request,
        "staff/worklist.html",
        work=work(people),
        lines=lines(people, chosen),
        chosen=chosen,
        outcomes=words.outcomes(),
        now=now(),
    )


@require_safe
@for_staff
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """Show one person: what was chosen, why told or not, what to do, and only for a call what may be told."""
    return _person_page(request, person_id)


@require_POST
@for_staff
def call(request: HttpRequest, person_id: str) -> HttpResponse:
    """Record that the care worker called and told what the page said was to be told, and nothing newer."""
    told = request.POST.getlist("told")
    try:
        services.record_call(person_id, request.user.get_username(), now(), told)
    except PersonUnknown as error:
        raise Http404 from error
    except NothingToCall:
        messages.info(request, _("There is nothing to tell this person by phone now."))
    else:
        messages.success(request, _("The call is recorded."))
    return redirect("staff:person", person_id)


@require_POST
@for_staff
def link(request: HttpRequest, person_id: str) -> HttpResponse:
    """Make a link that signs the person in once, and show it this one time."""
    try:
        token = vault.sign_in_link(person_id, now())
    except PersonUnknown as error:
        raise Http404 from error
    return _person_page(request, person_id, link=f"{settings.PORTAL_URL.rstrip('/')}/in/{token}/")


@require_POST
@for_staff
def task(request: HttpRequest, task_id: str) -> HttpResponse:
    """Record what came of a task: an e-mail arrived or did not, or a channel works again."""
    outcome, by = request.POST.get("outcome"), request.user.get_username()
    try:
        if outcome in ("arrived", "not_arrived"):
            services.settle(task_id, outcome == "arrived", by, now())
        elif outcome == "solved":
            services.solve_channel(task_id, by, now())
        else:
            return HttpResponse(status=400)
    except TaskUnknown:
        messages.info(request, _("This task is not on the list any more: somebody did it."))
    else:
        messages.success(request, _("The task is done."))
    return redirect("staff:worklist")


def _person_page(request: HttpRequest, person_id: str, **context: Any) -> HttpResponse:
    try:
        # First of all, so that everything in it is on the page, whatever comes in meanwhile.
        told = services.to_call(person_id, now())
        found = reading.why(person_id, now(), _language())
    except PersonUnknown as error:
        raise Http404 from error
    subject = subject_of(person_id)
    wish = latest(wishes([subject]), Source.CASE, now())
    kinds = words.tasks()
    return _page(
        request,
        "staff/person.html",
        found=found,
        rows=choice_rows(wish.choice) if wish else [],
        history=history(subject),
        reasons=[(words.reason(one.reason, told=found.told > 0), one) for one in found.reasons],
        tasks=[(kinds[one.kind], one, one.kind == UNKNOWN_OUTCOME) for one in found.tasks],
        to_call=told,
        call_lists=call_lists(reading.to_tell_in_call(person_id, now())),
        place=reverse("staff:person", args=[person_id]),
        **context,
    )


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return render(request, template, context)


def _language() -> str:
    return "en" if get_language() == "en" else "nl"
