"""Who gets what of the interface: each route, each kind of caller. A route without a row fails."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver

from luwte.desk.api import clients
from luwte.desk.api.models import Client
from luwte.desk.api.routes import REPORT
from luwte.desk.pages import moment
from tests.support.interface import FORM, HEARING, JSON, STEP, Machine, report_file

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
CALLERS: Mapping[str, tuple[str, ...]] = {
    "nobody": (),
    "reports": ("reports:write",),
    "cases": ("cases:write",),
    "events": ("events:read",),
    "gaps": ("gaps:read",),
    "ended": ("reports:write", "cases:write", "events:read", "gaps:read"),
}


def row(most: int, **others: int) -> dict[str, int]:
    return dict.fromkeys(CALLERS, most) | others


NONE, NO_GET, NO_POST = row(404), row(405), row(405)
TABLE: Mapping[str, tuple[dict[str, int], dict[str, int]]] = {
    # route: what GET gives each caller, what POST gives it
    "openapi.json": (row(200), NO_POST),
    "api/v1/openapi.json": (row(200), NO_POST),
    "api/v1/": (NONE, NONE),
    "api/v1/tokens": (NO_GET, row(401)),  # none of them shows a secret
    "api/v1/reports": (NO_GET, row(403, reports=201, nobody=401, ended=401)),
    "api/v1/reports/<reportId>": (row(403, reports=404, events=200, nobody=401, ended=401), NO_POST),
    "api/v1/case-events": (NO_GET, row(403, cases=201, nobody=401, ended=401)),
    "api/v1/case-events/<eventId>": (row(403, cases=404, events=200, nobody=401, ended=401), NO_POST),
    "api/v1/case-steps": (NO_GET, row(403, cases=201, nobody=401, ended=401)),
    "api/v1/case-steps/<stepId>": (row(403, cases=404, events=200, nobody=401, ended=401), NO_POST),
    "api/v1/charge-gaps": (row(403, gaps=200, nobody=401, ended=401), NO_POST),
    "api/v1/events": (row(403, events=200, nobody=401, ended=401), NO_POST),
}
BODIES = {
    "tokens": (FORM, b"grant_type=client_credentials"),
    "case-events": (JSON, json.dumps(HEARING).encode()),
    "case-steps": (JSON, json.dumps(STEP).encode()),
}


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Give every route of the interface, as its addresses write it."""
    for one in resolver.url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one, route)
        else:
            yield route


def test_every_caller_gets_what_the_table_says(machine: Machine, tmp_path: Path) -> None:
    assert set(routes(get_resolver("luwte.desk.api.urls"))) == TABLE.keys(), (
        "each route has a row, each row a route"
    )
    token = machine.let_in()
    ids = {
        "reportId": machine.deliver(token, report_file(tmp_path, case="C-0")).json()["id"],
        "eventId": machine.announce(token, HEARING | {"case": "C-0"}).json()["id"],
        "stepId": machine.step(token, STEP | {"case": "C-0"}).json()["id"],
    }
    tokens = {name: machine.let_in(*scopes) if scopes else "" for name, scopes in CALLERS.items()}
    clients.end(Client.objects.get(tokens__digest=clients.digest(tokens["ended"])).id, moment.now())
    wrong = {}
    for (route, rows), name in product(TABLE.items(), CALLERS):
        path = "/" + re.sub(r"<(\w+)>", lambda found: ids[found[1]], route)
        kind, body = BODIES.get(route.rpartition("/")[2], ("", b""))
        if route.endswith("/reports"):
            kind, body = REPORT, report_file(tmp_path, case="C-1")
        get = machine.ask("GET", path, token=tokens[name]).status
        post = machine.ask("POST", path, body, token=tokens[name], kind=kind).status
        if (get, post) != (rows[0][name], rows[1][name]):
            wrong[route, name] = f"{get}, {post}"
    assert wrong == {}


def test_no_other_method_is_answered(machine: Machine) -> None:
    token = machine.let_in()
    for route in TABLE:
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD"):
            answer = machine.ask(method, "/" + re.sub(r"<\w+>", "ab" * 16, route), token=token)
            assert answer.status == (404 if (route, method) == ("api/v1/", "HEAD") else 405), (route, method)
