"""The conversation in which somebody is added: one step a page, read back, and only then kept.

What was said stands in a sealed draft in the vault, so that it can go on after a break. Nothing of it is in
an address, in the session or in a log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luwte.desk.accounts.entry import for_staff
from luwte.desk.pages.moment import now
from luwte.desk.staff import asking, enrol_form, enrol_words
from luwte.desk.staff.finding_people import Hit, hits
from luwte.desk.vault import drafts
from luwte.desk.vault.drafts import KnownDraft
from luwte.desk.vault.errors import (
    DraftTooLarge,
    DraftUnknown,
    LookUpImpossible,
    PersonImpossible,
    SearchesSpent,
)
from luwte.desk.vault.searching import search

STEPS = tuple(enrol_form.STEPS)


@dataclass(frozen=True, slots=True)
class Doubles:
    """Who may be the same person; `unasked`: why nobody could be looked for, as a sentence."""

    hits: tuple[Hit, ...] = ()
    unasked: str = ""
    spent: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def conversations(request: HttpRequest) -> HttpResponse:
    """Show the conversations that this worker has open; a press begins another one."""
    by = _by(request)
    if request.method == "POST":
        try:
            return redirect("staff:enrol_step", drafts.begin(by=by, now=now()), STEPS[0])
        except DraftTooLarge:
            messages.info(request, _("You have many conversations open. Finish or drop one of them first."))
    rows = [(one, _title(one), _next(one)) for one in drafts.drafts(by)]
    return render(request, "staff/enrol.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def step(request: HttpRequest, draft_id: str, step: str) -> HttpResponse:
    """Ask the questions of one step; answers that are well go into the draft and lead on."""
    if step not in (*STEPS, "someone"):
        raise Http404
    draft = _draft(request, draft_id)
    place = enrol_form.free_place(draft.parts) if step == "someone" else step
    if not place:
        return redirect("staff:enrol_step", draft_id, "acting")
    given: asking.Given = draft.parts.get(place) or enrol_form.DEFAULTS
    faults: dict[str, str] = {}
    if request.method == "POST":
        given = asking.read(enrol_form.asks(step), request.POST.getlist)
        faults = enrol_form.wrong(step, given, now().date())
        if not faults:
            return _kept(request, draft, step, place, given)
    return _asked(request, draft, step, given, faults)


@require_POST
@for_staff
def remove(request: HttpRequest, draft_id: str, part: str) -> HttpResponse:
    """Take somebody who acts for the person out of the draft again."""
    draft = _draft(request, draft_id)
    if part not in enrol_form.acting(draft.parts):
        raise Http404
    drafts.keep(draft_id, part, {}, by=_by(request), now=now())
    return redirect("staff:enrol_step", draft_id, "acting")


@require_safe
@for_staff
def read_back(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Read back what was said, with who may be the same person; a step that is missing comes first."""
    draft = _draft(request, draft_id)
    if missing := enrol_form.missing(draft.parts, now().date()):
        return redirect("staff:enrol_step", draft_id, missing)
    return _read(request, draft, _doubles(request, draft, now()))


