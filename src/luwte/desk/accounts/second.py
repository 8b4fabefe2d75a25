"""The second step of signing in, signing in with a passkey alone, and showing a second factor once more."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from luwte.desk.accounts import accounts
from luwte.desk.accounts.recording import failed_again, locked
from luwte.desk.accounts.whole import whole
from luwte.desk.pages.moment import now

scripted = method_decorator(csp_update({"script-src": [SELF]}), name="dispatch")
"""Passkeys are the one thing here that a browser does in a script; ours alone runs, on these pages alone."""


class Whole:
    """What a view writes and what is recorded of it go into one transaction."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and keep all of it or nothing."""
        with whole():
            answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
            return answer


@scripted
class SecondStep(Whole, AuthenticateView):  # type: ignore[misc]
    """Ask for a code, a recovery code or the passkey of whoever gave the right password."""

    template_name = "staff/second_step.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at the code unless too many failed: then it is wrong, whatever it is, and not used up."""
        if locked(request, self.stage.login.user.get_username()):
            self.form.add_error(None, "locked")
            return self.form_invalid(self.form)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """Count it as a wrong password counts."""
        failed_again(self.request, self.stage.login.user.get_username())
        answer: HttpResponse = super().form_invalid(form)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether this went wrong before, whichever way was tried, and whether there is a passkey."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        passkeys = accounts.has_passkey(self.stage.login.user.pk)
        return context | {"failed": self.request.method == "POST", "passkeys": passkeys}


@scripted
class Passkey(Whole, LoginWebAuthnView):  # type: ignore[misc]
    """Sign in with a passkey alone, which is two factors: the device, and what unlocks it."""

    template_name = "staff/passkey.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, with what the browser needs in it, so that it asks the desk nothing more."""
        return self._page(failed=False)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say the same whatever was wrong."""
        failed_again(self.request, "")
        return self._page(failed=True)

    def form_valid(self, form: Any) -> HttpResponse:
        """Let in whoever may come in with a password too, in a session of their own."""
        user = form.cleaned_data["credential"].user
        if not (user.is_active and user.is_staff and accounts.may_enter(user.pk, now())):
            return self.form_invalid(form)
        self.request.session.flush()
        answer: HttpResponse = super().form_valid(form)
        return answer

    def _page(self, *, failed: bool) -> HttpResponse:
        options = webauthn.begin_authentication(user=None)
        context = self.get_context_data(js_data={"request_options": options}, failed=failed)
        answer: HttpResponse = self.render_to_response(context)
        return answer


@scripted
class Again(Whole, ReauthenticateView):  # type: ignore[misc]
    """Ask for the second factor again before something that matters."""

    template_name = "staff/again.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As at sign-in: too many wrong codes, and none is looked at."""
        if locked(request, request.user.get_username()):
            form = self.get_form()
            form.add_error(None, "locked")
            return self.form_invalid(form)
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """Count it."""
        failed_again(self.request, self.request.user.get_username())
        answer: HttpResponse = super().form_invalid(form)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the browser what a passkey needs, on the same page."""
        options = webauthn.begin_authentication(self.request.user)
        added = {
            "js_data": {"request_options": options},
            "failed": self.request.method == "POST",
            "passkeys": accounts.has_passkey(self.request.user.pk),
        }
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | added


class AgainByPasskey(Whole, ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Take the passkey that the page before asked for."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page is that of the code."""
        return redirect(self.passthrough_next_url(reverse("mfa_reauthenticate")))

    def form_invalid(self, form: Any) -> HttpResponse:
        """Count it, and ask again."""
        failed_again(self.request, self.request.user.get_username())
        return redirect(self.passthrough_next_url(reverse("mfa_reauthenticate")))
