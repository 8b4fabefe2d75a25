"""Every page of the portal and of the staff, as an answer: for tests that hold for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.test import Client

from luwte.desk.staff import accounts
from luwte.desk.telling import tasks
from luwte.desk.wishes.rules import Detail, Source
from tests.support.by_broker import arrive, come_back, sign_in, standing
from tests.support.desk import NOON, Someone
from tests.support.pages import enter, enter_by
from tests.support.stage import acting_entrance, alerted, entrance, eventful, everyone, represented, tell

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

OWN = (
    "/vooraf/", "/mijn/", "/mijn/gegevens/", "/mijn/bekeken/", "/mijn/mensen/", "/mijn/rechten/",
    "/mijn/weg/", "/mijn/weg/?verder", "/mijn/weg/?verder&nog",
)  # fmt: skip
"""What is a person's own, and what comes after the link."""
PASSWORD = "een-lang-wachtwoord-voor-de-proef"


def care_worker(language: str = "nl", name: str = "zorg") -> Client:
    """Return a browser in which a care worker has signed in."""
    client = Client(headers={"Accept-Language": language})
    client.force_login(User.objects.get_or_create(username=name, is_staff=True)[0])
    shown_factor(client)
    client.post("/taal/", {"language": language})
    return client


def shown_factor(client: Client) -> None:
    """Let the session of `client` count as begun with a second factor."""
    session = client.session
    session["staff"] |= {"factor": True}
    session.save()


def portal_pages(language: str) -> Iterator[tuple[str, Answer]]:
    """Give each page that a person can see, by name; those before sign-in begin with "outside"."""
    people = everyone()
    tell()
    visitor = Client(headers={"Accept-Language": language})
    yield "outside: first page", visitor.get("/")
    yield "outside: link", visitor.get(entrance(people["Anna"]))
    yield "outside: spent link", visitor.post("/in/unknown/")
    yield "outside: what the exit does", visitor.get("/verlaten/")
    yield "outside: safe devices", visitor.get("/veilig/")
    yield "outside: neutral", visitor.get("/vandaag/")
    yield "outside: not found", visitor.get("/nowhere/")
    yield from _by_broker(language)
    for who in ("Anna", "Bilal", "Chris", "Demi", "Eva", "Gijs", "Hanna", "Imke"):
        client = enter(people[who], language)
        yield f"{who}: first page", client.get("/")
        for path in re.findall(r'href="(/bericht/[0-9a-f]+/)"', client.get("/").content.decode()):
            yield f"{who}: message", client.get(path)
        yield f"{who}: asked", client.get("/?asked")
        yield f"{who}: why", client.get("/waarom/")
        yield f"{who}: searched", client.get("/gezocht/")
        client.post("/pauze/")
        yield f"{who}: paused", client.get("/")
        yield from ((f"{who}: {path}", client.get(path)) for path in OWN)
    yield from _choices(people["Bilal"], language)
    client.post("/mijn/weg/", {"act": "ask", "sure": "yes"})
    for path in ("/mijn/", "/mijn/weg/"):
        yield f"leaving: {path}", client.get(path)
    yield from _other_pages(language)


def _by_broker(language: str) -> Iterator[tuple[str, Answer]]:
    """What a visitor sees on the way through a broker who does not come in."""
    with standing() as provider:
        visitor = Client(headers={"Accept-Language": language})
        yield "outside: way by the broker", visitor.get("/")
        yield "outside: not by the broker", sign_in(visitor)
        yield "outside: stopped at the broker", arrive(visitor, come_back(visitor, "no"))
        provider.answers["/keys"] = (500, {}, b"")
        yield "outside: broker away", sign_in(visitor)


