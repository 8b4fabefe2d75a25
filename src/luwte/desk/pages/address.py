"""Where a request comes from, as far as locks need it.

Of IPv6 that is the first 64 bits: whoever has an address of that kind has all those behind it.
"""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

NOWHERE = "::"
ONE_PLACE = 64
"""Bits of an IPv6 address by which places are told apart (RFC 6177, RFC 4291)."""


def address(request: HttpRequest) -> str:
    """Return the address (of IPv6 the /64) that the desk, or the proxy in front of it, saw; `::` for none.

    Behind the proxy (LUWTE_DESK_HTTPS=1) that is the last one of X-Forwarded-For: what stands before it was
    written by whoever asked.
    """
    found = request.META.get("REMOTE_ADDR", "")
    if settings.HTTPS:
        found = request.headers.get("X-Forwarded-For", found).rpartition(",")[2].strip()
    try:
        seen = ip_address(found)
    except ValueError:
        return NOWHERE
    if not isinstance(seen, IPv6Address):
        return str(seen)
    if seen.ipv4_mapped is not None:
        return str(seen.ipv4_mapped)
    return str(IPv6Network((int(seen), ONE_PLACE), strict=False).network_address)
