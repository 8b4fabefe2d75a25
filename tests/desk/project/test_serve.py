"""What gunicorn takes from a request: nothing that changes which page it asks for."""

from __future__ import annotations

import pytest
from gunicorn.http.parser import RequestParser
from gunicorn.http.wsgi import create

from luwte.desk.project.serve import Choices, Server


@pytest.mark.parametrize("peer", ["127.0.0.1", "192.0.2.1"])
@pytest.mark.parametrize("name", ["SCRIPT_NAME", "script_name", "PATH_INFO", "REMOTE_USER"])
def test_a_visitor_does_not_say_what_the_server_says(peer: str, name: str) -> None:
    """Also when a proxy on the same machine passes the header on."""
    config = Server(Choices("127.0.0.1", 8000, 1)).cfg
    content = f"GET /staff/ HTTP/1.1\r\nHost: x\r\n{name}: /staff\r\nX-Kept: 1\r\n\r\n".encode()
    request = next(iter(RequestParser(config, iter([content]), (peer, 1))))
    assert [header for header, _ in request.headers] == ["HOST", "X-KEPT"]
    _, environ = create(request, None, (peer, 1), ("127.0.0.1", 8000), config)
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == ("", "/staff/")
