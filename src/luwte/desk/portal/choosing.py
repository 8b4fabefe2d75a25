"""What I choose: one question a screen, read back in plain words before it is kept; and stop, at one press.

An answer goes into a draft of this visit. It becomes a version of the wish only when the person keeps what
was read back, and only in place of the version that stood then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luwte.desk.pages import choice_form, choice_words, wording
from luwte.desk.pages.choice_form import ChoiceUnreadable
from luwte.desk.pages.moment import now
from luwte.desk.portal import visit
from luwte.desk.portal.allowed import Leave, Setting, settings
from luwte.desk.portal.drafts import Draft, draft_of, drop_draft, keep_draft
from luwte.desk.portal.page import page
from luwte.desk.portal.preview import preview
from luwte.desk.telling import services as telling
from luwte.desk.telling.subjects import acting_names, person_of
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.errors import WishImpossible
from luwte.desk.wishes.rules import PERSON, Choice, Detail, Source, Wish

PARTS = ("rhythm", "channel", "weekday", "hours", "detail", "cover", "words", "told")
"""What can be asked, by its place: an address says no more than that number."""
CONVERSATION = "portal"


@require_safe
@visit.by_person
def choices(request: HttpRequest, subject: str) -> HttpResponse:
    """Read back what holds for each source, and lead to what can be changed here."""
    found = settings(subject, now())
    given = [one.wish for one in found if one.wish is not None]
    read = wording.chosen(given, [], timezone.get_current_timezone(), acting_names(person_of(subject)))
    rows = [
        {"part": part, "place": place, "open": one.leave != Leave.TALK}
        for place, (part, one) in enumerate(zip(read, found, strict=True), 1)
    ]
    return page(request, "portal/choose.html", rows=rows, kept="bewaard" in request.GET)


@require_http_methods(["GET", "HEAD", "POST"])
@visit.by_person
def source(request: HttpRequest, subject: str, place: int) -> HttpResponse:
    """Ask what to change, then one question about it; an answer leads to the read-back."""
    setting, wish = _found(subject, place)
    if wish is None:
        return redirect("portal:choices")
    if request.method == "POST":
        return _answered(request, setting, wish, place)
    draft = draft_of(request, wish)
    part = _part(request.GET.get("deel", ""), setting, draft.choice if draft else wish.choice)
    if part:
        return _question(request, setting, draft.choice if draft else wish.choice, part, place)
    if "verder" not in request.GET or draft is None:
        drop_draft(request)
        draft = None
    return _menu(request, subject, setting, wish, draft, place)


@require_http_methods(["GET", "HEAD", "POST"])
@visit.by_person
def read_back(request: HttpRequest, subject: str, place: int) -> HttpResponse:
    """Read the change back, with what it looks like; before more is told, ask whether the person is alone."""
    setting, wish = _found(subject, place)
    draft = draft_of(request, wish) if wish else None
    if wish is None or draft is None:
        return redirect("portal:source", place)
    if request.method == "POST":
        return _alone(request, setting, draft, place)
    if _must_ask(wish, draft):
        return page(request, "portal/choose_alone.html", which=place)
    return _read(request, subject, setting, wish, draft, place)


@require_POST
@visit.by_person
def keep(request: HttpRequest, subject: str, place: int) -> HttpResponse:
    """Keep what was read back, once; what is no longer what was read is read again first."""
    setting, wish = _found(subject, place)
    draft = draft_of(request, wish) if wish else None
    if wish is None or draft is None:
        return redirect("portal:choices")
    if _must_ask(wish, draft) or not _was_read(request, wish, draft):
        return redirect("portal:read_back", place)
    try:
        kept = _keep(subject, setting.source, draft)
    except WishImpossible as error:
        sentence = choice_words.impossible(error)
        return _read(request, subject, setting, wish, draft, place, sentence)
    drop_draft(request)
    return HttpResponseRedirect(reverse("portal:choices") + ("?bewaard" if kept else ""))


@require_http_methods(["GET", "HEAD", "POST"])
@visit.by_person
def stop(request: HttpRequest, subject: str) -> HttpResponse:
    """Say what stops and what goes on; a press stops all telling at once, also what is on its way."""
    if request.method == "POST":
        wishes.withdraw(subject, now=now())
        drop_draft(request)
        return redirect("portal:stop")
    return page(request, "portal/stop.html")


def _found(subject: str, place: int) -> tuple[Setting, Wish | None]:
    """Return the setting, and the wish where the person may change it here."""
    found = settings(subject, now())
    if not 1 <= place <= len(found):
        raise Http404
    setting = found[place - 1]
    return setting, None if setting.leave == Leave.TALK else setting.wish


def _shown(setting: Setting, choice: Choice) -> tuple[str, ...]:
    """Return the parts that may be asked about `choice`."""
    if setting.leave == Leave.LESS:
        less = choice.told and choice.detail != Detail.SOMETHING and setting.source != Source.SAFETY
        return ("detail", "told") if less else ("told",)
    return (*choice_form.parts(setting.source, choice), "told")


def _part(given: str, setting: Setting, choice: Choice) -> str:
    part = PARTS[int(given) - 1] if given in _PLACES else ""
    return part if part in _shown(setting, choice) else ""


_PLACES = frozenset(str(place) for place in range(1, len(PARTS) + 1))


def _offered(setting: Setting, choice: Choice, part: str) -> list[tuple[str, str]]:
    """Return the answers; somebody who may only choose less is offered no more than what holds."""
    offered = choice_words.answers(part, choice, setting.ways)
    if setting.leave == Leave.LESS and part == "detail" and setting.wish is not None:
        return offered[: list(Detail).index(setting.wish.choice.detail) + 1]
    return offered


def _menu(
    request: HttpRequest, subject: str, setting: Setting, wish: Wish, draft: Draft | None, place: int
) -> HttpResponse:
    standing = replace(wish, choice=draft.choice, since=now()) if draft else wish
    title, text = choice_words.read_back(standing, timezone.get_current_timezone(), _names(subject))
    names = choice_words.names()
    shown = [(PARTS.index(one) + 1, names[one]) for one in _shown(setting, standing.choice)]
    return page(
        request,
        "portal/choose_source.html",
        which=place,
        title=title,
        text=text,
        parts=shown,
        going_on=draft is not None,
        less=setting.leave == Leave.LESS,
        later="later" in request.GET,
    )


def _question(
    request: HttpRequest, setting: Setting, choice: Choice, part: str, place: int, *, wrong: bool = False
) -> HttpResponse:
    return page(
        request,
        "portal/choose_question.html",
        which=place,
        part=part,
        number=PARTS.index(part) + 1,
        question=choice_words.questions()[part],
        answers=_offered(setting, choice, part),
        holds=choice_form.fields(choice)[part][0],
        wrong=wrong,
    )


def _answered(request: HttpRequest, setting: Setting, wish: Wish, place: int) -> HttpResponse:
    draft = draft_of(request, wish) or Draft(wish.choice, wish.version)
    part = _part(request.POST.get("deel", ""), setting, draft.choice)
    if not part:
        return redirect("portal:source", place)
    answer = request.POST.get(part)
    if answer not in dict(_offered(setting, draft.choice, part)):
        return _question(request, setting, draft.choice, part, place, wrong=True)
    chosen = choice_form.fitting(choice_form.choice({part: [answer]}, draft.choice))
    keep_draft(request, setting.source, replace(draft, choice=chosen))
    return redirect("portal:read_back", place)


def _alone(request: HttpRequest, setting: Setting, draft: Draft, place: int) -> HttpResponse:
    if request.POST.get("alone") == "yes":
        keep_draft(request, setting.source, replace(draft, alone=True))
        return redirect("portal:read_back", place)
    drop_draft(request)
    return HttpResponseRedirect(reverse("portal:source", args=[place]) + "?later")


def _must_ask(wish: Wish, draft: Draft) -> bool:
    return choice_form.exposes(wish.choice, draft.choice) and not draft.alone


def _read(
    request: HttpRequest,
    subject: str,
    setting: Setting,
    wish: Wish,
    draft: Draft,
    place: int,
    wrong: str = "",
) -> HttpResponse:
    works = draft.choice.channel in setting.ways
    chosen = replace(wish, choice=_kept(setting, draft.choice), since=now(), by=_by(setting, wish))
    title, text = choice_words.read_back(chosen, timezone.get_current_timezone(), _names(subject))
    return page(
        request,
        "portal/choose_read_back.html",
        which=place,
        title=title,
        text=text,
        wants=draft.choice.told,
        same=draft.choice == wish.choice,
        works=works,
        preview=preview(subject, setting.source, draft.choice, now()) if works else None,
        fields=[(name, one) for name, values in choice_form.fields(draft.choice).items() for one in values],
        wrong=wrong,
    )


def _was_read(request: HttpRequest, wish: Wish, draft: Draft) -> bool:
    given: dict[str, Sequence[str]] = {name: request.POST.getlist(name) for name in choice_form.READERS}
    try:
        return choice_form.choice(given, wish.choice) == draft.choice
    except ChoiceUnreadable:
        return False


@transaction.atomic
def _keep(subject: str, source: Source, draft: Draft) -> bool:
    """Return whether it was kept: not when another version came since, as after a second press."""
    wishes.lock(subject)
    setting = settings(subject, now())[list(Source).index(source)]
    wish = setting.wish
    if wish is None or setting.leave == Leave.TALK or wish.version != draft.version:
        return False
    if setting.leave == Leave.LESS and not choice_form.only_less(wish.choice, draft.choice):
        return False
    telling.set_wish(
        person_of(subject),
        source,
        _kept(setting, draft.choice),
        set_by=wishes.BY_PERSON,
        conversation=CONVERSATION,
        now=now(),
        by=_by(setting, wish),
    )
    return True


def _kept(setting: Setting, choice: Choice) -> Choice:
    """Who may be told too, but has no mandate today, cannot stand in a new version."""
    return replace(choice, others=choice.others & setting.acting)


def _by(setting: Setting, wish: Wish) -> frozenset[str]:
    """Less of what several chose stays theirs: a version of the person alone would end it all (T10)."""
    if setting.leave == Leave.ANY:
        return frozenset({PERSON})
    return wish.by & {PERSON, *setting.acting}


def _names(subject: str) -> dict[str, str]:
    return acting_names(person_of(subject))
