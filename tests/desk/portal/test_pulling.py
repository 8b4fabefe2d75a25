"""Whoever asks gets an answer of the same size and after the same time, whether there is something or not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from luwte.base.clock import ManualClock
from luwte.desk.portal.pull import STEP, WholeSteps, even, filled
from luwte.desk.telling.models import Contact
from luwte.desk.wishes.rules import Detail, Rhythm
from tests.support.desk import NOON, Someone
from tests.support.pages import enter, words
from tests.support.stage import chooser, entrance, found, tell, told

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]


@pytest.mark.parametrize("size", [0, 1, STEP - 9, STEP - 8, STEP - 7, STEP, 3 * STEP + 5])
def test_a_page_is_filled_to_whole_steps(size: int) -> None:
    page = filled(b"x" * size)
    assert len(page) % STEP == 0
    assert page.startswith(b"x" * size)
    assert len(page) - size < STEP + 8


def test_the_answer_has_the_same_size_whatever_it_is() -> None:
    sizes = set()
    for who, counts in (("Noor", []), ("Piet", [(1, 0)]), ("Truus", [(7, 0)] * 4), ("Lies", [(0, 3)])):
        person = chooser(who, rhythm=Rhythm.ON_REQUEST)
        found(who, counts)
        client = enter(person)
        asked = client.post("/vraag/")
        page = client.get(asked["Location"])
        sizes.add((asked.status_code, len(asked.content), asked["Location"], len(page.content)))
        assert ("Er is een bericht voor u" in words(page)) == (who in ("Piet", "Truus"))
        assert "Waar wij zochten" in words(page), "what was searched belongs to every answer (T13)"
    assert len(sizes) == 1


@pytest.mark.parametrize(
    ("works", "taken"), [(0.0, 0.0), (0.001, 0.5), (0.499, 0.5), (0.5, 0.5), (0.6, 1.0), (7.1, 7.5)]
)
def test_an_answer_takes_whole_steps_of_time(
    monkeypatch: pytest.MonkeyPatch, works: float, taken: float
) -> None:
    now = [100.0]
    monkeypatch.setattr("luwte.desk.portal.pull.time.monotonic", lambda: now[0])
    monkeypatch.setattr("luwte.desk.portal.pull.time.sleep", lambda seconds: now.append(now.pop() + seconds))

    def view(_request: HttpRequest) -> HttpResponse:
        now.append(now.pop() + works / 2)
        return HttpResponse("x")

    def around(request: HttpRequest) -> HttpResponse:
        answer = even(view)(request)
        now.append(now.pop() + works / 2)  # what is done behind the view counts too
        return answer

    with override_settings(ANSWER_SECONDS=0.5):
        WholeSteps(around)(HttpRequest())
    assert now[0] - 100 == pytest.approx(taken)


def visits(client: Client) -> list[Callable[[], object]]:
    """Return what waits for a whole step of time: a question, and the pages that speak of the person."""
    pages = ("/", "/?asked", "/gezocht/", "/waarom/", "/mijn/rechten/")
    asked = [lambda: client.post("/vraag/"), lambda: client.post("/mijn/gegevens/blad/")]
    return [*asked, *(lambda page=page: client.get(page) for page in pages)]


def test_what_speaks_of_the_person_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pages do the same work for everyone, and yet an onlooker saw a difference in time."""
    slept: list[float] = []
    monkeypatch.setattr("luwte.desk.portal.pull.time.sleep", slept.append)
    client = enter(chooser("Noor"))
    with override_settings(ANSWER_SECONDS=60, PAGE_SECONDS=60):
        for visit in visits(client):
            visit()
    assert len(slept) == len(visits(client))


def people() -> dict[str, Client]:
    """Return browsers of people of whom nothing, much, or only what nobody confirmed was found."""
    browsers = {}
    for who, counts in (("Noor", []), ("Truus", [(7, 0)] * 4), ("Lies", [(0, 3)])):
        person = chooser(who, Detail.EVERYTHING)
        found(who, counts)
        browsers[who] = enter(person)
    tell()
    return browsers


