"""Who may see which page of casework."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from luwte.desk.accounts.accounts import named
from luwte.desk.accounts.entry import View, with_factor
from luwte.desk.casework import roles
from luwte.desk.casework.roles import Role


def for_role(*allowed: Role) -> Callable[[View], View]:
    """Let accounts in that have a second factor and one of the roles `allowed`, and refuse others."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not mine(request) & set(allowed):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return with_factor(guarded)

    return decorate


def mine(request: HttpRequest) -> frozenset[Role]:
    """Return the roles of whoever asks."""
    return roles.of(account(request).pk)


def account(request: HttpRequest) -> User:
    """Return the account that asks; a view that has let it in before calls this."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def who(request: HttpRequest) -> str:
    """Return the account that asks, as the record names it."""
    return named(account(request).pk)
