"""Who may use the interface: machines of agencies, each with a secret that is shown once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from luwte.desk.api.errors import ClientUnknown, ClientUnusable
from luwte.desk.api.models import Client, Token
from luwte.desk.api.scopes import scopes_from
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK

LONGEST = 200
SECRET_BYTES = 32


def digest(secret: str) -> str:
    """Return what is kept of a secret or token: its SHA-256 (hex). Both are 256 random bits, so no salt."""
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def add(name: str, scopes: Iterable[str], now: datetime, *, certificate: str = "") -> tuple[Client, str]:
    """Add a client and return it with its secret, which nobody can show again.

    `name` is that of the agency and its machine; `certificate` the SHA-256 (hex) of the certificate that it
    must show. Raises `ClientUnusable` or `ScopeUnknown`.
    """
    name, certificate = name.strip(), certificate.replace(":", "").lower()
    if not name or len(name) > LONGEST or not name.isprintable():
        raise ClientUnusable(f"A client is named by 1 to {LONGEST} printable characters.")
    if certificate and not re.fullmatch(r"[0-9a-f]{64}", certificate):
        raise ClientUnusable(
            "This is no SHA-256 of a certificate. Give 64 hexadecimal digits, as "
            "`openssl x509 -noout -fingerprint -sha256` prints them."
        )
    secret = secrets.token_urlsafe(SECRET_BYTES)
    client = Client.objects.create(
        name=name,
        secret=digest(secret),
        scopes=" ".join(scopes_from(scopes)),
        certificate=certificate,
        added=now,
    )
    DESK.record(Act.CLIENT_ADDED, now, by=actor(), about=client.id, scopes=client.scopes)
    return client, secret


def known() -> list[Client]:
    """Return every client, also those that ended, the oldest first."""
    return list(Client.objects.order_by("added", "id"))


def current(client_id: str) -> Client:
    """Return a client that may come. Raises `ClientUnknown`."""
    found = Client.objects.filter(pk=client_id, ended=None).first()
    if found is None:
        raise ClientUnknown(
            f"There is no client {client_id!r}. `luwte desk client list` shows which there are."
        )
    return found


@transaction.atomic
def end(client_id: str, now: datetime) -> Client:
    """End a client and its tokens at once; what it delivered stays. Raises `ClientUnknown`."""
    client = current(client_id)
    client.ended = now
    client.save()
    client.hooks.filter(ended=None).update(ended=now, ended_why="client ended")
    Token.objects.filter(client=client).delete()
    DESK.record(Act.CLIENT_ENDED, now, by=actor(), about=client.id)
    return client
