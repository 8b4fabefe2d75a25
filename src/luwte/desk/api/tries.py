"""Tries to get a token that fail are counted by the place they come from, and bounded.

A secret of 256 bits cannot be guessed; this keeps whoever tries from filling the desk with work.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.http import HttpRequest

from luwte.desk.api.models import Tries
from luwte.desk.pages.address import address

LIMIT = 10
SPAN = timedelta(minutes=15)


def place_of(request: HttpRequest) -> str:
    """Return the mark of where a request comes from: a digest, so that no address is kept."""
    return sha256(f"luwte-api:{address(request)}".encode()).hexdigest()


def seconds_to_wait(place: str, now: datetime) -> int:
    """Return how long `place` must wait; 0 when it may try."""
    row = Tries.objects.filter(place=place, until__gt=now, failed__gte=LIMIT).first()
    return math.ceil((row.until - now).total_seconds()) if row else 0


@transaction.atomic
def count(place: str, now: datetime) -> None:
    """Count a try that failed; what was counted longer ago than the span counts no more."""
    Tries.objects.filter(until__lte=now).delete()
    row, _ = Tries.objects.select_for_update().get_or_create(
        place=place, defaults={"failed": 0, "until": now + SPAN}
    )
    row.failed += 1
    row.save()
