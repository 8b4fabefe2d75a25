"""Every page of the portal and of the staff, as an answer: for tests that hold for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.test import Client

from tests.support.pages import enter
from tests.support.stage import entrance, everyone, tell

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

PASSWORD = "een-lang-wachtwoord-voor-de-proef"


def care_worker(language: str = "nl") -> Client:
    """Return a browser in which a care worker has signed in."""
    client = Client(headers={"Accept-Language": language})
    client.force_login(User.objects.get_or_create(username="zorg", is_staff=True)[0])
    client.post("/taal/", {"language": language})
    return client


def portal_pages(language: str) -> Iterator[tuple[str, Answer]]:
    """Give each page that a person can see, by name; those before sign-in begin with "outside"."""
    people = everyone()
    tell()
    visitor = Client(headers={"Accept-Language": language})
    yield "outside: first page", visitor.get("/")
    yield "outside: link", visitor.get(entrance(people["Anna"]))
    yield "outside: spent link", visitor.post("/in/unknown/")
    yield "outside: what the exit does", visitor.get("/verlaten/")
    yield "outside: neutral", visitor.get("/vandaag/")
    yield "outside: not found", visitor.get("/nowhere/")
    for who in ("Anna", "Bilal", "Chris", "Demi", "Eva", "Gijs", "Hanna", "Imke"):
        client = enter(people[who], language)
        yield f"{who}: first page", client.get("/")
        for path in re.findall(r'href="(/bericht/[0-9a-f]+/)"', client.get("/").content.decode()):
            yield f"{who}: message", client.get(path)
        yield f"{who}: asked", client.get("/?asked")
        yield f"{who}: why", client.get("/waarom/")
        client.post("/pauze/")
        yield f"{who}: paused", client.get("/")


def staff_pages(language: str) -> Iterator[tuple[str, Answer]]:
    """Give each page that a care worker can see, by name."""
    people = everyone()
    tell()
    yield "sign in", Client(headers={"Accept-Language": language}).get("/staff/sign-in/")
    client = care_worker(language)
    yield "work list", client.get("/staff/")
    for who, person in people.items():
        yield who, client.get(f"/staff/person/{person.id}/")
    yield "link", client.post(f"/staff/person/{people['Anna'].id}/link/")