def _choices(person: Someone, language: str) -> Iterator[tuple[str, Answer]]:
    """The pages on which somebody chooses: what holds, each question, the read-back, rest and stop."""
    client = enter(person, language)
    for path in ("/keuzes/", "/keuzes/1/", "/rust/", "/stop/"):
        yield f"chooses: {path}", client.get(path)
    client.post("/keuzes/1/", {"deel": "1", "rhythm": "weekly"})
    for part in range(1, 9):
        yield f"chooses: question {part}", client.get(f"/keuzes/1/?deel={part}")
    client.post("/keuzes/1/", {"deel": "2", "channel": "care_worker"})
    yield "chooses: alone", client.get("/keuzes/1/nalezen/")
    yield "chooses: a call", client.post("/keuzes/1/nalezen/", {"alone": "yes"}, follow=True)
    yield "chooses: so far", client.get("/keuzes/1/?verder")
    yield "chooses: nothing new", client.get("/keuzes/1/?later")
    yield "chooses: no answer", client.post("/keuzes/1/", {"deel": "1"})
    client.post("/keuzes/1/", {"deel": "8", "told": "no"})
    yield "chooses: nothing any more", client.get("/keuzes/1/nalezen/")
    yield "chooses: no day", client.post("/rust/", {"first": "soon", "kind": "days"})
    days = {"first": "2026-07-01", "last": "2026-07-14", "kind": "exams"}
    yield "chooses: quiet days", client.post("/rust/", days, follow=True)
    for found in re.findall(r'href="(/bericht/[0-9a-f]+/)"', client.get("/").content.decode()):
        yield "chooses: why told", client.get(f"{found}waarom/")
    yield "chooses: stopped", client.post("/stop/", follow=True)


def _other_pages(language: str) -> Iterator[tuple[str, Answer]]:
    """Pages of events, of safety, and of someone who acts for a person."""
    karim, acting = represented("Karim")
    lapses = NOON + timedelta(days=60)
    right = eventful("Lotte", Source.RIGHTS, "claim", Detail.EVERYTHING, lapses=lapses)
    step = eventful("Mees", Source.EVENTS, "verdict", Detail.BANDS)
    safe = alerted("Nadia")
    tell()
    entrances = {
        "Riet": acting_entrance(acting),
        **{name: entrance(one) for name, one in (("Karim", karim), ("Lotte", right), ("Mees", step))},
        "Nadia": entrance(safe),
    }
    for who, path in entrances.items():
        client = enter_by(path, language)
        first = client.get("/")
        yield f"{who}: first page", first
        for found in re.findall(r'href="(/bericht/[0-9a-f]+/)"', first.content.decode()):
            yield f"{who}: message", client.get(found)
        if who != "Riet":
            yield f"{who}: why", client.get("/waarom/")
            yield from ((f"{who}: {path}", client.get(path)) for path in OWN)
        for found in re.findall(r'action="(/gelezen/[0-9a-f]+/)"', first.content.decode()):
            client.post(found)
            yield f"{who}: confirmed", client.get("/")
        if who != "Riet":
            client.post("/niet-goed/")
            yield f"{who}: not well", client.get("/voor-u/")


def staff_pages(language: str) -> Iterator[tuple[str, Answer]]:
    """Give each page that a care worker can see, by name."""
    people = everyone()
    tell()
    yield "sign in", Client(headers={"Accept-Language": language}).get("/staff/sign-in/")
    client = care_worker(language)
    yield "account", client.get("/staff/account/")
    yield "app", client.get("/staff/account/app/")
    yield "password", client.get("/staff/account/password/")
    yield "password refused", client.post("/staff/account/password/")
    token = accounts.add("nieuw", by="command", now=NOON)
    yield "invited", Client(headers={"Accept-Language": language}).get(f"/staff/invited/{token}/")
    yield "work list", client.get("/staff/")
    yield "look for people", client.get("/staff/people/")
    yield "people", client.get("/staff/people/?name=")
    yield "people by outcome", client.get("/staff/people/?outcome=call")
    yield "nobody", client.get("/staff/people/?name=nobody")
    for who, person in people.items():
        yield who, client.get(f"/staff/person/{person.id}/")
    for task in tasks.queue():
        client.post(f"/staff/call/{task.id}/", {"act": "accept"})
    yield "work list, taken", client.get("/staff/")
    for who in ("Farid", "Demi"):
        yield f"{who}, taken", client.get(f"/staff/person/{people[who].id}/")
    karim, acting = represented("Karim")
    browser = enter(karim)
    browser.post("/niet-goed/")
    browser.post("/mijn/weg/", {"act": "ask", "sure": "yes"})
    yield "Karim", client.get(f"/staff/person/{karim.id}/")
    yield "link of Riet", client.post(f"/staff/person/{karim.id}/acting/{acting}/link/")
    yield "link", client.post(f"/staff/person/{people['Anna'].id}/link/")
