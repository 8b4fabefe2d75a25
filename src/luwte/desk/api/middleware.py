"""What every answer of the interface has in common: its version, its headers, and how a refusal is said."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import UnreadablePostError

from luwte.desk.api.problems import MEDIA_TYPE, Refused, problem
from luwte.desk.pages.wire import let_go

VERSION = "1.0.0"
"""Of the interface (semver); its first number stands in the addresses."""
HEADERS = {
    "API-Version": VERSION,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
"""ADR /core/version-header and /core/transport/security-headers."""
METHODS = ("GET", "HEAD", "POST")
OPEN = ("/openapi.json", "/api/v1/openapi.json")
"""What a page of another host may read (ADR /core/publish-openapi)."""


class Answers:
    """Middleware around the interface: headers on every answer, problem details for every refusal.

    What a framework says of a refusal is thrown away, with whatever of the request it repeats.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer, or the problem that stands for it."""
        answer = self._answer(request)
        let_go(request)
        if answer.status_code >= 400 and answer.get("Content-Type") != MEDIA_TYPE:
            allowed = {"Allow": found} if (found := answer.get("Allow", "")) else {}
            answer = problem(Refused(answer.status_code, headers=allowed))
        for name, value in HEADERS.items():
            answer[name] = value
        if settings.HTTPS:
            answer["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
        if request.path in OPEN:
            answer["Access-Control-Allow-Origin"] = "*"
        return answer

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()
            if request.method not in METHODS:
                raise Refused(405, headers={"Allow": ", ".join(METHODS)})
            _check_transport(request)
            return self._get_response(request)
        except Refused as refused:
            return problem(refused)
        except DisallowedHost:
            return problem(Refused(400, "The desk does not answer to this host name.", name="host"))

    @staticmethod
    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the problem for what a view raised, None where the framework's own 500 is meant."""
        if isinstance(error, Refused):
            return problem(error)
        if isinstance(error, RequestDataTooBig):
            return problem(Refused(413))
        if isinstance(error, UnreadablePostError):
            return problem(Refused(408))
        if isinstance(error, OperationalError):
            got_request_exception.send(sender=Answers, request=request)
            return problem(Refused(503, headers={"Retry-After": "5"}))
        return problem(Refused(400)) if isinstance(error, SuspiciousOperation) else None


def _check_transport(request: HttpRequest) -> None:
    """ADR /core/transport/tls: TLS, which a proxy in front speaks, or nobody but this machine."""
    if settings.HTTPS:
        if not request.is_secure():
            raise Refused(
                403, "This is served by HTTPS alone. Whoever sent a token must end it.", name="https"
            )
    elif not _loopback(request.META.get("REMOTE_ADDR", "")):
        raise Refused(403, "Without LUWTE_DESK_HTTPS=1 only this machine is served.", name="https")


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
