"""Where a request comes from, as far as locks need it."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

NOWHERE = "::"


def address(request: HttpRequest) -> str:
    """Return the address that the desk, or the proxy in front of it, saw; `::` when there is none.

    Behind the proxy (LUWTE_DESK_HTTPS=1) that is the last one of X-Forwarded-For: what stands before it was
    written by whoever asked.
    """
    found = request.META.get("REMOTE_ADDR", "")
    if settings.HTTPS:
        found = request.headers.get("X-Forwarded-For", found).rpartition(",")[2].strip()
    try:
        return str(ip_address(found))
    except ValueError:
        return NOWHERE
