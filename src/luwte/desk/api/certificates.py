"""The certificate that a client showed (mutual TLS, RFC 8705), as the proxy in front says it.

LUWTE_API_CERTIFICATE_HEADER names the header in which the proxy writes the SHA-256 of the certificate that it
checked. Without it no header is believed; with it the proxy must take away what a caller writes there.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def shown(request: HttpRequest) -> str:
    """Return the SHA-256 (hex) of the certificate of whoever calls, "" for none or where none is believed."""
    header: str = settings.API_CERTIFICATE_HEADER
    if not header:
        return ""
    return request.headers.get(header, "").replace(":", "").strip().lower()
