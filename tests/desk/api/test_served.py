"""The interface as a process of casework serves it over HTTP: whole, alone, and with hostile callers."""

from __future__ import annotations

import http.client
import os
import socket
import threading
from pathlib import Path

import pytest
from authlib.integrations.requests_client import OAuth2Session

from luwte.desk.api.routes import REPORT
from tests.support.interface import ALL, HEARING, Served, report_file, serving

pytestmark = [pytest.mark.embedded, pytest.mark.desk]
KEY = '"8e03978e-40d5-43dd-bc93-6894a57f9324"'


def test_a_machine_delivers_and_another_hears_of_it(served: Served, tmp_path: Path) -> None:
    """With a client library of OAuth 2.0 that knows nothing of Luwte."""
    name, secret = served.add("reports:write", "cases:write")
    base = f"http://127.0.0.1:{served.port}/api/v1"
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    with OAuth2Session(name, secret, token_endpoint=f"{base}/tokens") as lab:
        assert lab.fetch_token(grant_type="client_credentials")["expires_in"] == 600
        answer = lab.post(f"{base}/reports", report_file(tmp_path), headers={"Content-Type": REPORT})
        assert (answer.status_code, answer.json()["state"]) == (201, "registered")
        assert lab.post(f"{base}/case-events", json=HEARING).status_code == 201
    reader = served.let_in("events:read")
    events = served.ask("GET", "/api/v1/events", token=reader).json()["events"]
    assert [one["type"].split(".")[2] for one in events] == ["report-registered", "case-event-registered"]
    assert served.ask("GET", events[0]["subject"], token=reader).status == 200


def test_casework_serves_no_page_and_knows_no_vault(served: Served) -> None:
    for path in ("/", "/staff/", "/staff/sign-in/", "/vraag/", "/static/own.css"):
        answer = served.ask("GET", path)
        assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "set-cookie" not in served.ask("GET", "/openapi.json").headers


def test_an_ended_client_is_out_at_its_next_request(served: Served) -> None:
    name, secret = served.add()
    token = served.token(name, secret).json()["access_token"]
    assert served.ask("GET", "/api/v1/events", token=token).status == 200
    served.command("desk", "client", "end", name)
    assert served.ask("GET", "/api/v1/events", token=token).status == 401


def test_what_is_too_large_is_refused_before_it_is_sent(served: Served) -> None:
    token = served.let_in()
    head = f"POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
    head += f"Content-Type: {REPORT}\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as wire:
        wire.sendall(head.encode())
        assert wire.recv(65536).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"401"),
        (b"POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
         b"Connection: close\r\n\r\n0\r\n\r\n", b"401"),
        (b"GET / HTTP/1.1\r\nHost: a\x00b\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET /" + b"x" * 10_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"4"),
        (b"\x16\x03\x01" + b"\x00" * 200 + b"\r\n\r\n", b"400"),
        (b"POST /api/v1/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n"
         b"\r\nabcdef", b"400"),
    ],
)  # fmt: skip
def test_nonsense_on_the_wire_is_refused(served: Served, content: bytes, status: bytes) -> None:
    assert served.raw(content).split(b" ", 1)[1].startswith(status)
    assert served.ask("GET", "/openapi.json").status == 200


def test_a_header_with_underscores_shows_no_certificate(own_home: Path) -> None:
    """A proxy that takes X-Certificate away may let X_Certificate through, and WSGI calls both the same."""
    with serving(own_home, LUWTE_API_CERTIFICATE_HEADER="X-Certificate") as served:
        said = served.command(
            "desk", "client", "add", "lab", "--scope", "events:read", "--certificate", "ab" * 32
        )
        name, secret = (line.split()[1] for line in said.splitlines())
        body = f"grant_type=client_credentials&client_id={name}&client_secret={secret}"
        head = f"POST /api/v1/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        head += "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
        for header, status in (("X_Certificate", b"401"), ("X-Certificate", b"200")):
            answer = served.raw(f"{head}{header}: {'ab' * 32}\r\n\r\n{body}".encode())
            assert answer.split()[1] == status, header


IMPATIENT = "from luwte.desk.pages import wire\nwire.SILENCE = 1\nfrom luwte.cli import main; main()"


def test_a_body_that_stops_is_let_go(own_home: Path) -> None:
    """Else a few callers that send nothing would hold every thread."""
    with serving(own_home, program=IMPATIENT) as served:
        token = served.let_in()
        head = f"POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        head += f"Content-Type: {REPORT}\r\nContent-Length: 1000\r\nConnection: close\r\n\r\nshort"
        slow = [threading.Thread(target=served.raw, args=(head.encode(),)) for _ in range(12)]
        for one in slow:
            one.start()
        assert served.raw(head.encode()).startswith(b"HTTP/1.1 408")
        assert served.ask("GET", "/openapi.json").status == 200
        for one in slow:
            one.join()


def test_two_processes_take_one_delivery_once(own_home: Path, tmp_path: Path) -> None:
    with serving(own_home) as one, serving(own_home) as other:
        token, content = one.let_in(), report_file(tmp_path)
        found: list[int] = []

        def deliver(served: Served) -> None:
            found.append(served.deliver(token, content, Idempotency_Key=KEY).status)

        threads = [threading.Thread(target=deliver, args=(served,)) for served in (one, other) * 4]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(found) <= {201, 409}
        assert 201 in found
        events = one.ask("GET", "/api/v1/events", token=token).json()["events"]
        assert len(events) == 1


def test_a_worker_that_was_killed_has_done_all_or_nothing(own_home: Path, tmp_path: Path) -> None:
    with serving(own_home, LUWTE_FAULT="api.kept") as served:
        token, content = served.let_in(*ALL), report_file(tmp_path)
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            served.deliver(token, content, Idempotency_Key=KEY)
    with serving(own_home) as served:
        again = served.deliver(token, content, Idempotency_Key=KEY)
        assert again.status == 201, "the answer that was kept, not that of a second time"
        assert len(served.ask("GET", "/api/v1/events", token=token).json()["events"]) == 1
