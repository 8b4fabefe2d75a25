"""Requests that come again: the Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header-07).

    reserved -> answered

The key is reserved in one transaction; the act and its answer are kept together in a second one. A process
that dies between the two leaves a reservation whose lease ends, and whoever sends the request again runs it.
A request that was refused keeps nothing: the same one is judged anew.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.http import HttpRequest

from luwte.base.faults import fault_point
from luwte.base.ids import new_id
from luwte.desk.api.models import Kept
from luwte.desk.api.problems import Refused
from luwte.desk.audit.actors import acting

HEADER = "Idempotency-Key"
LEASE = timedelta(minutes=5)
"""Longer than any act takes."""
REPEAT_POINTS = ("api.reserved", "api.acted", "api.kept")
_KEY = re.compile(r'"([A-Za-z0-9._~:-]{8,64})"')


@dataclass(frozen=True, slots=True)
class Done:
    """What an act is answered: status, document and the address of the resource."""

    status: int
    document: dict[str, object]
    location: str


def key_of(request: HttpRequest) -> str | None:
    """Return the key that came with a request, None without one. Raises `Refused` (400)."""
    text = request.headers.get(HEADER)
    if text is None:
        return None
    if (found := _KEY.fullmatch(text)) is None:
        raise Refused(
            400,
            "An Idempotency-Key is 8 to 64 letters, digits and -._~: in double quotes.",
            name="idempotency-key",
        )
    return found[1]


def once(client: str, key: str | None, fingerprint: str, act: Callable[[], Done], now: datetime) -> Done:
    """Do `act` in one transaction, as done by `client`, or return its answer of before under this `key`.

    `fingerprint` (64 hex) stands for the whole request. Raises `Refused`: 409 while another works on it, 422
    when the key came with another request.
    """
    by = f"client:{client}"
    if key is None:
        with acting(lambda: by), transaction.atomic():
            return act()
    row = _reserve(client, key, fingerprint, now)
    if row.status:
        return Done(row.status, row.answer, row.location)
    fault_point("api.reserved")
    try:
        with acting(lambda: by), transaction.atomic():
            done = act()
            fault_point("api.acted")
            _keep(row, done)
    except BaseException:
        Kept.objects.filter(pk=row.pk, lease=row.lease, status=0).delete()
        raise
    fault_point("api.kept")
    return done


@transaction.atomic
def _reserve(client: str, key: str, fingerprint: str, now: datetime) -> Kept:
    mine = {"fingerprint": fingerprint, "lease": new_id(), "lease_until": now + LEASE, "made": now}
    row, new = Kept.objects.get_or_create(client_id=client, key=key, defaults=mine)
    if new:
        return row
    row = Kept.objects.select_for_update().get(pk=row.pk)
    if row.fingerprint != fingerprint:
        raise Refused(422)
    if row.status == 0:
        if row.lease_until > now:
            wait = math.ceil((row.lease_until - now).total_seconds())
            raise Refused(409, headers={"Retry-After": str(wait)})
        row.lease, row.lease_until = new_id(), now + LEASE
        row.save()
    return row


def _keep(row: Kept, done: Done) -> None:
    """What another took over meanwhile is not done twice: the act goes back."""
    mine = Kept.objects.filter(pk=row.pk, lease=row.lease, status=0)
    if not mine.update(status=done.status, answer=done.document, location=done.location):
        raise Refused(409)