@require_POST
@for_staff
def keep(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Add the person as read back, once; who may be the same person is looked at first."""
    draft, moment = _draft(request, draft_id), now()
    changed = request.POST.get("changed", "") != draft.changed.isoformat()
    if changed or enrol_form.missing(draft.parts, moment.date()):
        return redirect("staff:enrol_read", draft_id)
    doubles = _doubles(request, draft, moment)
    if doubles.spent or (doubles.hits and request.POST.get("other") != "yes"):
        return _read(request, draft, doubles, unread=not doubles.spent)
    made = enrol_form.made(draft.parts, request.user.get_username())
    try:
        person_id = drafts.finish(
            draft_id, made.identity, made.reaches, made.mandates, made.said, by=_by(request), now=moment
        )
    except DraftUnknown as error:
        raise Http404 from error
    messages.success(request, _("The person is added. Now ask what they want to hear, source by source."))
    return redirect("staff:wishes", person_id)


@require_POST
@for_staff
def drop(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Forget a conversation."""
    try:
        drafts.drop(draft_id, by=_by(request), now=now())
    except DraftUnknown as error:
        raise Http404 from error
    messages.success(request, _("The conversation is dropped. Nothing of it is kept."))
    return redirect("staff:enrol")


def _kept(
    request: HttpRequest, draft: KnownDraft, step: str, place: str, given: asking.Given
) -> HttpResponse:
    try:
        drafts.keep(draft.id, place, given, by=_by(request), now=now())
    except DraftUnknown as error:
        raise Http404 from error
    except DraftTooLarge:
        return _asked(request, draft, step, given, {enrol_form.asks(step)[-1].name: "text"})
    if step == "someone":
        return redirect("staff:enrol_step", draft.id, "acting")
    after = STEPS[STEPS.index(step) + 1 :]
    return (
        redirect("staff:enrol_step", draft.id, after[0]) if after else redirect("staff:enrol_read", draft.id)
    )


def _asked(
    request: HttpRequest, draft: KnownDraft, step: str, given: asking.Given, faults: asking.Faults
) -> HttpResponse:
    acting = enrol_form.acting(draft.parts)
    context: dict[str, Any] = {
        "draft": draft,
        "step": step,
        "title": enrol_words.titles()[step],
        "hint": enrol_words.hints().get(step, ""),
        "number": STEPS.index(step) + 1 if step in STEPS else 0,
        "of": len(STEPS),
        "fields": enrol_words.shown(enrol_form.asks(step), given, faults),
        "faults": [enrol_words.fault(name, fault) for name, fault in faults.items()],
        "acting": [(place, asking.one(part, "acting_name")) for place, part in acting.items()],
        "room": bool(enrol_form.free_place(draft.parts)),
    }
    return render(request, "staff/enrol_step.html", context)


def _read(request: HttpRequest, draft: KnownDraft, doubles: Doubles, *, unread: bool = False) -> HttpResponse:
    parts = [
        (step, enrol_words.titles()[step], enrol_words.said(enrol_form.asks(step), draft.parts[step]))
        for step in STEPS
    ]
    acting = [
        enrol_words.said(enrol_form.SOMEONE_ASKS, part) for part in enrol_form.acting(draft.parts).values()
    ]
    context = {"draft": draft, "parts": parts, "acting": acting, "doubles": doubles, "unread": unread}
    return render(request, "staff/enrol_read.html", context)


def _doubles(request: HttpRequest, draft: KnownDraft, moment: datetime) -> Doubles:
    """Look for who has the name and day of birth, the e-mail address or the number; the record says so."""
    who, contact, by = draft.parts["who"], draft.parts["contact"], _by(request)
    born = asking.day(who, "born")
    found: set[str] = set()
    try:
        if born:
            found.update(search(by=by, now=moment, name=asking.one(who, "name"), born=born))
        if email := asking.one(contact, "email"):
            found.update(search(by=by, now=moment, email=email))
        if phone := asking.one(contact, "phone"):
            found.update(search(by=by, now=moment, phone=phone))
    except SearchesSpent:
        return Doubles(unasked=enrol_words.spent(), spent=True)
    except (LookUpImpossible, PersonImpossible):
        return Doubles(unasked=_("Nobody can be looked for by this name."))
    unasked = "" if born else _("Without a day of birth nobody could be looked for by name.")
    return Doubles(tuple(hits(found)), unasked)


def _draft(request: HttpRequest, draft_id: str) -> KnownDraft:
    try:
        return drafts.draft(draft_id, by=_by(request))
    except DraftUnknown as error:
        raise Http404 from error


def _title(draft: KnownDraft) -> str:
    return asking.one(draft.parts.get("who", {}), "name") or _("no name yet")


def _next(draft: KnownDraft) -> str:
    return enrol_form.missing(draft.parts, now().date()) or "read"


def _by(request: HttpRequest) -> str:
    return f"staff:{request.user.pk}"
