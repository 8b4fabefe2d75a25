"""How many tries to come in failed from one place: a few rows, however many places there are.

Places share counters: each belongs to one of a thousand by a keyed digest, so the table stays small whoever
asks. Guessing is bounded by the limit for each number, in the vault; this one keeps a single place from
trying many numbers. A passkey cannot be guessed, and is not held up.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from luwte.desk.pages.address import address

COUNTERS = 1_024
MOST = 30
WITHIN = timedelta(minutes=15)
"""Since the last one that failed."""


def too_many(request: HttpRequest) -> bool:
    """Return whether too many tries failed from where the request comes from."""
    return int(cache.get(_key(request), 0)) >= MOST


def failed(request: HttpRequest) -> None:
    """Count one more; two at the same moment may count as one."""
    key = _key(request)
    cache.set(key, int(cache.get(key, 0)) + 1, WITHIN.total_seconds())


def _key(request: HttpRequest) -> str:
    digest = salted_hmac("luwte.desk.portal.tries", address(request), algorithm="sha256").digest()
    return f"tries-{int.from_bytes(digest[:8]) % COUNTERS}"
