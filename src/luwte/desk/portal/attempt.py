"""One attempt to sign in through the broker: what must come back, in a cookie of its own.

The session's cookie does not come along when another site leads back to the desk (SameSite=Strict), so an
attempt has one that does (Lax), for some minutes. It is signed, and says nothing of anybody.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

LASTS = timedelta(minutes=15)
"""Time to find the telephone with the app, and to sign in there."""
_SALT = "luwte.portal.attempt"


@dataclass(frozen=True, slots=True)
class Attempt:
    """`state` comes back with the answer, `nonce` in the token; `verifier` fetches the token.

    `begun`: when, in seconds since 1970.
    """

    state: str
    nonce: str
    verifier: str
    begun: float

    @classmethod
    def new(cls, now: datetime) -> Attempt:
        """Return an attempt with values that nobody can guess."""
        state, nonce, verifier = (secrets.token_urlsafe(size) for size in (32, 32, 64))
        return cls(state, nonce, verifier, now.timestamp())

    def put(self, response: HttpResponse) -> None:
        """Let the browser keep the attempt, in place of any other."""
        content = signing.dumps([self.state, self.nonce, self.verifier, self.begun], salt=_SALT)
        response.set_cookie(
            settings.ATTEMPT_COOKIE_NAME,
            content,
            max_age=LASTS,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )


def attempt_of(request: HttpRequest, now: datetime) -> Attempt | None:
    """Return the attempt of this browser to which the answer in `request` belongs, or None."""
    try:
        attempt = Attempt(*signing.loads(request.COOKIES.get(settings.ATTEMPT_COOKIE_NAME, ""), salt=_SALT))
        lasted = now.timestamp() - attempt.begun
    except (signing.BadSignature, ValueError, TypeError):
        return None
    fits = constant_time_compare(attempt.state, request.GET.get("state", ""))
    return attempt if fits and 0 <= lasted < LASTS.total_seconds() else None


def end(response: HttpResponse) -> None:
    """Let the browser forget the attempt: an answer counts once."""
    response.delete_cookie(settings.ATTEMPT_COOKIE_NAME, samesite="Lax")
