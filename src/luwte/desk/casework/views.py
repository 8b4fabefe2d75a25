"""The work list of casework."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from luwte.desk.accounts.entry import for_staff
from luwte.desk.accounts.rights import Right, rights_of
from luwte.desk.casework import intake, words
from luwte.desk.casework.entry import account, mine
from luwte.desk.casework.pressing import pressing
from luwte.desk.pages.moment import now
from luwte.desk.pages.pagination import numbers, some


@require_safe
@for_staff
def worklist(request: HttpRequest) -> HttpResponse:
    """Show what waits for the roles of whoever asks, most pressing first; and the pages that they open."""
    held = mine(request)
    sent = intake.uploads().all(now()) if held & set(intake.SENDERS) else []
    if sent:
        intake.go_on()
    leads = Right.ADMINISTRATOR in rights_of(account(request).pk)
    found = pressing(account(request), held, sent, now(), leads=leads)
    shown = some(request, found)
    roles = [words.roles()[role] for role in sorted(held)]
    context = {"shown": shown, "numbers": numbers(shown), "roles": roles, "held": held, "leads": leads}
    return render(request, "casework/worklist.html", context)
