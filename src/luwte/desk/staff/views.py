"""The views of the care workers. Names come from the vault; a finding shows only where it is to be told."""

from __future__ import annotations

from typing import Any, TypeVar

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luwte.desk.accounts.entry import for_staff
from luwte.desk.audit import restored
from luwte.desk.pages.moment import now
from luwte.desk.pages.pagination import numbers, some
from luwte.desk.staff import words
from luwte.desk.staff.elsewhere import elsewhere
from luwte.desk.staff.history import history
from luwte.desk.staff.listing import Filter, lines, work
from luwte.desk.staff.numbers import of_person, rights_of
from luwte.desk.staff.person import Todo, around, cards, safe_contact
from luwte.desk.staff.person import chosen as chosen_by
from luwte.desk.telling import first, harm, leaving, lists, reading, services, tasks
from luwte.desk.telling.deadlines import deadlines
from luwte.desk.telling.errors import CallImpossible, TaskUnknown
from luwte.desk.telling.subjects import subject_of
from luwte.desk.vault import drafts
from luwte.desk.vault import services as vault
from luwte.desk.vault.errors import MayNotRead, PersonUnknown, RepresentativeUnknown
from luwte.desk.wishes import services as wishes

T = TypeVar("T")


@require_safe
@for_staff
def worklist(request: HttpRequest) -> HttpResponse:
    """Show what there is to do, most pressing first; whose dossiers the page opens is recorded."""
    by = request.user.get_username()
    shown = some(request, lists.waiting())
    return _page(
        request,
        "staff/worklist.html",
        shown=shown,
        numbers=numbers(shown),
        work=work(lists.opened(shown.object_list, now()), by),
        free=tasks.free_hands(by),
        chosen=Filter(),
        outcomes=words.outcomes(),
        held=restored.held() is not None,
        begun=drafts.number(f"staff:{request.user.pk}"),
        seconds=first.number_for_second(by),
        elsewhere=elsewhere(request.user.pk or 0, by, now()),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def people(request: HttpRequest) -> HttpResponse:
    """Show the people that somebody looks for, with the reason why or why not; nobody before they ask.

    What is looked for is sent, and read from no address: addresses stay in histories and in logs.
    """
    if request.GET:
        return redirect("staff:people")
    chosen = Filter.of(request.POST.dict())
    context: dict[str, Any] = {"chosen": chosen or Filter(), "outcomes": words.outcomes()}
    if chosen is not None:
        shown = some(request, lists.search(chosen.name, chosen.outcome), sent=True)
        seen = reading.people_overview(shown.object_list, now(), _language(), searched=bool(chosen.name))
        context |= {"shown": shown, "numbers": numbers(shown), "lines": lines(seen)}
    return _page(request, "staff/people.html", **context)


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
def end_visits(request: HttpRequest, person_id: str) -> HttpResponse:
    """End every visit to the portal about the person, as when a telephone was lost."""
    try:
        vault.end_visits(person_id, now(), by=f"staff:{request.user.pk}")
    except PersonUnknown as error:
        raise Http404 from error
    messages.success(
        request, _("Everyone who was signed in for this person is signed out. Links work no more.")
    )
    return redirect("staff:person", person_id)


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
    """Record what came of a task: a message arrived or did not, a channel works again, somebody takes back
    that they want to be erased, or it is done."""
    outcome, by = request.POST.get("outcome"), request.user.get_username()
    try:
        if outcome in ("arrived", "not_arrived"):
            services.settle(task_id, outcome == "arrived", by, now())
        elif outcome == "solved":
            services.solve_channel(task_id, by, now())
        elif outcome == "kept":
            leaving.keep_for(task_id, by, now())
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
    calls = cards(found, by, now())
    in_call = [item for card in calls for item in card.told]
    return _page(
        request,
        "staff/person.html",
        found=found,
        calls=calls,
        acting=[around(one, today) for one in found.acting],
        pauses=[hold for hold in wishes.holds([subject]) if hold.holds(now())],
        may_lift=harm.may_lift(subject, now()),
        choices=chosen_by(subject, found, now()),
        figure=of_person(subject),
        rights=rights_of(deadlines(subject, now(), in_call)),
        history=history(subject, {one.party: one.known.mandate.name for one in found.acting}),
        reasons=[(words.reason(one.reason, told=found.told > 0), one) for one in found.reasons],
        tasks=[Todo.of(one) for one in found.tasks],
        safe=safe_contact(person_id),
        place=reverse("staff:person", args=[person_id]),
        **context,
    )


def _address(token: str) -> str:
    return f"{settings.PORTAL_URL.rstrip('/')}{reverse('portal:sign_in', args=[token])}"


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return render(request, template, context)


def _language() -> str:
    return "en" if get_language() == "en" else "nl"
