"""Who does what here: an administrator gives accounts their work and takes it back, never their own."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from luwte.desk.accounts import accounts
from luwte.desk.accounts.accounts import Known
from luwte.desk.accounts.entry import for_right
from luwte.desk.accounts.errors import AccountRefused
from luwte.desk.accounts.factors import when_sure
from luwte.desk.accounts.rights import Right
from luwte.desk.casework import roles, words
from luwte.desk.casework.roles import Role
from luwte.desk.pages.moment import now
from luwte.desk.pages.pagination import numbers, some
from luwte.desk.review.errors import ReviewerImpossible

GIVE, TAKE = "give", "take"


@require_safe
@for_right(Right.ADMINISTRATOR)
def overview(request: HttpRequest) -> HttpResponse:
    """Show every account with its work."""
    shown, held, called = some(request, accounts.known()), roles.known(), words.roles()
    found = [(one, [called[Role(role)] for role in held.get(one.name, [])]) for one in shown]
    context = {"shown": shown, "numbers": numbers(shown), "accounts": found}
    return render(request, "casework/accounts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_right(Right.ADMINISTRATOR)
@when_sure
def one(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show the work of an account; give it some, or take some back."""
    found = next((known for known in accounts.known() if known.id == account_id), None)
    if found is None:
        raise Http404
    return _change(request, found) if request.method == "POST" else _page(request, found)


def _change(request: HttpRequest, found: Known) -> HttpResponse:
    act, _dash, role = request.POST.get("act", "").partition("-")
    if act not in (GIVE, TAKE) or role not in set(Role):
        return HttpResponse(status=400)
    try:
        roles.change(found.name, Role(role), by=int(request.user.pk or 0), now=now(), has=act == GIVE)
    except AccountRefused as error:
        return _page(request, found, fault=words.no_work().get(error.cause, words.no_work()["unknown"]))
    except ReviewerImpossible:
        return _page(request, found, fault=words.no_work()["name"])
    messages.success(request, _("The work is changed. The account signs in again."))
    return redirect("staff:one_account", found.id)


def _page(request: HttpRequest, found: Known, fault: str = "") -> HttpResponse:
    held = roles.of(found.id)
    context = {
        "found": found,
        "own": found.id == request.user.pk,
        "roles": [(role.value, name, role in held) for role, name in words.roles().items()],
        "faults": [fault] if fault else [],
    }
    return render(request, "casework/one_account.html", context, status=400 if fault else 200)
