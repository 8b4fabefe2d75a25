"""The pages of the administrators: accounts, their rights, and what two of them do together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luwte.desk.accounts import accounts, four_eyes, rights
from luwte.desk.accounts.entry import for_right
from luwte.desk.accounts.errors import AccountRefused
from luwte.desk.accounts.factors import when_sure
from luwte.desk.accounts.four_eyes import LEAST, Wanted
from luwte.desk.accounts.rights import Right
from luwte.desk.pages.moment import now
from luwte.desk.pages.pagination import numbers, some
from luwte.desk.staff import account_words
from luwte.desk.staff.administrator_duties import duties

LONGEST = 150
"""Characters of the name of an account, as Django has it."""


@dataclass(frozen=True, slots=True)
class Given:
    """A link, or the first (1) or second (2) half of one, for the account `name`, to be shown once."""

    name: str
    link: str = ""
    half: int = 0


@require_http_methods(["GET", "HEAD", "POST"])
@for_right(Right.ADMINISTRATOR)
@when_sure
def overview(request: HttpRequest) -> HttpResponse:
    """Show the accounts and what waits for a second administrator; add an account, or approve what waits."""
    acts = {"add": _add, "approve": _approve}
    return _answer(request, acts, lambda **more: _list(request, **more))


@require_http_methods(["GET", "HEAD", "POST"])
@for_right(Right.ADMINISTRATOR)
@when_sure
def one(request: HttpRequest, account_id: int) -> HttpResponse:
    """Show an account; invite it anew, sign it out, close it, change its rights, ask for what takes two."""
    found = next((known for known in accounts.known() if known.id == account_id), None)
    if found is None:
        raise Http404
    acts = {name: partial(act, name=found.name) for name, act in _ACTS.items()}
    return _answer(request, acts, lambda **more: _single(request, account_id, **more))


Act = Callable[[HttpRequest], Given]
Page = Callable[..., HttpResponse]


def _answer(request: HttpRequest, acts: Mapping[str, Act], page: Page) -> HttpResponse:
    """What gives a link is shown at once; anything else leads back to the page."""
    if request.method != "POST":
        return page()
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        return HttpResponse(status=400)
    try:
        given = act(request)
    except AccountRefused as error:
        return page(faults=[account_words.refused(error.cause)])
    if given.link:
        return page(given=given)
    messages.success(request, account_words.done(request.POST["act"]))
    return redirect(request.path)


def _list(request: HttpRequest, **more: object) -> HttpResponse:
    shown = some(request, accounts.known())
    context: dict[str, object] = {
        "shown": shown,
        "numbers": numbers(shown),
        "accounts": [(known, account_words.rights(known), account_words.factors(known)) for known in shown],
        "waiting": [(found, account_words.wanted(found)) for found in four_eyes.waiting(now())],
        "name": request.POST.get("name", "")[:LONGEST],
    }
    if request.method != "POST":
        context["duties"] = duties(_key(request), request.user.get_username(), now())
    return render(request, "staff/accounts.html", context | more)


def _single(request: HttpRequest, account_id: int, **more: object) -> HttpResponse:
    found = next(known for known in accounts.known() if known.id == account_id)
    context = {
        "found": found,
        "rights": account_words.rights(found),
        "factors": account_words.factors(found),
        "own": account_id == request.user.pk,
        "by_one": [
            (right.value, account_words.right(right), right in rights.rights_of(account_id))
            for right in rights.BY_ONE
        ],
        "may_go": not found.administrator or four_eyes.able(without=account_id) >= LEAST,
    }
    return render(request, "staff/one_account.html", context | more)


def _add(request: HttpRequest) -> Given:
    name = request.POST.get("name", "")[: LONGEST + 1].strip()
    return Given(name, _link(accounts.add(name, by=_by(request), now=now())))


def _approve(request: HttpRequest) -> Given:
    name, half = four_eyes.approve(request.POST.get("request", "")[:32], by=_key(request), now=now())
    return Given(name, half, half=2 if half else 0)


def _invite(request: HttpRequest, name: str) -> Given:
    return Given(name, _link(four_eyes.invite(name, by=_by(request), now=now())))


def _close(request: HttpRequest, name: str) -> Given:
    by, key = _by(request), _key(request)
    four_eyes.close(name, by=by, administrator=key, now=now(), leaving=LEAST)
    return Given(name)


def _sessions(request: HttpRequest, name: str) -> Given:
    by, key = _by(request), _key(request)
    four_eyes.close(name, by=by, administrator=key, now=now(), sessions_only=True)
    return Given(name)


def _asking(wanted: Wanted) -> Callable[..., Given]:
    def ask(request: HttpRequest, name: str) -> Given:
        asked = four_eyes.ask(wanted, name, by=_key(request), now=now())
        return Given(name, _link(asked.half + accounts.BETWEEN).rstrip("/"), 1) if asked.half else Given(name)

    return ask


def _changing(change: Callable[..., None], right: Right) -> Callable[..., Given]:
    def act(request: HttpRequest, name: str) -> Given:
        change(name, right, by=_key(request), now=now())
        return Given(name)

    return act


_ACTS: Mapping[str, Callable[..., Given]] = {
    "invite": _invite,
    "close": _close,
    "sessions": _sessions,
    **{f"ask-{wanted}": _asking(wanted) for wanted in Wanted},
    **{f"give-{right}": _changing(rights.give, right) for right in rights.BY_ONE},
    **{f"take-{right}": _changing(rights.take, right) for right in rights.BY_ONE},
}


def _link(token: str) -> str:
    return f"{settings.PORTAL_URL.rstrip('/')}{reverse('staff:invited', args=[token])}"


def _key(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


def _by(request: HttpRequest) -> str:
    return accounts.named(_key(request))
