"""Every answer is private; the exit takes everything with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, override_settings

from tests.support.pages import enter, words
from tests.support.stage import chooser
from tests.support.tour import portal_pages, staff_pages
from tests.support.tour_accounts import account_pages

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]
if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

POLICY = {"default-src 'none'", "style-src 'self'", "img-src 'self'", "form-action 'self'", "base-uri 'none'"}


def every_answer() -> Iterator[tuple[str, Answer]]:
    yield from portal_pages("nl")
    yield from staff_pages("en")
    yield from account_pages("en")
    client = enter(chooser("Noor"))
    for path in ("/pauze/", "/verder/", "/vraag/", "/taal/"):
        yield path, client.post(path)
        yield f"{path} by GET", client.get(path)
    yield "exit", client.get("/uit/")
    yield "no csrf", Client(enforce_csrf_checks=True).post("/taal/")


def test_every_answer_is_private() -> None:
    for name, answer in every_answer():
        assert answer["Cache-Control"] == "no-store, private, no-transform", name
        assert answer["Referrer-Policy"] in ("same-origin", "no-referrer"), name
        assert answer["X-Content-Type-Options"] == "nosniff", name
        assert answer["X-Frame-Options"] == "DENY", name
        assert answer["X-Robots-Tag"] == "noindex, nofollow", name
        policy = set(answer["Content-Security-Policy"].split("; "))
        scripted = {"script-src 'self'"} if b"<script" in answer.content else set()
        assert policy == POLICY | scripted | {"frame-ancestors 'none'"}, name


def test_no_page_asks_anything_of_another_host_or_runs_anything_but_what_is_ours() -> None:
    for name, page in (*portal_pages("nl"), *staff_pages("nl")):
        text = page.content.decode()
        place = getattr(page.wsgi_request, "resolver_match", None)
        portal = place is not None and place.app_name == "portal"
        run = re.findall('<script src="([^"]*)"', text)
        assert run[:1] == ["/static/pages/exit.js"] * portal, name
        assert set(run[1:]) <= {"/static/pages/stay.js", "/static/portal/passkey.js"}, name
        assert text.count("<script") == len(run), name
        assert not re.search(r'\son\w+="', text), name
        assert " style=" not in text, name
        for address in re.findall(r'(?:src|href|action)="([^"]*)"', text):
            assert re.match(r"/(?!/)|#|tel:", address), (name, address)


def test_cookies_are_for_this_site_alone_and_for_no_script() -> None:
    client = enter(chooser("Noor"))
    client.get("/")
    assert set(client.cookies) == {"s", "c", "l"}
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Strict", cookie.key
        assert not cookie["max-age"], f"{cookie.key} outlives the browser"
        assert not cookie["expires"], f"{cookie.key} outlives the browser"


@pytest.mark.parametrize("target", ["/vandaag/", "https://weather.example/"])
def test_the_exit_ends_the_visit(target: str) -> None:
    client = enter(chooser("Noor"))
    key = client.cookies["s"].value
    with override_settings(EXIT_URL=target):
        answer = client.get("/uit/")
    assert (answer.status_code, answer["Location"]) == (303, target)
    assert answer["Clear-Site-Data"] == '"cookies", "storage"'
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not Session.objects.filter(pk=key).exists()
    assert all(answer.cookies[name]["max-age"] == 0 for name in ("s", "c", "l"))
    client.cookies["s"] = key
    assert "niet aangemeld" in words(client.get("/"))


def test_the_exit_works_for_anyone_at_any_time() -> None:
    assert Client().get("/uit/").status_code == 303
    assert Client().head("/uit/").status_code == 303
    assert Client().post("/uit/").status_code == 405


def test_asking_for_the_heads_of_the_exit_does_not_end_the_visit() -> None:
    client = enter(chooser("Noor"))
    client.head("/uit/")
    assert Session.objects.filter(pk=client.session.session_key).exists()


def test_the_neutral_page_names_nothing() -> None:
    page = Client().get("/vandaag/").content.decode()
    assert "Berichten" not in page
    assert 'href="/"' not in page


@pytest.mark.parametrize(("language", "other"), [("nl", "en"), ("en", "nl")])
def test_the_language_changes_without_losing_the_place(language: str, other: str) -> None:
    client = enter(chooser("Noor"), language)
    page = client.get("/waarom/?a=1").content.decode()
    assert f'<html lang="{language}">' in page
    assert 'name="next" value="/waarom/?a=1"' in page
    answer = client.post("/taal/", {"language": other, "next": "/waarom/?a=1"})
    assert answer["Location"] == "/waarom/?a=1"
    assert f'<html lang="{other}">' in client.get("/waarom/").content.decode()


def test_the_language_switch_never_leads_to_another_host() -> None:
    answer = Client().post("/taal/", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


def test_a_failure_of_ours_is_said_calmly(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError

    client = enter(chooser("Noor"))
    client.raise_request_exception = False
    monkeypatch.setattr("luwte.desk.telling.reading.messages", fails)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Dat ligt niet aan u." in words(answer)
    assert answer["Cache-Control"] == "no-store, private, no-transform"


def test_static_files_may_be_kept() -> None:
    answer = Client().get("/static/pages/look.css")
    assert answer.status_code == 200
    assert "max-age" in answer["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer
    assert b"".join(answer).startswith(b"/*")
