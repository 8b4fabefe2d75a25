"""Every page of the tour, put before a real browser as the desk answered it: to be looked at, and measured.

A page that is added to `tests.support.tour` hangs here by itself.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connections
from django.utils import translation
from playwright.sync_api import Browser, Page, Route, ViewportSize

from tests.support.desk import NOON
from tests.support.pages import text_of
from tests.support.tour import portal_pages, staff_pages
from tests.support.tour_accounts import account_pages
from tests.support.words import sign_all

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

PLACE = "https://desk.test"
EYES = (Path(__file__).parent / "eyes.js").read_text(encoding="utf-8").partition("\n")[2]
LOCALES = {"nl": "nl-NL", "en": "en-GB"}
NOT_SHOWN = re.compile(r"<!--[0-9a-f]*-->|value=\"[\w-]{20,}\"|\s+")
VALUES = re.compile(r">[^<]+<|=\"[^\"]*[0-9/][^\"]*\"| checked| selected")


@dataclass(frozen=True, slots=True)
class Picture:
    """One page of the tour: its name, the room it is in, and the answer of the desk."""

    name: str
    room: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def file(self) -> str:
        """A name for files: letters, digits and hyphens."""
        return re.sub(r"[^a-z0-9]+", "-", f"{self.room} {self.name}".lower()).strip("-")

    @property
    def shape(self) -> str:
        """What stays of the page without its words, so that pages of one shape are measured once."""
        return VALUES.sub("><", NOT_SHOWN.sub(" ", self.body))


@cache
def hung(language: str) -> tuple[Picture, ...]:
    """Return every page of the tour in `language`; of pages that show the same, the first."""
    found: dict[str, Picture] = {}
    with translation.override(language):
        rooms = (("portal", portal_pages), ("staff", staff_pages), ("staff", account_pages))
        for room, tour in rooms:
            _afresh()
            for picture in _pictures(room, tour(language)):
                found.setdefault(_seen(picture), picture)
    return tuple(found.values())


def shapes(language: str) -> tuple[Picture, ...]:
    """Return one page of each shape."""
    return tuple({one.shape: one for one in reversed(hung(language))}.values())[::-1]


@contextmanager
def wall(
    browser: Browser, language: str, *, script: bool = True, sheet: str = "", **options: Any
) -> Iterator[Wall]:
    """Give a place where a browser looks at one page after the other; `sheet`: with another style sheet."""
    context = browser.new_context(
        base_url=PLACE,
        locale=LOCALES.get(language, language),
        java_script_enabled=script,
        reduced_motion="reduce",
        **options,
    )
    try:
        yield Wall(context.new_page(), sheet)
    finally:
        context.close()


class Wall:
    """A page of a browser that gets what the desk answered, and static files as the desk serves them."""

    def __init__(self, page: Page, sheet: str = "") -> None:
        self.page, self._sheet = page, sheet
        self._now: Picture | None = None
        page.route("**/*", self._answer)

    def show(self, picture: Picture, size: ViewportSize) -> Page:
        """Show a page in a window of this size, and return it."""
        self._now = picture
        self.page.set_viewport_size(size)
        self.page.goto(picture.path)
        return self.page

    def look(self, what: str) -> Any:
        """Return what one of the functions in `eyes.js` finds."""
        return self.page.evaluate(f"{EYES.strip().rstrip()}.{what}()")

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if self._sheet and path.endswith("/look.css"):
            route.fulfill(content_type="text/css", body=self._sheet)
        elif path.startswith("/static/"):
            file = finders.find(path.removeprefix("/static/"))
            assert isinstance(file, str), path
            route.fulfill(path=file, content_type=mimetypes.guess_type(file)[0])
        elif self._now is not None and route.request.resource_type == "document":
            headers = dict(self._now.headers)
            route.fulfill(status=self._now.status, headers=headers, body=self._now.body)
        else:
            route.abort()


def _afresh() -> None:
    """Empty both databases, so that nobody of another tour is met; the texts are signed."""
    for alias in connections:
        call_command("flush", verbosity=0, interactive=False, database=alias, inhibit_post_migrate=True)
    sign_all(NOON)


def _seen(picture: Picture) -> str:
    """The words of a page and the shape of it: pages alike in both look the same."""
    return picture.shape + text_of(picture.body, "body")


def _pictures(room: str, tour: Iterator[tuple[str, Answer]]) -> Iterator[Picture]:
    kept = ("Content-Type", "Content-Security-Policy", "Referrer-Policy", "Cache-Control")
    for name, answer in tour:
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        headers = {header: answer[header] for header in kept if header in answer}
        path = answer.wsgi_request.get_full_path()
        body = answer.content.decode()
        yield Picture(name, room, path, answer.status_code, headers, body)
