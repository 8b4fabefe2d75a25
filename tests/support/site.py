"""Walking through the desk with a browser, as a person or as a care worker."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, ViewportSize

from tests.support.desk import Someone
from tests.support.stage import acting_entrance, entrance

ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: ViewportSize = {"width": 320, "height": 640}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
SIZES = {"phone": PHONE, "desktop": DESKTOP}
AXE_AT = {"nl": "phone", "en": "desktop"}
SHOTS = os.environ.get("LUWTE_SCREENSHOTS")
"""A folder in which a picture of each page that is looked at is put."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PASSWORD = "een-lang-wachtwoord-voor-de-proef"


@dataclass(frozen=True)
class Site:
    """A running desk, who is in it, and the id of who acts for Karim."""

    browser: Browser
    url: str
    people: Mapping[str, Someone]
    acting: str

    @contextmanager
    def page(
        self, language: str = "nl", size: ViewportSize = DESKTOP, *, script: bool = True
    ) -> Iterator[Page]:
        """Give a fresh page in a context of its own."""
        context = self.browser.new_context(
            base_url=self.url,
            locale={"nl": "nl-NL", "en": "en-GB"}[language],
            viewport=size,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        try:
            yield context.new_page()
        finally:
            context.close()

    def enter(self, page: Page, who: str) -> None:
        """Sign a person in with a fresh link."""
        self._enter_by(page, entrance(self.people[who]))

    def enter_acting(self, page: Page) -> None:
        """Sign in who acts for Karim."""
        self._enter_by(page, acting_entrance(self.acting))

    def _enter_by(self, page: Page, path: str) -> None:
        page.goto(path)
        press(page, "main button")
        page.wait_for_url(f"{self.url}/vooraf/")
        page.goto("/")

    def enter_staff(self, page: Page) -> None:
        """Sign a care worker in, with a recovery code that was not used before."""
        user, made = User.objects.get_or_create(username="zorg", is_staff=True)
        if made:
            user.set_password(PASSWORD)
            user.save()
            TOTP.activate(user, generate_totp_secret())
        page.goto("/staff/")
        page.fill("#username", "zorg")
        page.fill("#password", PASSWORD)
        press(page, "main form button")
        page.fill("#code", RecoveryCodes.activate(user).get_unused_codes()[0])
        press(page, "main form button")
        page.wait_for_url(f"{self.url}/staff/")


def press(page: Page, selector: str, *, last: bool = False) -> None:
    """Press what leads to another page, and wait until that page is there."""
    found = page.locator(selector)
    with page.expect_navigation():
        (found.last if last else found.first).click()


def look(page: Page, language: str, name: str) -> list[tuple[str, str]]:
    """Look at a page on a phone and on a desktop; return what is wrong as (`name`, fault)."""
    faults: list[tuple[str, str]] = []
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        if size == AXE_AT[language]:
            faults.extend((name, fault) for fault in axe_findings(page))
        if overflow(page) > 0:
            faults.append((name, f"{overflow(page)} pixels too wide on a {size}"))
        if SHOTS:
            picture = f"{language}-{size}-{name.replace(':', '').replace(' ', '-')}.png"
            page.screenshot(path=Path(SHOTS) / picture, full_page=True)
    if page.get_attribute("html", "lang") != language:
        faults.append((name, "is not in the language that was asked for"))
    return faults


def speak(page: Page, language: str) -> None:
    """Have the page speak `language`."""
    if page.get_attribute("html", "lang") != language:
        press(page, f"button[name=language][value={language}]")


def axe_findings(page: Page) -> list[str]:
    """Return what axe finds wrong on the page: rule, weight, place."""
    results = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        f"{found['id']} ({found['impact']}): {node['html'][:120]}"
        for found in results.response["violations"]
        for node in found["nodes"]
    ]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
