"""The pages of the auditor: the record, how it stands, and who looked at people. Nothing can be changed here.

Pseudonyms, ids and numbers alone are shown, never a name; also accounts are `staff:7`, as the record has
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from luwte.desk.accounts.accounts import named
from luwte.desk.accounts.entry import for_right
from luwte.desk.accounts.rights import Right
from luwte.desk.audit import reading
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.audit.log import Log
from luwte.desk.audit.reading import LOOKS, Looker
from luwte.desk.audit.standing import standing
from luwte.desk.pages.moment import now
from luwte.desk.staff.audit_form import Asked, BadlyAsked
from luwte.desk.staff.auditor_duties import duties
from luwte.desk.vault.log import VAULT

LOGS: Mapping[str, Log] = {"desk": DESK, "vault": VAULT}
DAYS = 30
"""How far back it is counted who looked at people."""
MOST_ID = 10**18


@require_safe
@for_right(Right.AUDITOR)
def record(request: HttpRequest) -> HttpResponse:
    """Show what waits and how both records stand; once somebody asked, the acts of one that fit."""
    context: dict[str, object] = {
        "standing": {name: standing(log) for name, log in LOGS.items()},
        "acts": [act.value for act in Act],
        "asked": request.GET.dict(),
    }
    if "log" in request.GET:
        context |= _searched(request.GET.dict())
    else:
        context["duties"] = duties(named(request.user.pk or 0), now())
    return render(request, "staff/record.html", context)


@require_safe
@for_right(Right.AUDITOR)
def looks(request: HttpRequest) -> HttpResponse:
    """Show how often each account looked at people in the last days."""
    found = reading.lookers(LOGS.values(), now() - timedelta(days=DAYS), now())
    context = {"lookers": [(one, _address(one.by), _counts(one)) for one in found], "days": DAYS}
    return render(request, "staff/looks.html", context)


@require_safe
@for_right(Right.AUDITOR)
def looks_of(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show at what one account looked, in each record, newest first."""
    if account_id >= MOST_ID:
        raise Http404
    by, since = f"staff:{account_id}", now() - timedelta(days=DAYS)
    found = {
        name: reading.search(log, reading.Wanted(LOOKS, since, by=by), now()) for name, log in LOGS.items()
    }
    older = {
        name: urlencode({"log": name, "act": "looks", "by": by, "before": one.older})
        for name, one in found.items()
        if one.older is not None
    }
    context = {"by": by, "days": DAYS, "found": [(name, one, older.get(name)) for name, one in found.items()]}
    return render(request, "staff/looks_of.html", context)


def _searched(given: Mapping[str, str]) -> dict[str, object]:
    try:
        asked = Asked.of(given)
    except BadlyAsked as error:
        return {"wrong": error.field}
    found = reading.search(LOGS[asked.log], asked.wanted, now(), before=asked.before)
    older = None if found.older is None else urlencode({**given, "before": found.older})
    return {"found": found, "older": older}


_KINDS = (
    (Act.PERSON_VIEWED, Act.LOOKED_UP),
    (Act.DOSSIER_VIEWED,),
    (Act.LIST_VIEWED, Act.PEOPLE_LISTED),
    (Act.GLASS_OPENED,),
)


def _counts(one: Looker) -> list[int]:
    return [sum(one.counts.get(act.value, 0) for act in kinds) for kinds in _KINDS]


def _address(by: str) -> str:
    """Where it stands what somebody looked at; only accounts have such a page."""
    kind, _, key = by.partition(":")
    account = kind == "staff" and key.isascii() and key.isdecimal()
    return reverse("staff:looks_of", args=[int(key)]) if account else ""
