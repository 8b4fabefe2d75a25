"""Who may use a resource: whoever has a token with its scope, and sends what it takes."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from luwte.desk.api.bodies import Body, whole
from luwte.desk.api.problems import Refused
from luwte.desk.api.scopes import Scope
from luwte.desk.api.tokens import Caller, caller_of
from luwte.desk.pages import moment

JSON = "application/json"
LONGEST_TOKEN = 200
CHALLENGE = 'Bearer realm="luwte"'


@dataclass(frozen=True, slots=True)
class Allowed:
    """Lets in whoever has one of `scopes`; `body` is what the resource takes.

    Small documents are read here, so that what is wrong with the request is known before anything is done.
    """

    scopes: tuple[Scope, ...]
    body: Body | None = None

    def __call__(self, request: HttpRequest) -> Caller:
        """Return who calls. Raises `Refused`: 401, 403, 411, 413, 415 or 408."""
        caller = _caller(request)
        if not set(self.scopes) & set(caller.scopes):
            wanted = " ".join(self.scopes)
            challenge = f'{CHALLENGE}, error="insufficient_scope", scope="{wanted}"'
            raise Refused(403, headers={"WWW-Authenticate": challenge})
        if self.body is not None:
            self.body.check(request)
            if self.body.media_type == JSON:
                whole(request)
        return caller


def _caller(request: HttpRequest) -> Caller:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found = None
    if kind.lower() == "bearer" and 0 < len(token) <= LONGEST_TOKEN:
        found = caller_of(token, request, moment.now())
    if found is None:
        challenge = f'{CHALLENGE}, error="invalid_token"' if token else CHALLENGE
        raise Refused(401, headers={"WWW-Authenticate": challenge})
    return found
