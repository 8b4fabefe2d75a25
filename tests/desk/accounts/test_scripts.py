"""Scripts run on the pages of passkeys alone: those of this host, written nowhere into a page."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.support.accounts import Worker

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "quick_hashes"),
]
SCRIPTED = {"/staff/sign-in/passkey/", "/staff/sign-in/code/", "/staff/again/", "/staff/account/passkey/"}


def pages() -> list[tuple[str, Client]]:
    worker = Worker()
    waits, within = worker.enter_first(), worker.enter()
    outside = ["/staff/sign-in/", "/staff/sign-in/passkey/"]
    inside = ["", "again/", "account/", "account/passkey/", "account/password/", "account/codes/new/"]
    return [
        *((path, Client()) for path in outside),
        ("/staff/sign-in/code/", waits),
        *((f"/staff/{path}", within) for path in inside),
    ]


def test_only_pages_of_passkeys_run_scripts_and_only_files_of_this_host() -> None:
    for path, client in pages():
        answer = client.get(path)
        assert answer.status_code == 200, path
        page = answer.content.decode()
        allowed = "script-src 'self'" in answer["Content-Security-Policy"]
        run = [tag for tag in re.findall(r"<script[^>]*>", page) if "application/json" not in tag]
        assert allowed == (path in SCRIPTED) == bool(run), path
        for tag in run:
            source = re.search(r'src="(/static/[^"]+\.js)"', tag)
            assert source is not None, tag
            assert b"".join(client.get(source.group(1)))
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert not re.search(r'\son\w+="|\sstyle="', page), path
