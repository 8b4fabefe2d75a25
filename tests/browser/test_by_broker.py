"""A person signs in through the broker in a real browser, on two sites; nothing is wrong on any page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import Page

from luwte.desk.pages import moment
from luwte.desk.portal import openid
from tests.support.by_broker import connected
from tests.support.provider import Client, Provider, running
from tests.support.site import Site, look, press, speak

LANGUAGES = ("nl", "en")


@pytest.fixture
def provider(site: Site) -> Iterator[Provider]:
    """On 127.0.0.1, another site than that of the desk, which is on localhost."""
    assert "//localhost:" in site.url
    openid.forget()
    known = running(Provider(moment.now, Client(f"{site.url}/via/terug/")))
    with known as found, override_settings(BROKER=found.broker()):
        connected(site.people["Chris"])
        yield found
    openid.forget()


def go(page: Page, act: str = "yes") -> None:
    """Go by the link on the first page to the broker, and press a button there."""
    page.goto("/")
    press(page, "main a.nl-button")
    assert page.url.startswith("http://127.0.0.1:")
    assert page.evaluate("document.referrer") == ""
    press(page, f"button[value={act}]")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_comes_in(site: Site, provider: Provider, language: str, script: bool) -> None:
    with site.page(language, script=script) as page:
        page.goto("/")
        press(page, "main a.nl-button")
        press(page, "button[value=yes]")
        assert page.locator("main h1").inner_text() in ("Voordat u verder gaat", "Before you go on")
        press(page, "main a.nl-button")
        assert page.url == f"{site.url}/"
        assert page.locator("main h1").inner_text() in (
            "Er is een bericht voor u",
            "There is a message for you",
        )
        page.goto("/uit/")
        assert page.context.cookies(site.url) == []
        page.goto("/")
        assert page.locator("form[action='/pauze/']").count() == 0


def test_who_has_nothing_here_and_who_stops_see_a_calm_page(site: Site, provider: Provider) -> None:
    provider.user = "nobody"
    faults: list[tuple[str, str]] = []
    for language in LANGUAGES:
        with site.page(language) as page:
            page.goto("/")
            speak(page, language)
            faults += look(page, language, "ways in")
            go(page)
            faults += look(page, language, "broker closed")
            assert page.locator("main h1").inner_text() in (
                "Wij kunnen u zo niet binnenlaten", "We cannot let you in this way",
            )  # fmt: skip
            go(page, "no")
            faults += look(page, language, "broker stopped")
            provider.answers["/keys"] = (500, {}, b"")
            go(page)
            faults += look(page, language, "broker away")
            provider.answers.clear()
    assert faults == []


def test_back_after_the_exit_shows_nothing(site: Site, provider: Provider) -> None:
    with site.page("nl") as page:
        go(page)
        press(page, "main a.nl-button")
        page.locator("header a.lw-exit").click()
        page.wait_for_url("**/vandaag/")
        for _ in range(3):
            page.evaluate("setTimeout(() => history.back(), 0)")
            page.wait_for_timeout(400)
            assert "Er is een bericht" not in page.locator("body").inner_text()


def test_young_people_choose_their_wording(site: Site) -> None:
    with site.page("nl") as page:
        site.enter(page, "Chris")
        press(page, "button[name=language][value=nl-youth]")
        assert "Er is een bericht voor jou" in page.locator("main").inner_text()
        assert look(page, "nl", "youth first page") == []
        press(page, "main a.nl-button")
        assert look(page, "nl", "youth message") == []
        page.goto("/keuzes/")
        assert look(page, "nl", "youth choices") == []
        press(page, "button[name=language][value=nl]")
        assert "u " in page.locator("footer").inner_text()
