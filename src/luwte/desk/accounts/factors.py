"""An account's own page: its second factors, recovery codes, password and other sessions."""

from __future__ import annotations

from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luwte.desk.accounts import accounts, bound, words
from luwte.desk.accounts.entry import View, chosen_password, signed_in, with_factor
from luwte.desk.accounts.second import Whole, scripted
from luwte.desk.accounts.whole import whole
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.desk.pages.moment import now


def sure(view: View) -> View:
    """Ask for a second factor first, unless it was shown just now.

    allauth would keep what was sent meanwhile in the session, passwords too; here it is sent again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if is_reauthentication_required(request, app="allauth.mfa"):
            return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.path})}")
        return view(request, *args, **kwargs)

    return guarded


def when_sure(view: View) -> View:
    """The same where something is sent; a page is shown without it."""
    guarded = sure(view)

    @wraps(view)
    def page(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        return (guarded if request.method == "POST" else view)(request, *args, **kwargs)

    return page


own = method_decorator(signed_in, name="dispatch")
again = method_decorator(sure, name="dispatch")


@own
class Overview(Whole, IndexView):  # type: ignore[misc]
    """Show what the account signs in with; before the first second factor, how to set one up."""

    template_name = "staff/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how many recovery codes are left, and whether the account may go on."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        codes = context["authenticators"].get(Authenticator.Type.RECOVERY_CODES)
        context["left"] = len(codes.get_unused_codes()) if codes else 0
        context["ready"] = bound.has_shown_factor(self.request)
        return context


@own
@again
class AddApp(Whole, ActivateTOTPView):  # type: ignore[misc]
    """Set up an app that shows codes: a picture to scan, a key to type, and the first code to prove it."""

    template_name = "staff/app.html"


@own
@again
@scripted
class AddPasskey(Whole, AddWebAuthnView):  # type: ignore[misc]
    """Make a passkey in the browser."""

    template_name = "staff/passkey_add.html"


@own
@again
class RemoveApp(Whole, DeactivateTOTPView):  # type: ignore[misc]
    """Forget the app, when another second factor stays."""

    template_name = "staff/factor_remove.html"


@own
@again
class RemovePasskey(Whole, RemoveWebAuthnView):  # type: ignore[misc]
    """Forget a passkey, when another second factor stays."""

    template_name = "staff/factor_remove.html"
    success_url = reverse_lazy("staff:account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the passkey."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"passkey": self.object.wrap().name}

    def form_valid(self, form: Any) -> HttpResponse:
        """Refuse the last one."""
        if not get_adapter().can_delete_authenticator(self.object):
            form.add_error(None, "last")
            answer: HttpResponse = self.form_invalid(form)
            return answer
        done: HttpResponse = super().form_valid(form)
        return done


@own
@again
class Codes(Whole, ViewRecoveryCodesView):  # type: ignore[misc]
    """Show the recovery codes, once."""

    template_name = "staff/codes.html"


@own
@again
class NewCodes(Whole, GenerateRecoveryCodesView):  # type: ignore[misc]
    """Make new recovery codes in place of the old ones."""

    template_name = "staff/codes_new.html"


@with_factor
@sure
def password(request: HttpRequest) -> HttpResponse:
    """Change the password; every other session of the account ends."""
    faults: list[str] = []
    if request.method == "POST":
        try:
            with whole():
                return _change_password(request)
        except ValidationError as error:
            faults = words.password_faults(error)
    return render(request, "staff/password.html", {"faults": faults})


@require_POST
@with_factor
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session of this account but this one."""
    with whole():
        by = accounts.named(_user(request).pk)
        DESK.record(Act.SESSIONS_ENDED, now(), by=by, about=by)
        bound.move_on(request, accounts.end_sessions(_user(request).pk))
    messages.success(request, _("You are signed out in other places."))
    return redirect("staff:account")


def _change_password(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    if not user.check_password(request.POST.get("password", "")):
        raise ValidationError("", code="wrong")
    chosen = chosen_password(request)
    validate_password(chosen, user)
    accounts.set_password(user, chosen, now())
    stamp = request.session[bound.STAMP]
    update_session_auth_hash(request, user)
    request.session[bound.STAMP] = stamp
    bound.move_on(request, accounts.of(user.pk).epoch)
    messages.success(request, _("Your password is changed. You are signed out in other places."))
    return redirect(reverse("staff:account"))


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError
    return request.user
