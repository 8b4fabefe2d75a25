"""Sessions of the staff: short, begun with a second factor, and over when anything about the account changes.

The session holds when it began, the epoch of the account then, and whether a second factor was shown. It
ends after half an hour without a request (SESSION_COOKIE_AGE), after a working day, and when the epoch has
moved on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase

from luwte.desk.accounts import accounts
from luwte.desk.pages.moment import now

STAMP = "staff"
LONGEST = timedelta(hours=8)
WITHOUT_FACTOR = timedelta(minutes=15)
"""Time to set up a second factor; nothing else is reachable."""


def begin(request: HttpRequest, user_id: int, *, factor: bool) -> None:
    """Bind the session to the account as it is now; `factor`: a second factor was shown."""
    epoch = accounts.of(user_id).epoch
    request.session[STAMP] = {"since": now().timestamp(), "epoch": epoch, "factor": factor}


def move_on(request: HttpRequest, epoch: int, *, factor: bool | None = None) -> None:
    """Keep this session when the others end, because it is the one that changed something."""
    stamp = request.session[STAMP]
    shown = stamp["factor"] if factor is None else factor
    request.session[STAMP] = stamp | {"epoch": epoch, "factor": shown}


def has_shown_factor(request: HttpRequest) -> bool:
    """Whether the session was begun with a second factor."""
    return bool(request.session.get(STAMP, {}).get("factor"))


def holds(request: HttpRequest) -> bool:
    """Whether the session of whoever is signed in is still theirs."""
    stamp = request.session.get(STAMP)
    if not isinstance(stamp, dict) or request.user.pk is None:
        return False
    longest = LONGEST if stamp["factor"] else WITHOUT_FACTOR
    if now().timestamp() - stamp["since"] >= longest.total_seconds():
        return False
    return bool(stamp["epoch"] == accounts.of(request.user.pk).epoch)


class Bound:
    """Middleware: signs out whoever's session is over, before any view sees them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer."""
        if request.user.is_authenticated and not holds(request):
            logout(request)
        return self._get_response(request)
