"""What a person wants to hear, asked in a talk: source by source, read back, and kept in their words.

The questions and answers are those of the portal. What is read back stands in the form that keeps it, so it
is in no session; it is kept only in place of the version that stood then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luwte.desk.accounts.entry import for_staff
from luwte.desk.pages import choice_form, choice_words, wording
from luwte.desk.pages.choice_form import ChoiceUnreadable
from luwte.desk.pages.moment import now
from luwte.desk.staff import words
from luwte.desk.telling import services as telling
from luwte.desk.telling.ages import Circle
from luwte.desk.telling.facts import LIMITS, Known
from luwte.desk.telling.recipients import recipients_of
from luwte.desk.telling.subjects import acting_names, mark_of_assessment, subject_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.assessments import assessments
from luwte.desk.vault.errors import PersonUnknown
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.errors import WishImpossible
from luwte.desk.wishes.rules import PERSON, Channel, Choice, Register, Rhythm, Source, Wish, latest

CONVERSATIONS = ("call", "visit", "letter")
PARTS = ("rhythm", "channel", "weekday", "hours", "detail", "cover", "words")


@dataclass(frozen=True, slots=True)
class Asked:
    """A person, one source, and what is known to ask about it; `acting`: names by party, mandates of today.

    `assessed`: on which assessment a wish rests, "" when there is none. `begun`: whether the person ever
    wanted to be told something.
    """

    person_id: str
    subject: str
    source: Source
    wish: Wish | None
    zone: ZoneInfo
    names: dict[str, str]
    acting: dict[str, str]
    circle: Circle
    ways: frozenset[Channel]
    words: str
    assessed: str
    begun: bool

    @property
    def standing(self) -> Choice:
        """What the form shows first."""
        if self.wish is not None:
            return self.wish.choice
        rhythm = Rhythm.EACH if self.source == Source.SAFETY else Rhythm.MONTHLY
        return Choice(False, rhythm, words=Register(self.words))


@dataclass(frozen=True, slots=True)
class Answered:
    """What a form gave: the choice, who chose it, in which kind of talk, in place of which version."""

    choice: Choice
    by: frozenset[str]
    conversation: str
    version: int


@require_safe
@for_staff
def overview(request: HttpRequest, person_id: str) -> HttpResponse:
    """Show what holds for each source, and lead to asking about it."""
    moment = now()
    try:
        person, names = vault.view(person_id, moment), acting_names(person_id)
    except PersonUnknown as error:
        raise Http404 from error
    given = wishes.wishes([subject_of(person_id)])
    standing = [wish for source in Source if (wish := latest(given, source, moment)) is not None]
    read = wording.chosen(standing, [], person.identity.zone, names)
    context = {
        "person": person,
        "rows": list(enumerate(read, 1)),
        "told": any(wish.choice.told for wish in standing),
        "assessed": bool(assessments(person_id)),
    }
    return render(request, "staff/wishes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def source(request: HttpRequest, person_id: str, place: int) -> HttpResponse:
    """Ask about one source; the answers are read back, and kept when the person says yes."""
    asked = _found(person_id, place, now())
    if request.method != "POST":
        return _form(request, asked, place, Answered(asked.standing, frozenset({PERSON}), "call", 0))
    try:
        given = _answered(request, asked)
    except ChoiceUnreadable:
        first = Answered(asked.standing, frozenset({PERSON}), "call", 0)
        return _form(request, asked, place, first, _("Choose one of the answers to each question."))
    if request.POST.get("act") != "keep":
        return _read(request, asked, place, given)
    try:
        kept = _keep(asked, given, request.user.get_username(), now())
    except WishImpossible as error:
        return _form(request, asked, place, given, choice_words.impossible(error))
    if kept:
        messages.success(request, _("It is kept, and holds from now on."))
    else:
        messages.info(request, _("Somebody changed this meanwhile. Read first what holds now."))
    return redirect("staff:wishes", person_id)


@require_POST
@for_staff
def withdraw(request: HttpRequest, person_id: str) -> HttpResponse:
    """Stop all telling at once, because the person said so in a talk."""
    try:
        subject = subject_of(vault.person(person_id).id)
    except PersonUnknown as error:
        raise Http404 from error
    wishes.withdraw(subject, set_by=request.user.get_username(), conversation="call", now=now())
    messages.success(request, _("Nothing is told any more, also of what stood ready."))
    return redirect("staff:wishes", person_id)


def _found(person_id: str, place: int, moment: datetime) -> Asked:
    sources = list(Source)
    if not 1 <= place <= len(sources):
        raise Http404
    try:
        identity, subject = vault.view(person_id, moment).identity, subject_of(person_id)
    except PersonUnknown as error:
        raise Http404 from error
    known = Known.behind(subject)
    around = recipients_of(known.found, [subject], known.ways)
    person = next(one for one in around if one.id == PERSON)
    circle, names = Circle(person, around, LIMITS.ladder, moment), acting_names(person_id)
    holding = {one.id for one in around if one.mandate and one.mandate.holds(circle.day)}
    lawyer = frozenset() if circle.has_lawyer() else frozenset({Channel.LAWYER})
    made, given = assessments(person_id), wishes.wishes([subject])
    return Asked(
        person_id, subject, sources[place - 1],
        latest(given, sources[place - 1], moment), identity.zone, names,
        {party: name for party, name in names.items() if party in holding}, circle,
        frozenset(Channel) - person.stopped - lawyer, identity.words,
        f"assessment {mark_of_assessment(made[0].id)}" if made else "", any(one.choice.told for one in given),
    )  # fmt: skip


def _answered(request: HttpRequest, asked: Asked) -> Answered:
    sent = request.POST.getlist
    given: dict[str, Sequence[str]] = {name: sent(name) for name in choice_form.READERS if sent(name)}
    given.setdefault("others", [""])
    choice = choice_form.fitting(choice_form.choice(given, asked.standing))
    if asked.source == Source.SAFETY:
        choice = replace(choice, rhythm=Rhythm.EACH, hours=(0, 24), weekday=None, cover=False)
    if asked.source != Source.RIGHTS:
        choice = replace(choice, forward=False)
    by, conversation, version = sent("by"), sent("conversation"), request.POST.get("version", "0")
    if not by or not set(by) <= {PERSON, *asked.acting} or not choice.others <= asked.acting.keys():
        raise ChoiceUnreadable("by")
    if len(conversation) != 1 or conversation[0] not in CONVERSATIONS or version not in _VERSIONS:
        raise ChoiceUnreadable("conversation")
    return Answered(choice, frozenset(by), conversation[0], int(version))


_VERSIONS = frozenset(map(str, range(10_000)))


@transaction.atomic
def _keep(asked: Asked, given: Answered, name: str, moment: datetime) -> bool:
    """Return whether it was kept: not when another version came since, as after a second press."""
    wishes.lock(asked.subject)
    standing = latest(wishes.wishes([asked.subject]), asked.source, moment)
    if (standing.version if standing else 0) != given.version:
        return False
    telling.set_wish(
        asked.person_id,
        asked.source,
        given.choice,
        set_by=name,
        conversation=f"{given.conversation} {moment.astimezone(asked.zone).date()}",
        now=moment,
        by=given.by,
        assessment=asked.assessed,
    )
    return True


def _form(request: HttpRequest, asked: Asked, place: int, given: Answered, wrong: str = "") -> HttpResponse:
    choice, chosen = given.choice, choice_form.fields(given.choice)
    questions = choice_words.questions()
    parts = [
        (part, questions[part], choice_words.answers(part, choice, asked.ways), chosen[part][0])
        for part in PARTS
        if asked.source != Source.SAFETY or part in ("channel", "words")
    ]
    title, _text = choice_words.read_back(_wish(asked, given), asked.zone, asked.names)
    context = {
        "asked": asked,
        "place": place,
        "title": title,
        "given": given,
        "told": chosen["told"][0],
        "parts": parts,
        "until": chosen["until"][0],
        "forward": asked.source == Source.RIGHTS,
        "talks": words.talks().items(),
        "version": asked.wish.version if asked.wish else 0,
        "wrong": wrong,
    }
    return render(request, "staff/wish.html", context)


def _read(request: HttpRequest, asked: Asked, place: int, given: Answered) -> HttpResponse:
    wish = _wish(asked, given)
    title, text = choice_words.read_back(wish, asked.zone, asked.names)
    against = asked.circle.obstacle(wish) if given.choice.told else None
    fields = [(name, one) for name, values in choice_form.fields(given.choice).items() for one in values]
    fields += [("by", one) for one in sorted(given.by)]
    fields += [("conversation", given.conversation), ("version", str(given.version))]
    context = {
        "asked": asked,
        "place": place,
        "title": title,
        "text": text,
        "fields": fields,
        "against": words.reasons()[against] if against else "",
        "works": not given.choice.told or given.choice.channel in asked.ways,
        "lacking": given.choice.told and not asked.assessed and not asked.begun,
        "by": [asked.names.get(party, "") for party in sorted(given.by) if party != PERSON],
        "own": PERSON in given.by,
    }
    return render(request, "staff/wish_read.html", context)


def _wish(asked: Asked, given: Answered) -> Wish:
    return Wish(asked.subject, asked.source, given.version + 1, now(), given.choice, given.by)
