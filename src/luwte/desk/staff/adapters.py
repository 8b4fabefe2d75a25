"""How allauth fits the desk: no sign-up, no e-mail, no messages of its own; secrets are sealed."""

from __future__ import annotations

import base64
import hashlib
import time

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from luwte.crypto.envelope import EnvelopeBroken, open_envelope, seal
from luwte.desk.pages.address import address
from luwte.desk.staff import accounts

PLACE = "mfa.authenticator.data"
KEY_ID = "desk"


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitation alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def get_login_stages(self) -> list[str]:
        """After the password comes the second factor, and nothing that needs e-mail or a telephone."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return where the request comes from."""
        return address(request)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Say no more than for a wrong password."""
        return redirect("staff:sign_in")

    def add_message(self, *_: object, **__: object) -> None:
        """The pages say themselves what happened."""

    def is_reauthentication_required(self, *, app: str, **_: object) -> bool:
        """Whether a second factor is asked for again: not for some minutes, nor when there is none."""
        user = self.request.user
        if not accounts.has_factor(user.pk):
            return False
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        shown = [one for one in get_authentication_records(self.request, user) if one["method"] == "mfa"]
        return not any(one["at"] > since for one in shown)


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors under a name that says nothing, with their secrets sealed."""

    def get_totp_issuer(self) -> str:
        """Return what stands in an app that others may see."""
        return str(settings.MFA_TOTP_ISSUER)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the desk as the browser shows it when a passkey is made."""
        found: dict[str, str] = super().get_public_key_credential_rp_entity()
        return found | {"name": self.get_totp_issuer()}

    def build_totp_svg(self, url: str) -> str:
        """Return `url` as a QR code in SVG, without a script or a style in it."""
        drawn = segno.make(url, error="m", micro=False)
        return str(drawn.svg_inline(scale=5, border=4, light="#fff", svgclass="lw-qr", lineclass=None))

    def encrypt(self, text: str) -> str:
        """Return `text` sealed under a key that comes from the desk's secret, which is in no database."""
        return base64.b64encode(seal(KEY_ID, _key(), text.encode(), PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what was sealed; when the desk's secret is another one, a secret that no code fits."""
        try:
            return _opened(encrypted_text)
        except EnvelopeBroken:
            return str(generate_totp_secret())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether another second factor stays when this one goes."""
        codes = Authenticator.Type.RECOVERY_CODES
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=codes).exists())

    def _get_user_identifier(self, user: User | AnonymousUser) -> str:
        return str(user.get_username())


def opens(factor: Authenticator) -> bool:
    """Return whether a factor can still be used: what was sealed under another secret cannot."""
    sealed = factor.data.get("secret") or factor.data.get("seed")
    try:
        return sealed is None or bool(_opened(sealed))
    except EnvelopeBroken:
        return False


def _opened(sealed: str) -> str:
    return open_envelope({KEY_ID: _key()}, base64.b64decode(sealed), PLACE).decode()


def _key() -> bytes:
    return hashlib.sha256(f"{PLACE}|{settings.SECRET_KEY}".encode()).digest()
