"""Webhooks: where clients want to be told. Whoever is at the address must agree first.

The agreement is the handshake of "HTTP 1.1 Web Hooks for Event Delivery" (CloudEvents). What is sent is
signed as Standard Webhooks says, with the house's own Ed25519 key, so there is no secret that could leak.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime

from django.conf import settings
from django.db import transaction

from luwte.desk.api import clients
from luwte.desk.api.errors import ClientUnknown, ClientUnusable
from luwte.desk.api.models import Hook, Notice
from luwte.desk.api.scopes import Scope
from luwte.desk.api.sending import AddressUnusable, NotReached, request
from luwte.desk.audit.actors import actor
from luwte.desk.audit.acts import Act
from luwte.desk.audit.desk import DESK
from luwte.exchange.home import Home


def add(client_id: str, address: str, now: datetime) -> Hook:
    """Let a client be told at `address` of what comes in from now on, once it agreed; return the hook.

    Raises `ClientUnknown`, `ClientUnusable` without the scope, or `AddressUnusable`.
    """
    client = clients.current(client_id)
    if Scope.EVENTS not in client.scopes.split():
        raise ClientUnusable(f"This client may not read what came in. It needs the scope {Scope.EVENTS}.")
    _agreed(address)
    with transaction.atomic():
        last = Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        hook = Hook.objects.create(client=client, address=address, position=last, added=now)
        DESK.record(Act.HOOK_ADDED, now, by=actor(), about=hook.id, client=client.id)
    return hook


def known() -> list[Hook]:
    """Return every hook, also those that ended, the oldest first."""
    return list(Hook.objects.select_related("client").order_by("added", "id"))


@transaction.atomic
def end(hook_id: str, why: str, now: datetime) -> None:
    """End a hook: nothing more is sent there. Raises `ClientUnknown`."""
    if not Hook.objects.filter(pk=hook_id, ended=None).update(ended=now, ended_why=why, lease=""):
        raise ClientUnknown(
            f"There is no webhook {hook_id!r}. `luwte desk client hooks` shows which there are."
        )
    DESK.record(Act.HOOK_ENDED, now, by=actor(), about=hook_id, why=why)


def origin() -> str:
    """Return the name by which this desk asks whether it may send."""
    return str(settings.ALLOWED_HOSTS[0])


def public_key() -> str:
    """Return the key that receivers check signatures with, as Standard Webhooks writes it."""
    return f"whpk_{b64encode(Home.open().identity.public.signing).decode()}"


def signature(event: str, seconds: int, body: bytes) -> str:
    """Return the signature over an event that is sent at `seconds` since 1970 (Standard Webhooks, v1a)."""
    signed = Home.open().identity.sign(f"{event}.{seconds}.".encode() + body)
    return f"v1a,{b64encode(signed).decode()}"


def _agreed(address: str) -> None:
    try:
        answer = request("OPTIONS", address, b"", {"WebHook-Request-Origin": origin()})
    except (NotReached, OSError):
        raise AddressUnusable("Nobody answers there. See that the receiver runs, and try again.") from None
    allowed = answer.headers.get("webhook-allowed-origin", "")
    if not 200 <= answer.status < 300 or allowed not in ("*", origin()):
        raise AddressUnusable(
            f"The receiver did not agree. It must answer OPTIONS with WebHook-Allowed-Origin: {origin()}."
        )
