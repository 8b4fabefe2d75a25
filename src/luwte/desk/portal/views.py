"""The views of the portal. Reading is GET and changes nothing but "opened"; every act is a POST."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luwte.desk.pages import wording
from luwte.desk.pages.moment import now
from luwte.desk.portal import visit
from luwte.desk.portal.coverage import coverage
from luwte.desk.portal.pull import even
from luwte.desk.portal.standing import standing
from luwte.desk.telling import reading, services
from luwte.desk.telling.errors import MessageUnknown
from luwte.desk.telling.harm import distress as sign_of_harm
from luwte.desk.telling.subjects import subject_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.errors import LinkSpent, PersonUnknown
from luwte.desk.wishes import services as wishes


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button; only pressing it uses the link up, for mail scanners and previews open links too."""
    if request.method != "POST":
        return _page(request, "portal/link.html")
    try:
        person_id = vault.redeem(token, now())
    except LinkSpent:
        return _page(request, "portal/link_spent.html", status=410)
    identity = vault.person(person_id).identity
    visit.begin(request, subject_of(person_id), identity.zone)
    return _speaking(identity.language, redirect("portal:home"))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say that there is something, or that there is nothing new and what was searched."""
    if visit.subject_of(request) is None:
        return _page(request, "portal/outside.html")
    return _answer(request) if "asked" in request.GET else _first_page(request)


@visit.signed_in
def _first_page(request: HttpRequest, subject: str) -> HttpResponse:
    found = reading.messages(subject, now())
    waiting = next((one for one in found if one.opened is None), None)
    return _page(
        request,
        "portal/home.html",
        waiting=waiting,
        choice=wording.choices_in(waiting.items) if waiting else "",
        put_off=waiting is not None and waiting.id in request.session.get(visit.PUT_OFF, []),
        earlier=[one for one in found if one.opened is not None],
        coverage=coverage(),
        asked="asked" in request.GET,
        since=max((one.at for one in found if one.opened is not None), default=None),
    )


_answer = even(_first_page)


@require_safe
@visit.signed_in
def message(request: HttpRequest, subject: str, message_id: str) -> HttpResponse:
    """Show one message with as much as was chosen, and remember that it was opened."""
    try:
        found = reading.open_message(subject, message_id, now())
    except MessageUnknown as error:
        raise Http404 from error
    return _page(request, "portal/message.html", lists=wording.message_lists(found))


@require_POST
@visit.signed_in
def not_now(request: HttpRequest, subject: str, message_id: str) -> HttpResponse:
    """Put a message off: it stays unread, and this visit does not offer it again as new."""
    if any(one.id == message_id for one in reading.messages(subject, now())):
        request.session[visit.PUT_OFF] = [*request.session.get(visit.PUT_OFF, []), message_id]
    return redirect("portal:home")


@require_POST
@even
@visit.signed_in
def ask(request: HttpRequest, subject: str) -> HttpResponse:
    """Give the person who asks what waits for them; what they chose not to hear stays unsaid."""
    try:
        services.ask(subject, now())
    except PersonUnknown:
        request.session.flush()
        return redirect("portal:home")
    return HttpResponseRedirect("/?asked")


@require_POST
@visit.signed_in
def pause(request: HttpRequest, subject: str) -> HttpResponse:
    """Pause everything at once, without a reason."""
    wishes.pause(subject, now())
    return _back(request)


@require_POST
@visit.signed_in
def resume(request: HttpRequest, subject: str) -> HttpResponse:
    """End the person's own pause at once."""
    wishes.resume(subject, now())
    return _back(request)


@require_POST
@visit.signed_in
def distress(_request: HttpRequest, subject: str) -> HttpResponse:
    """Pause everything and ask a care worker to call, at one press; say what happens now."""
    sign_of_harm(subject, now())
    return redirect("portal:here_for_you")


@require_safe
@visit.signed_in
def here_for_you(request: HttpRequest, subject: str) -> HttpResponse:
    """Say calmly that everything stops, that someone will call, and where help is now."""
    return _page(request, "portal/here_for_you.html", called=standing(subject, now()).harm)


@require_safe
@visit.signed_in
def why(request: HttpRequest, subject: str) -> HttpResponse:
    """Read back what was chosen and what holds now.

    It speaks of choices and pauses only: a reason that a finding brings about would tell of that finding.
    """
    found = standing(subject, now())
    rows = wording.choice_rows(found.wish.choice) if found.wish else []
    sentences = (
        [_("You have not chosen yet. Without a choice we send you nothing.")] if found.wish is None else []
    )
    if found.ended:
        sentences.append(_("What you chose had an end date. That day has passed. We ask you anew."))
    if found.channel_stopped:
        sentences.append(
            _("The way you chose does not work now. Your care worker looks for a solution with you.")
        )
    return _page(request, "portal/why.html", rows=rows, sentences=sentences, coverage=coverage())


@require_safe
def leaving(request: HttpRequest) -> HttpResponse:
    """Say honestly what the exit does and what it cannot do."""
    return _page(request, "portal/leaving.html")


def _page(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    subject = visit.subject_of(request)
    frame = {
        "signed_in": subject is not None,
        "pause": standing(subject, now()).pause if subject else None,
        "pause_months": round(wishes.PAUSE.days / 30),
    }
    return render(request, template, frame | context, status=status)


def _back(request: HttpRequest) -> HttpResponse:
    place = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(place, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(place if allowed else "/")


def _speaking(language: str, response: HttpResponse) -> HttpResponse:
    translation.activate(language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response
