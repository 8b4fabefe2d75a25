"""Changing a wish as a person does in the portal: question by question."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from django.test import Client

from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import Choice, Source, Wish, latest
from tests.support.desk import NOON, Someone

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

PLACES = {"case": 1, "internet": 2, "events": 3, "rights": 4, "takedown": 5, "safety": 6}
PARTS = ("rhythm", "channel", "weekday", "hours", "detail", "cover", "words", "told")


def standing(person: Someone, source: Source = Source.CASE) -> Wish:
    """Return the newest version of what the person chose."""
    found = latest(wishes.wishes([person.subject]), source, NOON.replace(year=2100))
    assert found is not None
    return found


def chosen(person: Someone, source: Source = Source.CASE) -> Choice:
    """Return what the person chose last."""
    return standing(person, source).choice


def answer(client: Client, part: str, value: str, source: str = "case") -> Answer:
    """Answer one question; return the read-back, or the page that came instead."""
    path = f"/keuzes/{PLACES[source]}/"
    return client.post(path, {"deel": str(PARTS.index(part) + 1), part: value}, follow=True)


def hidden(page: Answer) -> dict[str, list[str]]:
    """Return what the read-back sends when it is kept."""
    found: dict[str, list[str]] = {}
    form = re.search(
        r'<form method="post" action="/keuzes/\d/vast/">.*?</form>', page.content.decode(), re.DOTALL
    )
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form.group() if form else ""):
        found.setdefault(name, []).append(html.unescape(value))
    return found


def keep(client: Client, page: Answer, source: str = "case") -> Answer:
    """Keep what was read back."""
    return client.post(f"/keuzes/{PLACES[source]}/vast/", hidden(page), follow=True)
