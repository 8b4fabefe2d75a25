"""Every answer of the interface: version, headers, and every refusal as problem details (RFC 9457)."""

from __future__ import annotations

import json

import pytest
from pytest_django import Settings

from luwte.desk.api import notices, reports
from luwte.desk.api.middleware import HEADERS, VERSION
from tests.support.interface import FORM, HEARING, JSON, Answer, Machine

pytestmark = pytest.mark.django_db(databases=["default", "vault"])
SECRET = "Kanariewoord"


def is_problem(answer: Answer, status: int) -> bool:
    """Whether an answer is a problem with everything that ADR and RFC 9457 ask for."""
    if answer.headers["content-type"] != "application/problem+json":
        return False
    document = answer.json()
    assert {"type", "title", "status", "detail", "instance"} <= document.keys()
    assert document["type"].startswith("urn:luwte:problem:")
    assert document["instance"].startswith("urn:luwte:request:")
    return (answer.status, document["status"]) == (status, status)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/{SECRET}", 404),
        ("GET", f"/api/v1/{SECRET}", 404),
        ("GET", "/", 404),
        ("GET", "/staff/sign-in/", 404),
        ("GET", "/api/v1/events/", 404),
        ("GET", "/openapi.json/", 404),
        ("POST", "/openapi.json", 405),
        ("GET", "/api/v1/tokens", 405),
        ("PUT", "/api/v1/reports", 405),
        ("DELETE", "/api/v1/reports", 405),
        ("OPTIONS", "/api/v1/reports", 405),
        ("TRACE", "/api/v1/reports", 405),
        (SECRET, "/api/v1/reports", 405),
        ("GET", "/api/v1/events", 401),
        ("POST", "/api/v1/reports", 401),
        ("POST", "/api/v1/tokens", 415),
        ("GET", f"/api/v1/reports/{SECRET}%00", 401),
        ("GET", f"/api/v1/%ff{SECRET}", 404),
    ],
)
def test_every_refusal_is_a_problem(machine: Machine, method: str, path: str, status: int) -> None:
    answer = machine.ask(method, path)
    assert is_problem(answer, status), answer
    assert SECRET.encode() not in answer.body
    assert (status == 405) == ("allow" in answer.headers)
    assert {name: answer.headers.get(name.lower()) for name in HEADERS} == HEADERS


def test_what_breaks_is_told_without_why(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError(f"{SECRET} /home/x.py")

    monkeypatch.setattr(notices, "after", broken)
    answer = machine.ask("GET", "/api/v1/events", token=machine.let_in())
    assert is_problem(answer, 500)
    assert SECRET.encode() not in answer.body
    assert b"Traceback" not in answer.body


def test_a_busy_database_is_told_as_such(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def busy(*_: object, **__: object) -> None:
        raise OperationalError(f"database is locked {SECRET}")

    monkeypatch.setattr(notices, "after", busy)
    answer = machine.ask("GET", "/api/v1/events", token=machine.let_in())
    assert is_problem(answer, 503)
    assert answer.headers["retry-after"] == "5"


def test_a_host_that_is_not_ours_is_refused(machine: Machine) -> None:
    answer = machine.ask("GET", "/openapi.json", Host=f"{SECRET}.example")
    assert is_problem(answer, 400)
    assert SECRET.encode() not in answer.body


def test_every_fault_is_told_at_once_and_nothing_is_repeated(machine: Machine) -> None:
    event = {"case": "", "source": SECRET, "at": "yesterday", SECRET: 1}
    answer = machine.announce(machine.let_in(), event)
    assert is_problem(answer, 400)
    faults = {one["name"]: one["reason"] for one in answer.json()["errors"]}
    assert faults.keys() == {"case", "source", "kind", "at", "body"}
    assert faults["kind"] == "is missing"
    assert faults["body"] == "is not known here"
    assert SECRET.encode() not in answer.body


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"1", b'"x"', b"{", b"{}", b"{" * 10_000, b'{"a":' * 1_000 + b"1" + b"}" * 1_000,
        b"\xff\xfe", b'{"case": "\xff"}', b'{"case": NaN}', b'{"case": 1' + b"0" * 10_000 + b"}",
        b'{"case": "C-1", "case": "C-2"}', b'{"case": "\\ud800"}', b'{"case": "\\u0000"}', b"\x00",
    ],
)  # fmt: skip
def test_a_body_that_is_none_is_refused(machine: Machine, body: bytes) -> None:
    answer = machine.ask("POST", "/api/v1/case-events", body, token=machine.let_in(), kind=JSON)
    assert is_problem(answer, 415 if body == b"" else 400), answer


