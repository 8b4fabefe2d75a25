"""Forms are bounded in size and in time, whoever sends them; a file in a form is dropped unread."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client

from luwte.desk.pages.bodies import LIMIT
from tests.support.desk import someone
from tests.support.pages import enter
from tests.support.served import Served, served
from tests.support.worlds import COMMAND, Process

DOOR = "/binnen/"
FORM = "application/x-www-form-urlencoded"
IMPATIENT = "from luwte.desk.pages import wire\nwire.SILENCE = 1\n"
pytestmark = pytest.mark.usefixtures("clock")
database = pytest.mark.django_db(databases=["default", "vault"])


@database
@pytest.mark.parametrize("size", [LIMIT, 4 * LIMIT])
def test_a_form_that_is_too_large_is_refused_before_it_is_read(size: int) -> None:
    with BytesIO(bytes(size)) as file:
        answer = Client().post(DOOR, {"number": "1", "file": file})
    assert answer.status_code == 400
    assert "Wij begrepen dit niet" in answer.content.decode()
    assert Client().post(DOOR, {"number": "1" * size}).status_code == 400


@database
def test_an_ordinary_form_is_read_and_a_file_in_it_is_dropped() -> None:
    with BytesIO(b"kanarie" * 1000) as file:
        answer = Client().post(DOOR, {"number": "1", "code": "2", "file": file})
    assert answer.status_code == 200
    assert answer.wsgi_request.POST["number"] == "1"
    assert not answer.wsgi_request.FILES


@database
@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 13])
def test_a_length_that_is_none_is_refused(length: str) -> None:
    assert Client().generic("POST", DOOR, b"number=1", CONTENT_LENGTH=length).status_code == 400


@database
@pytest.mark.parametrize("path", ["/bericht/%00/", "/gezocht/a%00/", "/?asked=%00", "/?%00", "/nothing%00"])
def test_an_address_with_a_nul_is_refused(path: str) -> None:
    assert enter(someone()).get(path).status_code == 400


@database
def test_a_nul_in_a_form_or_a_cookie_is_refused() -> None:
    """As a session that the database is asked for, it would be a fault of the desk."""
    client = enter(someone())
    for form in ({"way": "a\0"}, {"way\0": "a"}):
        assert client.post("/mijn/toegang/weg/", form).status_code == 400
        assert client.post("/mijn/toegang/weg/", urlencode(form), FORM).status_code == 400
    assert Client(headers={"Cookie": 's="\\000aaaaaaaaaaaa"'}).get("/").status_code == 400


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A portal that waits for a second when nothing comes."""
    process = Process(tmp_path_factory.mktemp("bounded") / "home")
    process("desk", "init")
    with served(process, IMPATIENT + COMMAND) as found:
        yield found


def head(length: int, kind: str = FORM, method: str = "POST") -> bytes:
    said = f"{method} {DOOR} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
    return f"{said}Content-Length: {length}\r\n\r\n".encode()


def answered(site: Served, content: bytes) -> bytes:
    """Send `content` and return what comes back first."""
    where = urlsplit(site.url)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=60) as wire:
        wire.sendall(content)
        return wire.recv(65536)


@pytest.mark.desk
@pytest.mark.parametrize("method", ["POST", "PUT", "GET"])
def test_gigabytes_are_not_waited_for(site: Served, method: str) -> None:
    begun = time.monotonic()
    said = head(9_999_999_999, 'multipart/form-data; boundary="b"', method)
    answer = answered(site, said + b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n')
    assert answer.split()[1] in ({b"POST": b"400", b"PUT": b"405", b"GET": b"200"}[method.encode()],)
    assert time.monotonic() - begun < 30
    status = Path(f"/proc/{site.pid}/status").read_text()
    assert int(status.partition("VmHWM:")[2].split()[0]) < 600_000, "kB"


@pytest.mark.desk
def test_who_stops_in_the_middle_of_a_form_holds_nobody_else_up(site: Served) -> None:
    """More of them than there are threads."""
    slow = [threading.Thread(target=answered, args=(site, head(1000) + b"short")) for _ in range(12)]
    for one in slow:
        one.start()
    assert answered(site, head(1000) + b"short").split()[1] == b"400"
    assert answered(site, head(0)).split()[1] in (b"200", b"403")
    for one in slow:
        one.join(60)
        assert not one.is_alive()
