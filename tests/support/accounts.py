"""Accounts of the staff as tests need them: with an app, recovery codes, and signed in as the pages do it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import User
from django.test import Client

from luwte.desk.accounts.models import Account

PASSWORD = "een-lang-wachtwoord-voor-de-proef"
SIGN_IN = "/staff/sign-in/"
_FOLDER = tempfile.TemporaryDirectory(prefix="luwte-secrets-")
_numbers = count()


def by(name: str, code: str, password: str = PASSWORD) -> tuple[str, ...]:
    """Return the options by which a command is given under the account `name`."""
    file = Path(_FOLDER.name) / str(next(_numbers))
    file.write_text(f"{password}\n{code}\n")
    return "--by", name, "--secrets", str(file)


class Worker:
    """An account with a password and, if asked for, an app and recovery codes."""

    def __init__(self, name: str = "zorg", *, app: bool = True, administrator: bool = False) -> None:
        self.name = name
        self.user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
        self.secret = generate_totp_secret()
        self.codes: Iterator[str] = iter(())
        if administrator:
            Account.objects.update_or_create(pk=self.user.pk, defaults={"administrator": True})
        if app:
            TOTP.activate(self.user, self.secret)
            self.codes = iter(RecoveryCodes.activate(self.user).generate_codes())

    def code(self, step: int = 0) -> str:
        """Return the code that the app shows, or showed `step` half minutes ago (negative) or will show."""
        return shown_by(self.secret, step)

    def by(self) -> tuple[str, ...]:
        """Return the options by which a command is given under this account, with a fresh recovery code."""
        return by(self.name, next(self.codes))

    def enter(self, client: Client | None = None) -> Client:
        """Sign in with the password and a recovery code; return the browser."""
        client = client or Client()
        answer = client.post(SIGN_IN, {"username": self.name, "password": PASSWORD})
        assert answer["Location"] == "/staff/sign-in/code/"
        answer = client.post("/staff/sign-in/code/", {"code": next(self.codes)})
        assert answer["Location"] == "/staff/"
        return client

    def enter_first(self) -> Client:
        """Sign in with the password alone, as before there is a second factor."""
        client = Client()
        client.post(SIGN_IN, {"username": self.name, "password": PASSWORD})
        return client


def shown_by(secret: str, step: int = 0) -> str:
    """Return the code that an app with `secret` shows (RFC 6238)."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step)))
