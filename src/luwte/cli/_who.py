"""Who acts at the command line when it must be known: an account, its password and second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from luwte.base.errors import BadInput

BY = click.option("--by", "account", required=True, help="Your account at the desk.")
PASSWORD = click.password_option(confirmation_prompt=False, help="Of that account; asked for when not given.")
CODE = click.option("--code", prompt=True, help="Of your app, or a recovery code; asked for when not given.")


def with_account(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `who` takes: `account`, `password`, `code`."""
    return BY(PASSWORD(CODE(command)))


def who(account: str, password: str, code: str) -> int:
    """Return the primary key of the account that acts.

    Raises `BadInput`, the same for a wrong name, password or code. A code works once.
    """
    from django.contrib.auth.models import User
    from django.db import transaction

    with transaction.atomic():
        user = User.objects.filter(username=account, is_active=True, is_staff=True).first()
        found = user if _right(user, password) and user is not None and _shown(user, code) else None
        _record(found, account)
    if found is None:
        raise BadInput("This account, password and code do not belong together. Try again.")
    return int(found.pk)


def staff_account(account: str, password: str, code: str) -> str:
    """Return the account that acts, as the record names it. Raises `BadInput`, as `who` does."""
    return f"staff:{who(account, password, code)}"


def _right(user: Any, password: str) -> bool:
    from django.contrib.auth.hashers import check_password, make_password

    if user is None:
        make_password(password)  # so that an unknown name takes as long
        return False
    return check_password(password, user.password)


def _shown(user: Any, code: str) -> bool:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.signals import authenticator_used

    for factor in Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN):
        if factor.wrap().validate_code(code):
            authenticator_used.send(__name__, user=user, authenticator=factor, reauthenticated=True)
            return True
    return False


def _record(found: Any, account: str) -> None:
    from django.contrib.auth.signals import user_login_failed

    if found is None:
        user_login_failed.send(__name__, credentials={"username": account}, request=None)
