"""A change that is not kept yet: in the session, so that Back and reload work and no address tells it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from luwte.desk.pages import choice_form
from luwte.desk.pages.choice_form import ChoiceUnreadable
from luwte.desk.wishes.rules import Choice, Source, Wish

DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be chosen in place of version `version`; `alone`: the person said that nobody looks on."""

    choice: Choice
    version: int
    alone: bool = False


def draft_of(request: HttpRequest, wish: Wish) -> Draft | None:
    """Return the change of `wish` that was begun in this visit; None when the wish changed meanwhile."""
    kept = request.session.get(DRAFT)
    if not isinstance(kept, dict) or kept.get("source") != wish.source or kept["version"] != wish.version:
        return None
    try:
        return Draft(choice_form.choice(kept["fields"], wish.choice), wish.version, kept["alone"])
    except ChoiceUnreadable:
        return None


def keep_draft(request: HttpRequest, source: Source, draft: Draft) -> None:
    """Remember `draft`, the one of this visit."""
    request.session[DRAFT] = {
        "source": source.value,
        "version": draft.version,
        "alone": draft.alone,
        "fields": choice_form.fields(draft.choice),
    }


def drop_draft(request: HttpRequest) -> None:
    """Forget the change that was begun."""
    request.session.pop(DRAFT, None)
