"""Signing in through a provider, as a browser does it, in which the desk has no session yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import requests
from django.conf import settings
from django.test import Client as Browser
from django.test import override_settings

from luwte.desk.pages import moment
from luwte.desk.portal import openid
from luwte.desk.vault import brokered
from tests.support.desk import NOON, Someone
from tests.support.provider import BSN, Client, Provider, running

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

BACK = "http://testserver/via/terug/"


@contextmanager
def standing() -> Iterator[Provider]:
    """Give a provider that behaves and goes by the clock of the pages, known to the desk."""
    openid.forget()
    with running(Provider(moment.now, Client(BACK))) as found, known(found):
        yield found
    openid.forget()


def known(provider: Provider, **changes: Any) -> override_settings:
    """Let the desk know the provider."""
    return override_settings(BROKER=provider.broker(**changes), PORTAL_URL="http://testserver/")


def connected(person: Someone, value: str = BSN) -> Someone:
    """Let a person sign in with an account at the broker that the desk knows; return the person."""
    assert settings.BROKER is not None
    brokered.connect(person.id, brokered.mark(settings.BROKER.issuer, "sub", value), NOON)
    return person


def come_back(browser: Browser, act: str = "yes") -> str:
    """Go to the provider, press its button, and return the address to which it leads back."""
    there = browser.get("/via/")
    assert there.status_code == 302, there.content
    answer = requests.post(there["Location"], data={"act": act}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def arrive(browser: Browser, back: str) -> Answer:
    """Come back as a browser does after a form on another site: without the cookies that are strict."""
    strict = {name: one.value for name, one in browser.cookies.items() if one["samesite"] == "Strict"}
    for name in strict:
        del browser.cookies[name]
    answer = browser.get(back.removeprefix("http://testserver"))
    for name in strict.keys() - browser.cookies.keys():
        browser.cookies[name] = strict[name]
        browser.cookies[name]["samesite"] = "Strict"
    return answer


def sign_in(browser: Browser | None = None) -> Answer:
    """Sign in through the provider that the desk knows; return the page at the end."""
    browser = browser or Browser()
    return arrive(browser, come_back(browser))
