"""Who may see the pages of the staff, and the first step of signing in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from luwte.desk.accounts import accounts, bound, words
from luwte.desk.accounts.errors import InvitationSpent
from luwte.desk.accounts.rights import Right, rights_of
from luwte.desk.accounts.whole import whole
from luwte.desk.pages.moment import now

View = Callable[..., HttpResponseBase]
FIRST = {Right.ADMINISTRATOR: "staff:accounts", Right.AUDITOR: "staff:audit"}
"""The first page of who cares for nobody."""


def signed_in(view: View) -> View:
    """Let accounts of the staff in, ask others to sign in, and refuse accounts that are not of the staff."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


def with_factor(view: View) -> View:
    """As `signed_in`, and only with a second factor: who has none yet is led to setting one up."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not bound.has_shown_factor(request):
            return redirect("staff:account")
        return view(request, *args, **kwargs)

    return signed_in(guarded)


def for_right(*wanted: Right) -> Callable[[View], View]:
    """As `with_factor`, and only for accounts that have one of these rights now.

    Whoever signs in and may not see the work list is led to the first page that they may see.
    """

    def only(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            found = rights_of(request.user.pk or 0)
            if found.isdisjoint(wanted):
                return _elsewhere(request, found)
            return view(request, *args, **kwargs)

        return with_factor(guarded)

    return only


for_staff = for_right(Right.CARE)
"""For the pages that show people."""


def _elsewhere(request: HttpRequest, found: frozenset[Right]) -> HttpResponse:
    if request.path != reverse("staff:worklist"):
        raise PermissionDenied
    return redirect(next((FIRST[right] for right in FIRST if right in found), "staff:account"))


class SignIn(LoginView):
    """Take a name and a password, in a fresh session: who used the portal before in it is signed out."""

    template_name = "staff/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Begin a fresh session and go on to the second factor."""
        user = form.get_user()
        self.request.session.flush()
        login = Login(user=user, redirect_url=self.get_redirect_url() or None)
        answer = perform_password_login(self.request, {"username": user.get_username()}, login)
        return _plain(answer)


@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever was invited choose a password, once; a link that works no more says so and nothing else."""
    try:
        name, faults = accounts.invited(token, now()), []
        if request.method == "POST":
            return _enter(request, token)
    except InvitationSpent:
        return render(request, "staff/invitation_spent.html", status=404)
    except ValidationError as error:
        faults = words.password_faults(error)
    return render(request, "staff/invited.html", {"name": name, "faults": faults})


def chosen_password(request: HttpRequest) -> str:
    """Return the password that was typed twice. Raises `ValidationError` ("twice") when it differs."""
    first = request.POST.get("new_password", "")
    if first != request.POST.get("again", ""):
        raise ValidationError("", code="twice")
    return first


def _enter(request: HttpRequest, token: str) -> HttpResponse:
    with whole():
        user = accounts.use_invitation(token, chosen_password(request), now())
        request.session.flush()
        answer = perform_password_login(request, {"username": user.get_username()}, Login(user=user))
    return _plain(answer)


def _plain(answer: Any) -> HttpResponse:
    if not isinstance(answer, HttpResponse):
        raise TypeError
    return answer
