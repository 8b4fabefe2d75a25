"""What the authority sets for review: tried first, with its effect on what waits, and set by two people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luwte.base.errors import BadInput
from luwte.desk.casework import effects, second, words
from luwte.desk.casework.entry import for_role
from luwte.desk.casework.roles import Role
from luwte.desk.pages.moment import now
from luwte.desk.review import authority, proposals
from luwte.desk.review.floors import Floor
from luwte.desk.review.hours import Limits
from luwte.desk.review.proposals import Change

OF_FLOOR = ("only", "first", "more", "sample")
_DIGITS = 4


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.CASE_OFFICER)
def limits(request: HttpRequest) -> HttpResponse:
    """Show the limits and the floor that hold; with other values, what would follow; ask for those.

    Nothing is asked for that was not shown with its effect: only that page has the button.
    """
    sent = request.POST if request.method == "POST" else request.GET
    try:
        change, values = _wanted(sent)
    except (BadInput, ValueError):
        fault = _("These numbers cannot be kept together. Look at what each may be.")
        return _page(request, faults=[fault])
    reason = " ".join(sent.get("reason", "").split())
    if request.method == "POST" and change is not None:
        done = second.asked(request, change, change, reason, source="", **values)
        return done or _page(request, change, values, faults=[_("Say in a few words why.")])
    return _page(request, change, values)


@require_POST
@for_role(Role.CASE_OFFICER)
def acute(request: HttpRequest) -> HttpResponse:
    """Say that acute work waits, so that nobody reviews, or that it does not any more; one alone may."""
    waits = request.POST.get("acute") == "yes"
    authority.set_limits(replace(authority.limits(), acute=waits), now())
    said = _("Acute work goes first. Nobody is asked to look meanwhile.")
    messages.success(request, said if waits else _("Review goes on within its limits."))
    return redirect("staff:limits")


def _wanted(sent: Mapping[str, str]) -> tuple[Change | None, dict[str, int]]:
    """What somebody tries: which change, and its values. Raises `BadInput` or `ValueError`."""
    for change, names in ((Change.LIMITS, authority.NUMBERS), (Change.FLOOR, OF_FLOOR)):
        if sent.get("change") == change:
            values = {name: _number(sent.get(name, "")) for name in names}
            if change == Change.LIMITS:
                authority.check_limits(authority.with_numbers(Limits(), values))
            else:
                authority.check_floor(Floor(**values))
            return change, values
    return None, {}


def _number(text: str) -> int:
    if len(text) > _DIGITS or not text.isascii():
        raise ValueError(text)
    return int(text)


def _page(
    request: HttpRequest,
    change: Change | None = None,
    values: Mapping[str, int] | None = None,
    faults: list[str] | None = None,
) -> HttpResponse:
    held = authority.version()
    tried = dict(values or {})
    context: dict[str, Any] = {
        "limits": asdict(authority.limits()) | (tried if change == Change.LIMITS else {}),
        "floor": asdict(held.floor) | (tried if change == Change.FLOOR else {}),
        "held": authority.limits(),
        "version": held,
        "set_by": [second.name_of(one) for one in held.set_by.split(", ")],
        "change": change,
        "faults": faults or [],
        "waits": [
            second.context(request, one.about)
            | {"effect": _effect(one.change, one.said), "numbers": _named(one.said)}
            for one in proposals.waiting(now())
            if one.change in proposals.OF_AUTHORITY
        ],
    }
    if change is not None:
        context["effect"] = _effect(change, tried)
    return render(request, "casework/limits.html", context, status=400 if faults else 200)


def _named(values: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(name, values[key]) for key, name in words.numbers().items() if key in values]


def _effect(change: Change, values: Mapping[str, int]) -> Any:
    if change == Change.FLOOR:
        return effects.of_floor(replace(authority.version().floor, **values), now())
    return effects.of_limits(authority.with_numbers(authority.limits(), values), now())
