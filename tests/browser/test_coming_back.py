"""Coming back on one's own in a real browser: by a passkey, and without script by a number and a code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import override_settings
from playwright.sync_api import Page

from luwte.crypto.one_time import code_at, step_of
from luwte.desk.pages import moment
from luwte.desk.vault import services as vault
from luwte.desk.vault.services import Whose
from tests.support.site import DESKTOP, PHONE, Site, look, press, speak
from tests.support.stage import entrance

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@contextmanager
def with_key(site: Site, page: Page) -> Iterator[str]:
    """Give the page's browser a device that makes passkeys; give the address with the name that they need."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    local = re.sub(r"//[^:/]+", "//localhost", site.url)
    with override_settings(PORTAL_URL=local):
        yield local


def shown(secret: str, now: datetime | None = None) -> str:
    """Return the code that an app shows, by the clock of the pages."""
    return code_at(secret, step_of(now or moment.now()))


def refusals(page: Page) -> list[str]:
    """Return a list that fills with what the policy of a page refuses, and with errors of scripts."""
    found: list[str] = []
    page.on("console", lambda one: found.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda one: found.append(str(one)))
    return found


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_passkey_is_made_and_lets_in_alone(site: Site, language: str) -> None:
    cache.clear()
    with site.page(language, DESKTOP) as page, with_key(site, page) as local:
        refused, faults = refusals(page), []
        page.goto(f"{local}{entrance(site.people['Bilal'])}")
        press(page, "main button")
        speak(page, language)
        page.goto(f"{local}/mijn/toegang/")
        faults += look(page, language, "ways-none")
        press(page, "main a[href$='/sleutel/']")
        faults += look(page, language, "ways-passkey")
        press(page, "main form button")
        faults += look(page, language, "ways-codes")
        assert len(page.locator(".lw-codes li").all()) == 10
        press(page, "main a.nl-button")
        faults += look(page, language, "ways-passkey-there")
        page.goto(f"{local}/uit/")
        page.goto(f"{local}/")
        press(page, "main a[href='/binnen/']")
        speak(page, language)
        faults += look(page, language, "come-in")
        press(page, "main form[data-passkey] button")
        page.wait_for_url(f"{local}/")
        assert page.locator("main a[href^='/bericht/']").count() > 0
    assert not faults
    assert not refused


def test_a_browser_that_gets_no_passkey_is_told_so(site: Site) -> None:
    """The device knows none: the page says so, and the form for a number stays."""
    with site.page("nl", PHONE) as page, with_key(site, page) as local:
        page.goto(f"{local}/binnen/")
        page.click("main form[data-passkey] button")
        page.wait_for_selector("[data-passkey-failed]:not([hidden])")
        assert "Probeer het nog eens" in page.inner_text("[data-passkey-failed]")
        assert page.is_visible("#number")
        assert not look(page, "nl", "come-in-no-passkey")


def test_without_script_an_app_and_a_code_on_paper_do_it(site: Site) -> None:
    cache.clear()
    with site.page("nl", PHONE, script=False) as page:
        site.enter(page, "Bilal")
        page.goto("/mijn/toegang/sleutel/")
        assert "Uw browser doet dit hier niet." in page.inner_text("main")
        assert not page.is_visible("main form[data-passkey]")
        page.goto("/mijn/toegang/app/")
        secret = page.inner_text("main code")
        page.fill("#code", shown(secret))
        press(page, "main form button")
        codes = page.locator(".lw-codes li").all_inner_texts()
        number = page.inner_text("main strong")
        page.goto("/uit/")
        page.goto("/binnen/")
        assert not page.is_visible("main form[data-passkey]")
        page.fill("#number", number)
        page.fill("#code", codes[0])
        press(page, "main form:not([hidden]) button")
        assert page.url == f"{site.url}/"
        page.goto("/uit/")
        page.goto("/binnen/")
        page.fill("#number", number)
        page.fill("#code", shown(secret, moment.now() + timedelta(seconds=30)))
        press(page, "main form:not([hidden]) button")
        assert page.url == f"{site.url}/"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pages_look_right(site: Site, language: str) -> None:
    cache.clear()
    with site.page(language, DESKTOP) as page:
        faults = []
        site.enter(page, "Bilal")
        speak(page, language)
        page.goto("/mijn/toegang/app/")
        faults += look(page, language, "ways-app")
        secret = page.inner_text("main code")
        page.fill("#code", "000000")
        press(page, "main form button")
        faults += look(page, language, "ways-app-refused")
        page.fill("#code", shown(secret))
        press(page, "main form button")
        page.goto("/mijn/toegang/")
        faults += look(page, language, "ways-app-there")
        assert vault.ways_in(Whose(site.people["Bilal"].id)).app
        page.goto("/uit/")
        page.goto("/binnen/")
        speak(page, language)
        page.fill("#number", "1")
        page.fill("#code", "1")
        press(page, "main form:not([data-passkey]) button")
        faults += look(page, language, "come-in-refused")
        page.goto("/")
        faults += look(page, language, "outside")
    assert not faults


def test_two_minutes_before_the_end_a_line_offers_to_stay(site: Site) -> None:
    with site.page("nl", PHONE) as page:
        page.clock.install()
        site.enter(page, "Bilal")
        page.goto("/waarom/")
        line = page.locator("[data-soon]")
        page.clock.run_for(27 * 60 * 1000)
        assert not line.is_visible()
        page.clock.run_for(61 * 1000)
        assert line.is_visible()
        assert "Over twee minuten bent u afgemeld." in line.inner_text()
        assert not look(page, "nl", "stay")
        with page.expect_navigation():
            line.locator("a").click()
        assert page.url == f"{site.url}/waarom/"
        assert not page.locator("[data-soon]").is_visible()
