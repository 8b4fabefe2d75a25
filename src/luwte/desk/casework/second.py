"""What two people do: one asks for it on its page, another one approves it there, or declines it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luwte.base.errors import BadInput
from luwte.desk.accounts.accounts import named
from luwte.desk.casework import words
from luwte.desk.casework.entry import for_role, mine, who
from luwte.desk.casework.roles import Role
from luwte.desk.pages.moment import now
from luwte.desk.review import proposals
from luwte.desk.review.proposals import OF_AUTHORITY, OF_SIGNERS, Change, Waiting

APPROVE, DECLINE = "approve", "decline"


def needed(change: Change) -> Role:
    """Return the role of both who make a change."""
    return Role.CASE_OFFICER if change in OF_AUTHORITY else Role.LIST_MANAGER


def asked(
    request: HttpRequest, change: Change, about: str, reason: str, *, source: str = "", **said: int
) -> HttpResponse | None:
    """Ask for a change and return to its page; None when the reason, the source or a value will not do."""
    if proposals.about(about, now()) is not None:
        messages.info(request, _("Somebody asked for a change here already. Look at that first."))
        return redirect(_page(change), *_place(change, about))
    try:
        proposals.ask(change, about, reason, by=who(request), now=now(), source=source, **said)
    except BadInput:
        return None
    messages.success(request, _("Asked. It is done when a colleague approves it, within a week."))
    return redirect(_page(change), *_place(change, about))


@require_POST
@for_role(Role.LIST_MANAGER, Role.CASE_OFFICER)
def answer(request: HttpRequest, proposal: str) -> HttpResponse:
    """Approve what a colleague asked for, or decline it; go back to the page that it is about."""
    act = request.POST.get("act", "")
    if act not in (APPROVE, DECLINE):
        return HttpResponse(status=400)
    found = next((one for one in proposals.waiting(now()) if one.id == proposal), None)
    if found is None:
        messages.info(request, _("This was done, declined or asked more than a week ago. Nothing changed."))
        return redirect("staff:worklist")
    if needed(found.change) not in mine(request):
        raise PermissionDenied
    _answer(request, found, act)
    return redirect(_page(found.change), *_place(found.change, found.about))


def context(request: HttpRequest, about: str) -> dict[str, Any]:
    """Return what a page shows of a proposal about what it shows."""
    found = proposals.about(about, now())
    if found is None:
        return {"proposal": None}
    return {
        "proposal": found,
        "change": words.changes()[found.change],
        "follows": words.follows()[found.change],
        "asked_by": name_of(found.asked_by),
        "own": found.asked_by == who(request),
    }


def name_of(account: str) -> str:
    """Return the name of an account that the record names; the same again where it is no account of here."""
    for user in User.objects.filter(is_staff=True):
        if named(user.pk) == account:
            return user.username
    return account


def _answer(request: HttpRequest, found: Waiting, act: str) -> None:
    do = proposals.approve if act == APPROVE else proposals.decline
    try:
        do(found.id, by=who(request), now=now())
    except BadInput:
        own = found.asked_by == who(request)
        said = (
            _("Whoever asked cannot approve. Let a colleague look at it.")
            if own
            else _("That is not possible any more. Nothing changed. Decline it, and see how it is now.")
        )
        messages.info(request, said)
        return
    done = words.follows()[found.change] if act == APPROVE else _("Declined. Nothing changed.")
    messages.success(request, done)


def _page(change: Change) -> str:
    if change in OF_SIGNERS:
        return "staff:signer"
    return "staff:limits" if change in OF_AUTHORITY else "staff:entry"


def _place(change: Change, about: str) -> list[str]:
    return [] if change in OF_AUTHORITY else [about]
