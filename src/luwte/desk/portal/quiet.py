"""Quiet periods, and a pause of a length that the person chooses."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luwte.desk.pages import choice_words
from luwte.desk.pages.moment import now
from luwte.desk.portal import visit
from luwte.desk.portal.page import page
from luwte.desk.portal.standing import over
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.errors import QuietUnknown, WishImpossible
from luwte.desk.wishes.rules import Quiet, QuietKind
from luwte.desk.wishes.summary import quiet_sentence

PAUSES = {"7": timedelta(days=7), "30": timedelta(days=30), "90": wishes.PAUSE, "180": timedelta(days=180)}
"""How long a pause can be chosen to last."""
MOST = 40
"""Quiet periods of one person that stand."""
_DUTCH = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")


@dataclass(frozen=True, slots=True)
class Shown:
    """A quiet period that stands: its id, the sentence that reads it back, and its first day."""

    id: str
    text: str
    first: date


@require_http_methods(["GET", "HEAD", "POST"])
@visit.by_person
def quiet(request: HttpRequest, subject: str) -> HttpResponse:
    """Show the quiet periods, and add one: whole days on which nothing is sent."""
    wrong = ""
    if request.method == "POST":
        wrong = _added(request, subject)
        if not wrong:
            return redirect("portal:quiet")
    register = choice_words.own_register(wishes.wishes([subject]))
    shown = [
        Shown(found, quiet_sentence(one, register), one.first)
        for found, one in wishes.quiet_periods(subject)
        if not over(one, now())
    ]
    return page(request, "portal/quiet.html", shown=shown, wrong=wrong, given=request.POST, kinds=_kinds())


@require_POST
@visit.by_person
def lift(_request: HttpRequest, subject: str, quiet_id: str) -> HttpResponse:
    """Take one of the person's own quiet periods away."""
    if quiet_id in dict(wishes.quiet_periods(subject)):
        with contextlib.suppress(QuietUnknown):
            wishes.lift_quiet(quiet_id, now())
    return redirect("portal:quiet")


def lasts(text: str) -> timedelta:
    """Return how long a pause lasts by the answer `text`; what is no answer is the usual pause."""
    return PAUSES.get(text, wishes.PAUSE)


def _added(request: HttpRequest, subject: str) -> str:
    """Add the quiet period of a form; return what is wrong with it, in a sentence, or nothing."""
    first = _day(request.POST.get("first", ""))
    last = _day(request.POST.get("last", "")) if request.POST.get("last", "").strip() else first
    if first is None or last is None:
        return _("We could not read the day. Write it as 31-12-2026.")
    if request.POST.get("kind") not in dict(_kinds()):
        return _("Choose what the days are for.")
    kind = QuietKind(request.POST["kind"])
    try:
        return _add(Quiet(subject, first, last, "yearly" in request.POST, kind), now())
    except WishImpossible as error:
        return choice_words.impossible(error)


@transaction.atomic
def _add(one: Quiet, moment: datetime) -> str:
    """A second press adds nothing: the same days stand already."""
    wishes.lock(one.subject)
    standing = wishes.quiets([one.subject])
    if one in standing:
        return ""
    if len(standing) >= MOST:
        return _("You have many quiet periods. Take one away first, or ask your care worker.")
    wishes.add_quiet(one, set_by=wishes.BY_PERSON, now=moment)
    return ""


def _day(text: str) -> date | None:
    """A browser without a field for days sends what was typed: 31-12-2026 is read too."""
    cleaned = text.strip()[:20]
    try:
        if found := _DUTCH.fullmatch(cleaned):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(cleaned)
    except ValueError:
        return None


def _kinds() -> list[tuple[str, str]]:
    return [
        (QuietKind.DAYS.value, _("Days on which I want quiet")),
        (QuietKind.EXAMS.value, _("Exams")),
        (QuietKind.COURT.value, _("A day in court")),
    ]
