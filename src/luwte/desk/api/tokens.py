"""Tokens: the client credentials grant of OAuth 2.0 (RFC 6749, section 4.4), short, kept as digests."""

from __future__ import annotations

import secrets
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from urllib.parse import unquote_plus

from django.db import transaction
from django.http import HttpRequest

from luwte.desk.api import tries
from luwte.desk.api.certificates import shown
from luwte.desk.api.clients import digest
from luwte.desk.api.errors import ScopeUnknown
from luwte.desk.api.models import Client, Token
from luwte.desk.api.problems import Refused
from luwte.desk.api.scopes import Scope, scopes_from

LASTS = timedelta(minutes=10)
TOKENS_AT_ONCE = 100
"""So many tokens of one client hold at a time."""
_NOBODY = digest("")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the id of the client and what its token allows."""

    client: str
    scopes: tuple[Scope, ...]


def issue(request: HttpRequest, form: Mapping[str, str], now: datetime) -> tuple[str, tuple[Scope, ...]]:
    """Return a new token and its scopes for whoever shows a client's id and secret. Raises `Refused`."""
    if form.get("grant_type") != "client_credentials":
        raise _refused(400, "unsupported_grant_type", "The grant_type here is client_credentials.")
    place = tries.place_of(request)
    if wait := tries.seconds_to_wait(place, now):
        raise Refused(429, headers={"Retry-After": str(wait)}, error="invalid_client")
    client = _client(*_credentials(request, form), shown(request))
    if client is None:
        tries.count(place, now)
        raise _refused(401, "invalid_client", "This id and secret belong to no client.", "Basic")
    return _made(client, _asked(client, form.get("scope", "")), now)


def caller_of(token: str, request: HttpRequest, now: datetime) -> Caller | None:
    """Return who calls with `token`, None when it does not hold (any more)."""
    row = Token.objects.select_related("client").filter(digest=digest(token), expires__gt=now).first()
    if row is None or row.client.ended is not None or not _bound(row.client, shown(request)):
        return None
    return Caller(row.client_id, scopes_from(row.scopes.split()))


def _made(client: Client, scopes: tuple[Scope, ...], now: datetime) -> tuple[str, tuple[Scope, ...]]:
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        Client.objects.select_for_update().get(pk=client.pk)
        Token.objects.filter(client=client, expires__lte=now).delete()
        if client.tokens.count() >= TOKENS_AT_ONCE:
            raise Refused(429, "This client has too many tokens. Use one until it expires.",
                          headers={"Retry-After": "60"}, error="invalid_request")  # fmt: skip
        Token.objects.create(
            digest=digest(token), client=client, scopes=" ".join(scopes), expires=now + LASTS
        )
    return token, scopes


def _asked(client: Client, words: str) -> tuple[Scope, ...]:
    """Less than the client may have can be asked for, never more."""
    own = scopes_from(client.scopes.split())
    if not words:
        return own
    try:
        wanted = scopes_from(words.split())
    except ScopeUnknown:
        wanted = ()
    if not wanted or not set(wanted) <= set(own):
        raise _refused(400, "invalid_scope", "This client may not have that scope.")
    return wanted


def _credentials(request: HttpRequest, form: Mapping[str, str]) -> tuple[str, str]:
    """RFC 6749, section 2.3.1: by HTTP Basic, or in the form; never both."""
    header = request.headers.get("Authorization", "")
    if not header:
        return form.get("client_id", ""), form.get("client_secret", "")
    if "client_secret" in form:
        raise _refused(400, "invalid_request", "Show the secret once: in the header or in the form.")
    kind, _, value = header.partition(" ")
    try:
        name, _, secret = b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return (unquote_plus(name), unquote_plus(secret)) if kind.lower() == "basic" else ("", "")


def _client(client_id: str, secret: str, certificate: str) -> Client | None:
    """An unknown id and a wrong secret take the same way."""
    known = None
    if client_id.isascii() and client_id.isalnum() and len(client_id) == 32:
        known = Client.objects.filter(pk=client_id, ended=None).first()
    right = compare_digest(digest(secret), known.secret if known else _NOBODY) and known is not None
    return known if right and known is not None and _bound(known, certificate) else None


def _bound(client: Client, certificate: str) -> bool:
    return not client.certificate or compare_digest(client.certificate, certificate)


def _refused(status: int, error: str, sentence: str, scheme: str = "") -> Refused:
    """RFC 6749, section 5.2, and problem details in one: `error` stands beside `type`."""
    headers = {"WWW-Authenticate": f'{scheme} realm="luwte"'} if scheme else {}
    name = error.replace("_", "-")
    return Refused(status, sentence, name=name, headers=headers, error=error, error_description=sentence)
