"""From an invitation to the work list with a real browser: with a passkey, and without script with an app."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Page

from luwte.desk.accounts import accounts
from luwte.desk.pages.moment import now
from tests.support.accounts import shown_by
from tests.support.site import DESKTOP, PASSWORD, PHONE, Site, axe_findings, overflow, press

SHOTS = os.environ.get("LUWTE_SCREENSHOTS")
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def with_key(site: Site, page: Page) -> Iterator[None]:
    """Give the page's browser a device that makes passkeys; its address becomes a name, as they need one."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    with override_settings(PORTAL_URL=local(site)):
        yield


def local(site: Site) -> str:
    return re.sub(r"//[^:/]+", "//localhost", site.url)


def look(page: Page, name: str, language: str) -> list[str]:
    """Return what is wrong with the page on a phone and on a desktop."""
    faults = []
    for size, viewport in (("phone", PHONE), ("desktop", DESKTOP)):
        page.set_viewport_size(viewport)
        if page.evaluate("document.documentElement.lang") != language or overflow(page) > 0:
            faults.append(f"{name} on a {size}: other language or too wide")
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{language}-{size}-account-{name}.png", full_page=True)
    return faults + [f"{name}: {fault}" for fault in axe_findings(page)]


def invite(name: str) -> str:
    return f"/staff/invited/{accounts.add(name, by='command', now=now())}/"


def choose(page: Page, site: Site, path: str) -> None:
    page.goto(f"{local(site)}{path}")
    page.fill("#new_password", PASSWORD)
    page.fill("#again", PASSWORD)
    press(page, "main form button")


def blocked(page: Page) -> list[str]:
    """Return a list that fills with what the policy of a page refuses."""
    found: list[str] = []
    page.on("console", lambda one: found.append(one.text) if one.type == "error" else None)
    return found


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_passkey_is_set_up_and_signs_in_alone(site: Site, language: str) -> None:
    with site.page(language, DESKTOP) as page, with_key(site, page):
        refused, faults = blocked(page), []
        page.goto(f"{local(site)}{invite('nieuw')}")
        faults += look(page, "invited", language)
        page.fill("#new_password", "kort")
        page.fill("#again", "kort")
        press(page, "main form button")
        faults += look(page, "invited-refused", language)
        page.fill("#new_password", PASSWORD)
        page.fill("#again", PASSWORD)
        press(page, "main form button")
        faults += look(page, "first", language)
        press(page, "main a[href$='/account/passkey/']")
        faults += look(page, "passkey-add", language)
        press(page, "#add")
        faults += look(page, "codes", language)
        press(page, "main a.nl-button")
        page.wait_for_url("**/staff/")
        page.goto(f"{local(site)}/staff/account/")
        faults += look(page, "account", language)
        press(page, "header form button")
        press(page, "main a[href$='/passkey/']")
        faults += look(page, "passkey", language)
        press(page, "#authenticate")
        page.wait_for_url("**/staff/")
        press(page, "header form button")
        page.fill("#username", "nieuw")
        page.fill("#password", PASSWORD)
        press(page, "main form button")
        faults += look(page, "second-step", language)
        press(page, "#authenticate")
        page.wait_for_url("**/staff/")
    assert not faults
    assert not refused


def test_without_script_an_app_does_it(site: Site) -> None:
    with site.page("nl", PHONE, script=False) as page:
        choose(page, site, invite("nieuw"))
        press(page, "main a[href$='/account/app/']")
        secret = page.inner_text("code")
        page.fill("#code", shown_by(secret))
        press(page, "main form button")
        codes = page.locator(".lw-codes li").all_inner_texts()
        press(page, "main a.nl-button")
        assert page.url.endswith("/staff/")
        press(page, "header form button")
        page.goto(f"{local(site)}/staff/sign-in/passkey/")
        assert "voert hier geen scripts uit" in page.inner_text("main")
        page.goto(f"{local(site)}/staff/sign-in/")
        page.fill("#username", "nieuw")
        page.fill("#password", PASSWORD)
        press(page, "main form button")
        page.fill("#code", codes[0])
        press(page, "main form button")
        assert page.url.endswith("/staff/")


def test_pages_of_the_account_look_right(site: Site) -> None:
    with site.page("nl", DESKTOP) as page:
        faults: list[str] = []
        choose(page, site, invite("nieuw"))
        press(page, "main a[href$='/account/app/']")
        faults += look(page, "app", "nl")
        secret = page.inner_text("main code")
        page.fill("#code", "000000")
        press(page, "main form button")
        faults += look(page, "app-refused", "nl")
        page.fill("#code", shown_by(secret))
        press(page, "main form button")
        for name in ("password", "codes/new", "app/remove"):
            page.goto(f"{local(site)}/staff/account/{name}/")
            faults += look(page, name.replace("/", "-"), "nl")
        page.goto(f"{local(site)}/staff/again/")
        faults += look(page, "again", "nl")
        page.goto(f"{local(site)}/staff/invited/no-such-link/")
        faults += look(page, "invitation-spent", "nl")
    assert not faults
