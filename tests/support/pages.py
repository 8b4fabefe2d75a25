"""Reading pages as a person does: the words of the main part, without the frame."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import TYPE_CHECKING

from django.test import Client

from tests.support.desk import NOON, Someone
from tests.support.stage import entrance

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

_BREAKS = re.compile(r"</(?:p|li|h1|h2|dt|dd|div|button|a|th|td|caption)>")


def enter(person: Someone, language: str = "nl", now: datetime = NOON) -> Client:
    """Return a browser in which the person has signed in."""
    return enter_by(entrance(person, now), language)


def enter_by(path: str, language: str = "nl") -> Client:
    """Return a browser in which someone has signed in with the link at `path`."""
    client = Client(headers={"Accept-Language": language})
    assert client.post(path).status_code == 302, "the link does not work"
    client.post("/taal/", {"language": language})
    return client


def text_of(page: str, part: str = "main") -> str:
    """Return the words of a part of a page, a line for each block."""
    found = re.search(rf"<{part}\b.*?</{part}>", page, re.DOTALL)
    inside = found.group() if found else ""
    lines = re.sub(r"<[^>]+>", " ", _BREAKS.sub("\n", inside)).splitlines()
    return html.unescape("\n".join(" ".join(line.split()) for line in lines if line.strip()))


def words(response: Answer, part: str = "main") -> str:
    """Return the words of a part of an answer."""
    return text_of(response.content.decode(), part)


def read_first(client: Client) -> str:
    """Open the message that waits, as from the first page, and return its words."""
    page = client.get("/").content.decode()
    path = re.search(r'href="(/bericht/[0-9a-f]+/)"', page)
    assert path is not None, "no message waits"
    return words(client.get(path.group(1)))
