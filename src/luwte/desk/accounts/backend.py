"""Whether a name and a password belong together, with the same work whatever the answer."""

from __future__ import annotations

from typing import Any

from axes.backends import AxesStandaloneBackend
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.http import HttpRequest

from luwte.desk.accounts import accounts
from luwte.desk.pages.moment import now


class Staff(AxesStandaloneBackend, ModelBackend):  # type: ignore[misc]
    """Signs in active accounts of the staff that have a second factor or may still set one up.

    The password is hashed before the lock is looked at: neither a lock nor an unknown name is quicker.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """Return the account, or None. Raises axes' `PermissionDenied` when name and address are locked."""
        found = ModelBackend.authenticate(self, request, username=username, password=password)
        AxesStandaloneBackend.authenticate(self, request, username=username, password=password)
        return found if isinstance(found, User) and _may_enter(found) else None


def _may_enter(user: User) -> bool:
    return user.is_staff and accounts.may_enter(user.pk, now())
