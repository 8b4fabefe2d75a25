"""What the head of each page of the staff may use: which pages this account has."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from luwte.desk.accounts import bound
from luwte.desk.accounts.rights import rights_of


def menu(request: HttpRequest) -> dict[str, Any]:
    """Return the rights of whoever signed in with a second factor; asked for only where a page uses them.

    Casework has pages of its own, and none of these.
    """
    if settings.CASEWORK:
        return {}
    return {"may": SimpleLazyObject(lambda: _rights(request))}


def _rights(request: HttpRequest) -> dict[str, bool]:
    if request.user.pk is None or not bound.has_shown_factor(request):
        return {}
    return {right.value: True for right in rights_of(request.user.pk)}
