"""The pages about a person's own: what is kept of them, who looked, who acts, their rights, leaving for good.

Only the person sees them. What speaks of the person waits for a whole step of time (`portal.pull`).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luwte.base.ids import new_id
from luwte.desk.pages.moment import now
from luwte.desk.portal import mine_wording as wording
from luwte.desk.portal import visit
from luwte.desk.portal.page import page
from luwte.desk.portal.pull import even, even_page
from luwte.desk.telling import leaving
from luwte.desk.telling.export import export_file
from luwte.desk.telling.looked import looked
from luwte.desk.telling.messages import messages
from luwte.desk.telling.subjects import party_of, person_of
from luwte.desk.vault import services as vault
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import Source, latest

MOST_LINES = 60
"""So many lines of who looked fit into one step of a page; the file has the others."""


@require_safe
@even_page
@visit.by_person
def mine(request: HttpRequest, subject: str) -> HttpResponse:
    """Lead to what is the person's own."""
    return page(request, "portal/mine.html", leaving=leaving.standing(subject))


@require_safe
@even_page
@visit.by_person
def data(request: HttpRequest, subject: str) -> HttpResponse:
    """Show what is kept of who the person is, addresses half hidden, and offer it all as a file."""
    known = vault.person(person_of(subject))
    return page(
        request,
        "portal/data.html",
        rows=wording.identity(known),
        secret=known.identity.secret_address,
    )


@require_POST
@even
@visit.by_person
def save(_request: HttpRequest, subject: str) -> HttpResponse:
    """Give the file; its name says nothing. Nothing is recorded: what a person reads is theirs."""
    note = _("What we did not tell you is not in this file. Nor is an address that is secret.")
    headers = {"Content-Disposition": f'attachment; filename="{new_id()[:8]}.json"'}
    return HttpResponse(export_file(subject, now(), note), content_type="application/json", headers=headers)


@require_safe
@even_page
@visit.by_person
def looked_at(request: HttpRequest, subject: str) -> HttpResponse:
    """Say on which days somebody here looked at what is kept of the person."""
    found = looked(person_of(subject), timezone.get_current_timezone())
    return page(
        request, "portal/looked.html", looks=wording.looks(found[:MOST_LINES]), more=len(found) > MOST_LINES
    )


@require_safe
@even_page
@visit.by_person
def acting(request: HttpRequest, subject: str) -> HttpResponse:
    """Show who acts for the person, until when, and what they may hear too."""
    person_id, moment = person_of(subject), now()
    given = wishes.wishes([subject])
    standing = [wish for source in Source if (wish := latest(given, source, moment)) and wish.choice.told]
    today = timezone.localdate(moment)
    people = [
        wording.acting(
            one.mandate, [wish.source for wish in standing if party_of(one.id) in wish.choice.others], today
        )
        for one in vault.representatives(person_id)
    ]
    care_worker = vault.person(person_id).identity.care_worker
    return page(request, "portal/acting.html", people=people, care_worker=care_worker)


@require_safe
@even_page
@visit.by_person
def rights(request: HttpRequest, subject: str) -> HttpResponse:
    """Show the rights and their last days of which the person was told, and no other."""
    items = [item for one in messages(subject, now()) for item in one.items]
    figure = wording.last_days(items, now())
    return page(request, "portal/rights.html", told=wording.rights(items, now()), figure=figure)


@require_http_methods(["GET", "HEAD", "POST"])
@even_page
@visit.by_person
def erase(request: HttpRequest, subject: str) -> HttpResponse:
    """Say what erasing does, ask a second time, take it in; and take it back as long as that can be done."""
    if request.method == "POST":
        return _erase_or_keep(request, subject)
    return page(
        request,
        "portal/erase.html",
        leaving=leaving.standing(subject),
        alone=leaving.may_ask(subject, now()),
        second="verder" in request.GET,
        missing="nog" in request.GET,
        days=leaving.DAYS.days,
    )


@require_safe
@visit.signed_in
def before(request: HttpRequest, _visitor: visit.Visitor) -> HttpResponse:
    """Say what the exit does, before the first page that has it."""
    return page(request, "portal/before.html")


@require_safe
def safety(request: HttpRequest) -> HttpResponse:
    """Say what keeps others from reading along, and what a website cannot do about it."""
    return page(request, "portal/safety.html")


def _erase_or_keep(request: HttpRequest, subject: str) -> HttpResponse:
    here = reverse("portal:erase")
    if request.POST.get("act") == "keep":
        leaving.keep(subject, now())
    elif request.POST.get("sure") != "yes":
        return HttpResponseRedirect(f"{here}?verder&nog")
    elif leaving.may_ask(subject, now()):
        leaving.ask(subject, now())
    return redirect(here)