@pytest.mark.parametrize(
    "change",
    [
        {"case": 1}, {"case": ["C"]}, {"case": None}, {"case": "x" * 101}, {"case": " C-1"}, {"case": "a\nb"},
        {"at": 1_772_000_000}, {"at": "2026-03-09"}, {"at": "2026-03-09T10:00:00"},
        {"at": "2026-03-09t10:00:00z"},
        {"at": "2026-03-09T10:00:00-00:00"}, {"at": "2026-13-09T10:00:00Z"}, {"at": "2026-02-30T10:00:00Z"},
        {"at": "0001-01-01T00:00:00+10:00"}, {"at": "9999-12-31T23:59:59-10:00"}, {"at": True},
        {"at": "2026-03-09T10:00:00+99:00"}, {"at": "2026-03-09T24:00:00Z"},
        {"at": "\u0662026-03-09T10:00:00Z"}, {"source": "safety"}, {"source": None}, {"kind": "release"},
        {"kind": ""}, {"kind": "verdict"},
        {"lapses": "2026-04-01T00:00:00Z"}, {"lapses": 0}, {"series": ""},
        {"series": 7}, {"series": "x" * 201}, {"series": "a\x00"}, {"person": "x"}, {"subject": "ab" * 16},
        {"at": "2046-03-09T10:00:00Z"},
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_is_refused(machine: Machine, change: dict[str, object]) -> None:
    assert is_problem(machine.announce(machine.let_in(), HEARING | change), 400), change


@pytest.mark.parametrize("query", ["after=-1", "after=x", "after=1e3", f"after={2**63}", "limit=0",
                                  "after=" + "9" * 5000, "limit=101", "limit=", "after=\u0661"])  # fmt: skip
def test_a_query_that_cannot_be_is_refused(machine: Machine, query: str) -> None:
    assert is_problem(machine.ask("GET", f"/api/v1/events?{query}", token=machine.let_in()), 400)


def test_the_largest_number_can_be_asked_for(machine: Machine) -> None:
    answer = machine.ask("GET", f"/api/v1/events?after={2**63 - 1}&limit=1", token=machine.let_in())
    assert (answer.status, answer.json()) == (200, {"events": [], "next": 2**63 - 1})


def test_https_alone_is_served_behind_a_proxy_and_this_machine_without(
    machine: Machine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test import Client as Browser

    elsewhere = Browser().get("/openapi.json", REMOTE_ADDR="192.0.2.7")
    assert (elsewhere.status_code, elsewhere["Content-Type"]) == (403, "application/problem+json")
    settings.HTTPS, settings.SECURE_HSTS_SECONDS = True, 31_536_000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    plain = machine.ask("GET", "/openapi.json")
    assert is_problem(plain, 403)
    secure = machine.ask("GET", "/openapi.json", X_Forwarded_Proto="https")
    assert secure.status == 200
    assert secure.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def test_no_cookie_and_no_other_host_but_for_the_description(machine: Machine) -> None:
    description = machine.ask("GET", "/openapi.json", Origin="https://elsewhere.example")
    events = machine.ask("GET", "/api/v1/events", token=machine.let_in(), Origin="https://elsewhere.example")
    assert (description.status, events.status) == (200, 200)
    assert description.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in events.headers
    assert "set-cookie" not in {**description.headers, **events.headers}
    assert (events.headers["api-version"], events.headers["cache-control"]) == (VERSION, "no-store")


def test_a_token_in_the_address_is_not_one(machine: Machine) -> None:
    token = machine.let_in()
    assert machine.ask("GET", f"/api/v1/events?access_token={token}").status == 401
    body = f"access_token={token}".encode()
    assert machine.ask("POST", "/api/v1/reports", body, kind=FORM).status == 401


def test_the_document_size_is_bounded(machine: Machine) -> None:
    event = json.dumps(HEARING | {"series": "x" * 20_000}).encode()
    answer = machine.ask("POST", "/api/v1/case-events", event, token=machine.let_in(), kind=JSON)
    assert is_problem(answer, 413)
    assert reports.LIMIT == 128 * 2**20
