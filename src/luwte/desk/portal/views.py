"""The views of the portal. Reading is GET and changes nothing but "opened"; every act is a POST."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luwte.desk.audit import restored
from luwte.desk.audit.checkpoints import NoCheckpoint
from luwte.desk.pages import wording
from luwte.desk.pages.moment import now
from luwte.desk.portal import visit
from luwte.desk.portal.coverage import coverage
from luwte.desk.portal.entering import entered
from luwte.desk.portal.page import page
from luwte.desk.portal.pull import even, even_page
from luwte.desk.portal.quiet import lasts
from luwte.desk.portal.standing import standing
from luwte.desk.portal.visit import Visitor
from luwte.desk.telling import reading, services, stating
from luwte.desk.telling.errors import (
    MessageUnknown,
    NotProvenYet,
    PeriodTooLong,
    StatementUnknown,
    TellingHeld,
    TextUnsigned,
)
from luwte.desk.telling.subjects import acting_names, person_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.errors import LinkSpent, PersonUnknown
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import Register


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button; only pressing it uses the link up, for mail scanners and previews open links too."""
    if request.method != "POST":
        return page(request, "portal/link.html")
    try:
        found = vault.redeem_link(token, now())
    except LinkSpent:
        return page(request, "portal/link_spent.html", status=410)
    return entered(request, found, "portal:before")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say that there is something, or that there is nothing new and what was searched."""
    if visit.visitor_of(request) is None:
        return page(request, "portal/outside.html")
    return _answer(request) if "asked" in request.GET else _at_home(request)


@visit.signed_in
def _first_page(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    found = reading.messages(visitor.subject, now(), visitor.recipient)
    alerts = wording.alerts(reading.alerts(visitor.subject, now())) if visitor.own else []
    waiting = next((one for one in found if one.opened is None), None)
    return page(
        request,
        "portal/home.html",
        waiting=waiting,
        alerts=alerts,
        alerted=any(not one.confirmed for one in alerts),
        choice=wording.choices_in(waiting.items) if waiting else "",
        put_off=waiting is not None and waiting.id in request.session.get(visit.PUT_OFF, []),
        earlier=[one for one in found if one.opened is not None],
        coverage=coverage(),
        asked="asked" in request.GET,
        held=restored.held() is not None,
        since=max((one.at for one in found if one.opened is not None), default=None),
    )


_answer = even(_first_page)
_at_home = even_page(_first_page)


@require_safe
@visit.signed_in
def message(request: HttpRequest, visitor: Visitor, message_id: str) -> HttpResponse:
    """Show one message with as much as was chosen, and remember that it was opened."""
    try:
        found = reading.open_message(visitor.subject, message_id, now(), visitor.recipient)
    except MessageUnknown as error:
        raise Http404 from error
    return page(
        request,
        "portal/message.html",
        message_id=message_id,
        parts=wording.parts(found),
        empty=not found.items,
        held=restored.held() is not None,
        findings=any(item.news is None for item in found.items),
        news=any(item.news is not None for item in found.items),
        coverage=coverage(),
    )


@require_POST
@visit.signed_in
def not_now(request: HttpRequest, visitor: Visitor, message_id: str) -> HttpResponse:
    """Put a message off: it stays unread, and this visit does not offer it again as new."""
    put_off = set(request.session.get(visit.PUT_OFF, []))
    if any(one.id == message_id for one in reading.messages(visitor.subject, now(), visitor.recipient)):
        request.session[visit.PUT_OFF] = sorted(put_off | {message_id})
    return redirect("portal:home")


@require_POST
@even
@visit.by_person
def ask(request: HttpRequest, subject: str) -> HttpResponse:
    """Give the person who asks what waits for them; what they chose not to hear stays unsaid."""
    try:
        services.ask(subject, now())
    except PersonUnknown:
        request.session.flush()
        return redirect("portal:home")
    except TellingHeld:
        return redirect("portal:home")
    return HttpResponseRedirect("/?asked")


@require_POST
@visit.by_person
def pause(request: HttpRequest, subject: str) -> HttpResponse:
    """Pause everything at once, without a reason; for how long may be chosen."""
    wishes.pause(subject, now(), lasts(request.POST.get("days", "")))
    return _back(request)


@require_POST
@visit.by_person
def resume(request: HttpRequest, subject: str) -> HttpResponse:
    """End the person's own pause at once."""
    wishes.resume(subject, now())
    return _back(request)


