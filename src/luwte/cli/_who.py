"""Who acts at the command line when it must be known: an account, its password and second factor.

Password and code are asked for, or read from a file: an argument would stand in the list of processes and in
the history of the shell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TextIO, TypeVar

import click

from luwte.base.errors import BadInput

R = TypeVar("R")
LONGEST = 1_000
"""Characters of a line of a file with a password and a code."""
BY = click.option("--by", "account", required=True, help="Your account at the desk.")
BY_OR_NOBODY = click.option(
    "--by", "account", help="Your account at the desk; needed once an account has a second factor."
)
NAME_OR_BY = click.option(
    "--by", "account", required=True, help="Your account; a name, until an account has a second factor."
)
SECRETS = click.option(
    "--secrets",
    type=click.File(),
    help="A file with the account's password on its first line and a code on the second (- for standard "
    "input); without it both are asked for.",
)


def with_account(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `who` takes: `account` and `secrets`."""
    return BY(SECRETS(command))


def by_account(act: Callable[..., R]) -> Callable[..., R]:
    """Let what the command does be recorded as done by an account, once there is one that can say so.

    Before that, and in a process of the vault, which has no accounts, it is done by `command`. Goes inside
    the decorators that set the desk up.
    """

    @BY_OR_NOBODY
    @SECRETS
    @wraps(act)
    def run(account: str | None, secrets: TextIO | None, **named: Any) -> R:
        with acting_by(account, secrets):
            return act(**named)

    return run


def by_name_or_account(act: Callable[..., R]) -> Callable[..., R]:
    """Give the command `by`, the name that is kept with what it does: of an account, once one can say so.

    Before that it is a name that somebody typed. Goes inside the decorators that set the desk up.
    """

    @NAME_OR_BY
    @SECRETS
    @wraps(act)
    def run(account: str, secrets: TextIO | None, **named: Any) -> R:
        with signing_by(account, secrets):
            return act(by=account, **named)

    return run


@contextmanager
def acting_by(account: str | None, secrets: TextIO | None) -> Iterator[str | None]:
    """Let what is done inside be done by `account`; gives how the record names it, None before accounts.

    Raises `BadInput` when an account is needed and none is given, and as `who` does.
    """
    from luwte.desk.audit.actors import acting

    if account is None and not accounts_can_say():
        yield None
        return
    if account is None:
        raise BadInput("This is done under an account of the desk. Say which with --by.")
    by = staff_account(account, secrets)
    with acting(lambda: by):
        yield by


@contextmanager
def signing_by(account: str, secrets: TextIO | None) -> Iterator[str | None]:
    """As `acting_by`; before there are accounts that can say so, `account` is a name that somebody typed."""
    with acting_by(account if accounts_can_say() else None, secrets) as by:
        yield by


def accounts_can_say() -> bool:
    """Whether this process knows accounts, and one of them has a second factor that shows codes.

    Casework knows those of its pages, once it has pages. Raises as `require_ready` when they cannot be read.
    """
    from django.conf import settings

    from luwte.desk.project import ready
    from luwte.desk.project.worlds import World

    if settings.WORLD == World.CASEWORK and ready.pages_stand():
        ready.require_ready(pages=True)
    elif settings.WORLD != World.TELLING:
        return False
    from luwte.desk.accounts.accounts import some_show_codes

    return some_show_codes()


def who(account: str, secrets: TextIO | None) -> int:
    """Return the primary key of the account that acts; its password and code are read or asked for.

    Raises `BadInput`, the same for a wrong name, password or code, and when too many tries failed. A code
    works once.
    """
    from django.contrib.auth.models import User

    from luwte.desk.accounts.whole import whole

    password, code = _given(secrets)
    with whole():
        user = User.objects.filter(username=account, is_active=True, is_staff=True).first()
        found = user if _right(user, account, password) and _shown(user, code) else None
        _record(found, account)
    if found is None:
        raise BadInput(
            "This account, password and code do not belong together, or too many tries failed. Try again; "
            "after five that failed, in a quarter of an hour."
        )
    return int(found.pk)


def staff_account(account: str, secrets: TextIO | None) -> str:
    """Return the account that acts, as the record names it. Raises `BadInput`, as `who` does."""
    from luwte.desk.accounts.accounts import named

    return named(who(account, secrets))


def _given(secrets: TextIO | None) -> tuple[str, str]:
    if secrets is None:
        return (
            click.prompt("Password", hide_input=True, err=True),
            click.prompt("Code of your app, or a recovery code", err=True),
        )
    try:
        password, code = (secrets.readline(LONGEST).rstrip("\r\n") for _ in range(2))
    except UnicodeDecodeError:
        password = code = ""
    if not password or not code:
        raise BadInput(
            f"The file of --secrets ({secrets.name}) has not two lines of text. Write the password on the "
            "first and a code on the second."
        )
    return password, code


def _right(user: Any, account: str, password: str) -> bool:
    """Hashes first, as the page does: neither a lock nor an unknown name is quicker."""
    from django.contrib.auth.hashers import check_password, make_password

    from luwte.desk.accounts.recording import Terminal, locked

    if user is None:
        make_password(password)
        return False
    return check_password(password, user.password) and not locked(Terminal(), account)


def _shown(user: Any, code: str) -> bool:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.signals import authenticator_used

    for factor in Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.WEBAUTHN):
        if factor.wrap().validate_code(code):
            authenticator_used.send(__name__, user=user, authenticator=factor, reauthenticated=True)
            return True
    return False


def _record(found: Any, account: str) -> None:
    from luwte.desk.accounts.recording import Terminal, failed_again

    if found is None:
        failed_again(Terminal(), account)
