"""The views of the care workers. Names come from the vault; a finding shows only where it is to be told."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from luwte.desk.audit import restored
from luwte.desk.pages.moment import now
from luwte.desk.staff import words
from luwte.desk.staff.entry import for_staff
from luwte.desk.staff.history import history
from luwte.desk.staff.listing import Filter, lines, work
from luwte.desk.staff.person import Todo, around, cards, chosen
from luwte.desk.telling import harm, reading, services, tasks
from luwte.desk.telling.errors import CallImpossible, TaskUnknown
from luwte.desk.telling.subjects import subject_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.errors import MayNotRead, PersonUnknown, RepresentativeUnknown
from luwte.desk.wishes import services as wishes


@require_safe
@for_staff
def worklist(request: HttpRequest) -> HttpResponse:
    """Show what there is to do, most pressing first, and everyone with the reason why or why not."""
    chosen = Filter(request.GET.get("name", ""), request.GET.get("outcome", ""))
    people = reading.people_overview(now(), _language(), searched=bool(chosen.name.strip()))
    return _page(
        request,
        "staff/worklist.html",
        work=work(people, request.user.get_username()),
        free=tasks.free_hands(request.user.get_username()),
        lines=lines(people, chosen),
        chosen=chosen,
        outcomes=words.outcomes(),
        held=restored.held() is not None,
        now=now(),
    )


@require_safe
@for_staff
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """Show one person: what was chosen, why told or not, what to do; what a call may tell, to who took it."""
    return _person_page(request, person_id)


@require_POST
@for_staff
def link(request: HttpRequest, person_id: str) -> HttpResponse:
    """Make a link that signs the person in once, and show it this one time."""
    try:
        token = vault.sign_in_link(person_id, now(), by=f"staff:{request.user.pk}")
    except PersonUnknown as error:
        raise Http404 from error
    return _person_page(request, person_id, link=_address(token))


@require_POST
@for_staff
def acting_link(request: HttpRequest, person_id: str, representative_id: str) -> HttpResponse:
    """Make such a link for someone who acts for the person, who may see something today (T5, T9)."""
    try:
        if vault.representative(representative_id).person_id != person_id:
            raise RepresentativeUnknown(representative_id)
        token = vault.sign_in_link_for(representative_id, now(), by=f"staff:{request.user.pk}")
    except (PersonUnknown, RepresentativeUnknown) as error:
        raise Http404 from error
    except MayNotRead:
        messages.info(request, _("This representative may see nothing now."))
        return redirect("staff:person", person_id)
    return _person_page(request, person_id, link=_address(token), link_for=representative_id)


@require_POST
@for_staff
def lift(request: HttpRequest, person_id: str) -> HttpResponse:
    """Let telling go on after a sign of harm, once a call reached the person (T15)."""
    try:
        vault.person(person_id)
        harm.lift(subject_of(person_id), request.user.get_username(), now())
    except PersonUnknown as error:
        raise Http404 from error
    except CallImpossible as error:
        messages.info(request, words.impossible(error.cause))
    else:
        messages.success(request, _("The pause is ended. Telling goes on as chosen."))
    return redirect("staff:person", person_id)


@require_POST
@for_staff
def task(request: HttpRequest, task_id: str) -> HttpResponse:
    """Record what came of a task: a message arrived or did not, a channel works again, or it is done."""
    outcome, by = request.POST.get("outcome"), request.user.get_username()
    try:
        if outcome in ("arrived", "not_arrived"):
            services.settle(task_id, outcome == "arrived", by, now())
        elif outcome == "solved":
            services.solve_channel(task_id, by, now())
        elif outcome == "done":
            tasks.look_done(task_id, by, now())
        else:
            return HttpResponse(status=400)
    except TaskUnknown:
        messages.info(request, _("This task is not on the list any more: somebody did it."))
    else:
        messages.success(request, _("The task is done."))
    return redirect("staff:worklist")


def _person_page(request: HttpRequest, person_id: str, **context: Any) -> HttpResponse:
    try:
        found = reading.why(person_id, now(), _language())
    except PersonUnknown as error:
        raise Http404 from error
    subject, by = subject_of(person_id), request.user.get_username()
    today = timezone.localdate(now(), found.person.identity.zone)
    return _page(
        request,
        "staff/person.html",
        found=found,
        calls=cards(found, by, now()),
        acting=[around(one, today) for one in found.acting],
        pauses=[hold for hold in wishes.holds([subject]) if hold.holds(now())],
        may_lift=harm.may_lift(subject, now()),
        choices=chosen(subject, found, now()),
        history=history(subject, {one.party: one.known.mandate.name for one in found.acting}),
        reasons=[(words.reason(one.reason, told=found.told > 0), one) for one in found.reasons],
        tasks=[Todo.of(one) for one in found.tasks],
        place=reverse("staff:person", args=[person_id]),
        **context,
    )


def _address(token: str) -> str:
    return f"{settings.PORTAL_URL.rstrip('/')}{reverse('portal:sign_in', args=[token])}"


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return render(request, template, context)


def _language() -> str:
    return "en" if get_language() == "en" else "nl"
