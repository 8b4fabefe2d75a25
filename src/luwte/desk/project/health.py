"""Whether the desk lives, whether it is ready, and its measures: on a port that this machine alone reaches.

/live      200 as long as a worker answers
/ready     200 when databases, keys and disk are there, else 503 and which are not
/metrics   OpenMetrics text (`luwte.desk.project.measures`)
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import close_old_connections, connections

from luwte.base.errors import LuwteError
from luwte.desk.project.databases import ACCOUNTS
from luwte.desk.project.folder import kept_in
from luwte.desk.project.sentences import ROOM

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

HOST = "127.0.0.1"
NAMES = {"default": "register", "vault": "vault", "accounts": "accounts"}
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
Answer = tuple[str, str, bytes]


def beside(desk: WSGIApplication, port: int) -> WSGIApplication:
    """Return an application that answers on `port` with health and measures, on every other with `desk`.

    The port is that of the socket which took the connection; no header can name another.
    """

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        chosen = health if environ["SERVER_PORT"] == str(port) else desk
        return chosen(environ, start_response)

    return application


def health(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a question about health (a WSGI application)."""
    answer = _PAGES.get(environ.get("PATH_INFO", ""), _unknown)
    try:
        status, kind, body = answer()
    finally:
        close_old_connections()
    start_response(status, [("Content-Type", kind), ("Cache-Control", "no-store")])
    return [body]


def failing() -> list[str]:
    """Return what is not there: register, vault, accounts, keys, disk."""
    needed = [one for one in settings.WORLD.with_pages if one != ACCOUNTS or not settings.INTERFACE]
    found = [NAMES[alias] for alias in needed if not _answers(alias)]
    if "vault" in settings.WORLD.aliases and not _opens():
        found.append("keys")
    if not _has_room():
        found.append("disk")
    return found


def _answers(alias: str) -> bool:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # whatever is the matter, the database is not there for anyone
        return False
    return True


def _opens() -> bool:
    from luwte.desk.vault.ring import key_ring

    try:
        key_ring()
    except (LuwteError, OSError):
        return False
    return True


def _has_room() -> bool:
    try:
        return shutil.disk_usage(kept_in()).free >= ROOM
    except OSError:
        return False


def _live() -> Answer:
    return "200 OK", "text/plain", b"live\n"


def _ready() -> Answer:
    found = failing()
    body = json.dumps({"ready": not found, "failing": found}).encode() + b"\n"
    return ("503 Service Unavailable" if found else "200 OK"), "application/json", body


def _metrics() -> Answer:
    from luwte.desk.project.measures import metrics

    return "200 OK", OPENMETRICS, metrics()


def _unknown() -> Answer:
    return "404 Not Found", "text/plain", b"There are /live, /ready and /metrics.\n"


_PAGES: dict[str, Callable[[], Answer]] = {"/live": _live, "/ready": _ready, "/metrics": _metrics}
