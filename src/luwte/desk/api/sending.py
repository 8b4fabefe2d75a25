"""One request to a machine of another agency: to an address that it may lead to, bounded in size and time.

A name is resolved once and the connection goes to the address that was checked, so that nobody can lead it
elsewhere in between. No redirect is followed and nothing of an answer is kept but its status.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from django.conf import settings

from luwte.base.errors import BadInput

LONGEST = 500
TIMEOUT = 10
"""Seconds for one step of a connection."""
DEADLINE = 30
"""Seconds for all of it."""
_NAT64 = IPv6Network("64:ff9b::/96")
_LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")
"""RFC 8215: it leads wherever the network says; some versions of Python call it public."""


class AddressUnusable(BadInput):
    """Where notices cannot be sent to; the sentence says why."""


class NotReached(Exception):
    """Nobody answered; the message is a word of ours."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: over TLS or not, to which host and port, for which path."""

    tls: bool
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: the status, and the headers in lower case."""

    status: int
    headers: Mapping[str, str]


def target_of(address: str) -> Target:
    """Return where `address` leads. Raises `AddressUnusable` for one that notices are never sent to."""
    wrong = AddressUnusable(
        "Notices go to https:// addresses of at most 500 characters, without name, password or fragment."
    )
    if len(address) > LONGEST or not address.isascii() or not address.isprintable() or " " in address:
        raise wrong
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise wrong from None
    if not parts.hostname or "@" in parts.netloc or "#" in address:
        raise wrong
    plain = parts.scheme == "http" and settings.API_PRIVATE_HOOKS and parts.hostname in ("127.0.0.1", "::1")
    if parts.scheme != "https" and not plain:
        raise wrong
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(not plain, parts.hostname, port or (80 if plain else 443), path)


def request(method: str, address: str, body: bytes, headers: Mapping[str, str]) -> Answered:
    """Send one request and return what was answered. Raises `AddressUnusable` or `NotReached`."""
    target = target_of(address)
    connection = HTTPConnection(target.host, target.port, timeout=TIMEOUT)
    try:
        connection.sock = _connected(target, _checked(target))
        with _bounded(connection.sock):
            connection.request(method, target.path, body, {**headers, "Connection": "close"})
            answer = connection.getresponse()
            return Answered(answer.status, {name.lower(): value for name, value in answer.getheaders()})
    except ssl.SSLError:
        raise NotReached("no trusted certificate") from None
    except (OSError, HTTPException, ValueError):
        raise NotReached("no answer") from None
    finally:
        connection.close()


def _checked(target: Target) -> str:
    """Return the address of the host. Raises `AddressUnusable` when one of its addresses is not public."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    if not settings.API_PRIVATE_HOOKS and not all(map(_public, addresses)):
        raise AddressUnusable(
            "This host is in a private network, where notices are not sent. LUWTE_API_PRIVATE_HOOKS=1 lets "
            "them."
        )
    return addresses[0]


def _public(text: str) -> bool:
    """Whether an address is one of the Internet, also where it stands for another (NAT64, 6to4)."""
    found = ip_address(text)
    if isinstance(found, IPv4Address):
        return found.is_global and not found.is_multicast
    if (inner := _inside(found)) is not None:
        return _public(str(inner))
    apart = found.is_multicast or found.is_reserved or found.is_site_local or found in _LOCAL_NAT64
    return found.is_global and not apart


def _inside(found: IPv6Address) -> IPv4Address | None:
    if found in _NAT64:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour


def _connected(target: Target, address: str) -> socket.socket:
    plain = socket.create_connection((address, target.port), TIMEOUT)
    if not target.tls:
        return plain
    try:
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context.wrap_socket(plain, server_hostname=target.host)
    except BaseException:
        plain.close()
        raise


@contextmanager
def _bounded(wire: socket.socket) -> Iterator[None]:
    """Cut the connection when all of it takes too long: who answers a byte a second never times out."""

    def cut() -> None:
        with suppress(OSError):
            wire.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(DEADLINE, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
