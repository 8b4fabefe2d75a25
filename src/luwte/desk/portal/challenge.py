"""Challenges for passkeys: made of the time, chance and a seal, so that nothing is kept for who only looks.

One that was answered well is remembered until it would be too old, and counts once. A wrong answer leaves
nothing: whoever sends many cannot push out what is remembered of others.
"""

from __future__ import annotations

import secrets
import struct
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils.crypto import constant_time_compare, salted_hmac

LASTS = timedelta(minutes=30)
"""As long as a page may lie open before it is used."""
_TIME = struct.Struct(">Q")
_RANDOM = 16
_SEAL = 32


def challenge(purpose: str, now: datetime) -> bytes:
    """Return a fresh challenge (56 bytes) for `purpose`: what it may be answered for, and by whom."""
    body = _TIME.pack(int(now.timestamp())) + secrets.token_bytes(_RANDOM)
    return body + _seal(purpose, body)


def ours(found: bytes, purpose: str, now: datetime) -> bool:
    """Return whether `found` is a challenge of ours for `purpose`, and young enough.

    Of one from later than now the clock ran ahead.
    """
    body, seal = found[:-_SEAL], found[-_SEAL:]
    if len(body) != _TIME.size + _RANDOM or not constant_time_compare(seal, _seal(purpose, body)):
        return False
    age = int(now.timestamp()) - _TIME.unpack_from(body)[0]
    return bool(0 <= age < LASTS.total_seconds())


def spend(found: bytes) -> bool:
    """Return whether a challenge of `ours` is answered for the first time; it counts no more from now on.

    Only once the answer was found to be signed.
    """
    return bool(cache.add(f"challenge-{found[-_SEAL:].hex()}", 1, LASTS.total_seconds()))


def _seal(purpose: str, body: bytes) -> bytes:
    return salted_hmac(
        "luwte.desk.portal.challenge", purpose.encode() + b"|" + body, algorithm="sha256"
    ).digest()