def test_every_page_has_the_same_size_and_the_same_headers_with_news_and_without() -> None:
    browsers = people()
    own = [f"/mijn/{one}" for one in ("", "gegevens/", "bekeken/", "mensen/", "rechten/", "weg/")]
    own += ["/binnen/", *(f"/mijn/toegang/{one}" for one in ("", "app/", "sleutel/"))]
    choices = ["/keuzes/", "/keuzes/1/", "/keuzes/1/?deel=1", "/rust/", "/stop/", "/bericht/0/waarom/"]
    paths = ("/", "/?asked", "/gezocht/", "/waarom/", "/verlaten/", "/voor-u/", "/bericht/0/", "/vooraf/")
    for path in (*paths, *choices, *own):
        seen = {seen_of(browser, path) for browser in browsers.values()}
        assert len(seen) == 1, path
        ((_, size, _),) = seen
        assert size == STEP, path
    assert "Er is een bericht voor u" in words(browsers["Truus"].get("/"))


def seen_of(browser: Client, path: str) -> tuple[int, int, tuple[tuple[str, int], ...]]:
    """Return what can be counted of an answer on the way: status, size, and the length of each header."""
    answer = browser.get(path)
    headers = {**answer.headers, "cookies": answer.cookies.output()}
    return answer.status_code, len(answer.content), tuple((k, len(one)) for k, one in sorted(headers.items()))


def test_a_hundred_messages_read_before_are_as_large_as_none(clock: ManualClock) -> None:
    person = chooser("Truus", rhythm=Rhythm.ON_REQUEST)
    for number in range(100):
        Contact.objects.create(
            subject=person.subject, number=number + 1, key=f"{number:064x}", recipient="person",
            channel="portal", words="nl", sources=["case"], reason="due", state="done",
            decided=NOON, handed=NOON - timedelta(days=number), opened=NOON,
        )  # fmt: skip
    page = enter(person).get("/")
    assert page.content.decode().count("/bericht/") == 100
    assert len(page.content) == STEP


def test_the_same_work_is_done_for_everyone_where_nothing_waits() -> None:
    """Signing in, what was searched and what was chosen ask the same of the databases, and hash as often."""
    someone_, nobody = told("Truus", Detail.EVERYTHING), chooser("Noor", Detail.EVERYTHING)
    assert asked_in(someone_) == asked_in(nobody)


def asked_in(person: Someone) -> list[list[str]]:
    """Return the statements, without their values, of each step of a visit up to the first page."""
    client, path = Client(), entrance(person)
    steps: list[Callable[[], object]] = [
        lambda: client.get(path),
        lambda: client.post(path),
        lambda: client.get("/gezocht/"),
        lambda: client.get("/waarom/"),
        lambda: client.get("/verlaten/"),
        *(lambda path=path: client.get(path) for path in ("/keuzes/", "/keuzes/1/", "/rust/", "/stop/")),
        lambda: client.post("/keuzes/1/", {"deel": "1", "rhythm": "yearly"}),
        lambda: client.get("/keuzes/1/nalezen/"),
        lambda: client.get("/vooraf/"),
        lambda: client.get("/mijn/"),
        lambda: client.get("/mijn/gegevens/"),
        lambda: client.get("/mijn/bekeken/"),
        lambda: client.get("/mijn/mensen/"),
        lambda: client.get("/mijn/weg/"),
        *(lambda path=path: client.get(path) for path in ("/mijn/toegang/", "/mijn/toegang/app/")),
    ]
    return [asked(step) for step in steps]


def asked(step: Callable[[], object]) -> list[str]:
    with (
        CaptureQueriesContext(connections["default"]) as one,
        CaptureQueriesContext(connections["vault"]) as two,
    ):
        step()
    return [
        re.sub(r"'[^']*'|\"s\d+_x\d+\"|\b\d+\b|0x[0-9a-f]+|X'[^']*'", "?", query["sql"])
        for query in [*one, *two]
    ]