@require_POST
@visit.by_person
def distress(_request: HttpRequest, subject: str) -> HttpResponse:
    """Pause everything and ask a care worker to call, at one press; say what happens now."""
    services.distress(subject, now())
    return redirect("portal:here_for_you")


@require_POST
@visit.by_person
def confirm(_request: HttpRequest, subject: str, alert_id: str) -> HttpResponse:
    """Record that the person read an event of safety: it is not sent again (T14)."""
    if any(one.id == alert_id for one in reading.alerts(subject, now())):
        services.confirm_alert(subject, alert_id, now())
    return redirect("portal:home")


@require_safe
@visit.by_person
def here_for_you(request: HttpRequest, subject: str) -> HttpResponse:
    """Say calmly that everything stops, that someone will call, and where help is now."""
    return page(request, "portal/here_for_you.html", called=standing(subject, now()).harm)


@require_safe
@even_page
@visit.by_person
def why(request: HttpRequest, subject: str) -> HttpResponse:
    """Read back what was chosen and what holds now.

    It speaks of choices and pauses only: a reason that a finding brings about would tell of that finding.
    """
    found = standing(subject, now())
    return page(
        request,
        "portal/why.html",
        choices=wording.chosen(
            [one.wish for one in found.chosen],
            found.quiets,
            timezone.get_current_timezone(),
            acting_names(person_of(subject)),
        )
        if found.chosen
        else [],
        ended=any(one.ended for one in found.chosen),
        stopped=any(one.channel_stopped for one in found.chosen),
        coverage=coverage(),
    )


@require_safe
@even_page
@visit.by_person
def searched(request: HttpRequest, subject: str) -> HttpResponse:
    """Say what was searched, and offer it as a file that anyone can check, whatever was found."""
    return page(
        request,
        "portal/searched.html",
        coverage=coverage(),
        years=stating.years(now()),
        files=stating.stated(subject),
        early="early" in request.GET,
        long="long" in request.GET,
    )


@require_POST
@visit.by_person
def state(request: HttpRequest, subject: str) -> HttpResponse:
    """Make the file on the searches of a year."""
    year = request.POST.get("year", "")
    if year not in map(str, stating.years(now())):
        return redirect("portal:searched")
    try:
        stating.state(subject, int(year), now())
    except (NoCheckpoint, PeriodTooLong) as error:
        why = "early" if isinstance(error, NoCheckpoint) else "long"
        return HttpResponseRedirect(f"{reverse('portal:searched')}?{why}")
    return redirect("portal:searched")


@require_safe
@visit.by_person
def statement(_request: HttpRequest, subject: str, statement: str) -> HttpResponse:
    """Give the file, as it was recorded."""
    try:
        content = stating.content_of(subject, statement)
    except StatementUnknown as error:
        raise Http404 from error
    return _file(content, "application/json", f"{statement[:8]}.json")


@require_safe
@visit.by_person
def paper(_request: HttpRequest, subject: str, statement: str) -> HttpResponse:
    """Give the page to print with the file."""
    words = Register.ENGLISH if translation.get_language() == "en" else Register.DUTCH
    try:
        content = stating.letter_of(subject, statement, words)
    except (NotProvenYet, StatementUnknown, TextUnsigned) as error:
        raise Http404 from error
    return _file(content, "application/pdf", f"{statement[:8]}.pdf")


@require_safe
def leaving(request: HttpRequest) -> HttpResponse:
    """Say honestly what the exit does and what it cannot do."""
    return page(request, "portal/leaving.html")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _back(request: HttpRequest) -> HttpResponse:
    place = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(place, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(place if allowed else "/")
