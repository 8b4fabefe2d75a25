"""The exit with its script: it empties the page at once, and Shift three times does the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page

from tests.browser.test_leaving import press_back, seen
from tests.support import site as sites
from tests.support.site import DESKTOP, PHONE, Site, press
from tests.support.stage import entrance


@pytest.fixture
def inside(site: Site) -> Iterator[Page]:
    """A page on which Chris reads a message."""
    with site.page("nl", DESKTOP) as page:
        site.enter(page, "Chris")
        press(page, "main a.nl-button")
        assert seen(page)
        yield page


def shift(page: Page, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press("Shift")


def out(page: Page) -> bool:
    page.wait_for_timeout(300)
    return page.url.endswith("/vandaag/")


def test_the_page_is_empty_before_the_exit_answers(inside: Page) -> None:
    """Looked at in the same turn as the press: no answer can have come yet."""
    left = inside.evaluate(
        "(() => { document.querySelector('a.lw-exit').click();"
        " return [document.body.innerText.trim(), document.title, document.querySelectorAll('a').length] })()"
    )
    assert left == ["Een moment", "Een moment", 0]
    inside.wait_for_url("**/vandaag/")


def test_shift_three_times_leaves_and_nothing_is_behind_the_back_button(inside: Page) -> None:
    shift(inside, 2)
    assert inside.locator("#leaving").inner_text() == "Druk nog een keer op Shift om weg te gaan."
    assert not out(inside)
    shift(inside)
    inside.wait_for_url("**/vandaag/")
    assert inside.context.cookies() == []
    assert inside.evaluate("localStorage.length + sessionStorage.length") == 0
    before = inside.evaluate("history.length")
    for _ in range(before):
        press_back(inside)
        assert seen(inside) == []
        assert "/bericht/" not in inside.url, "the page itself is out of the list"


def test_shift_that_writes_a_capital_does_not_count(inside: Page) -> None:
    for letter in "ABCD":
        inside.keyboard.press(f"Shift+{letter}")
    inside.keyboard.down("Control")
    shift(inside, 3)
    inside.keyboard.up("Control")
    assert not out(inside)
    shift(inside, 2)
    inside.keyboard.press("a")
    shift(inside, 2)
    assert not out(inside)
    shift(inside)
    inside.wait_for_url("**/vandaag/")


def test_after_five_seconds_the_presses_are_forgotten(inside: Page) -> None:
    shift(inside, 2)
    inside.wait_for_timeout(5_300)
    assert inside.locator("#leaving").inner_text() == "U blijft op deze pagina."
    shift(inside, 2)
    assert not out(inside)


def test_in_a_field_it_works_too(site: Site) -> None:
    with site.page("nl") as page:
        site.enter(page, "Chris")
        page.goto("/gezocht/")
        page.focus("#year")
        shift(page, 3)
        page.wait_for_url("**/vandaag/")


def test_a_page_from_the_memory_of_the_browser_is_hidden_and_asked_for_again(inside: Page) -> None:
    """The visit ended at the desk. Chromium keeps no such page here by itself, so it is told that it did."""
    Session.objects.all().delete()
    visible = inside.evaluate(
        "(() => { dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));"
        " return document.body.checkVisibility() })()"
    )
    assert visible is False
    inside.wait_for_selector("text=niet aangemeld")
    assert seen(inside) == []


def test_without_script_the_link_leads_out_and_shift_is_not_promised(site: Site) -> None:
    with site.page("nl", PHONE, script=False) as page:
        page.goto(entrance(site.people["Chris"]))
        press(page, "main button")
        assert "Shift" not in page.locator("main").inner_text()
        press(page, "main a.nl-button")
        press(page, "header a.lw-exit")
        page.wait_for_url("**/vandaag/")
        assert page.context.cookies() == []


def test_the_words_before_the_first_page_name_the_three_ways(site: Site) -> None:
    with site.page("nl", PHONE) as page:
        page.goto(entrance(site.people["Chris"]))
        assert page.locator("a[href='/uit/']").count() == 0
        press(page, "main button")
        assert page.url.endswith("/vooraf/")
        assert page.locator("a[href='/uit/']").count() == 0
        assert "druk drie keer op Shift" in page.locator("main").inner_text()
        shift(page, 3)
        page.wait_for_url("**/vandaag/")


def test_on_paper_there_is_no_exit(inside: Page) -> None:
    inside.emulate_media(media="print")
    assert not inside.locator("a.lw-exit").is_visible()
    assert not inside.locator("#leaving").is_visible()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_of_ones_own(site: Site, language: str) -> None:
    faults: list[tuple[str, str]] = []
    with site.page(language, PHONE) as page:

        def look(name: str) -> None:
            faults.extend(sites.look(page, language, name))

        page.goto("/veilig/")
        look("own: safe devices")
        site.enter(page, "Karim")
        sites.speak(page, language)
        for name, path in (
            ("before", "/vooraf/"), ("about you", "/mijn/"), ("data", "/mijn/gegevens/"),
            ("looked", "/mijn/bekeken/"), ("acting", "/mijn/mensen/"), ("rights", "/mijn/rechten/"),
            ("erase", "/mijn/weg/"),
        ):  # fmt: skip
            page.goto(path)
            look(f"own: {name}")
        press(page, "main a.nl-button")
        look("own: erase, second step")
        press(page, "main form button")
        look("own: erase, not ticked")
        page.check("#sure")
        press(page, "main form button")
        look("own: erase, asked")
        page.goto("/mijn/")
        look("own: about you, leaving")
        site.enter(page, "Lotte")
        sites.speak(page, language)
        press(page, "main a.nl-button")
        page.goto("/mijn/rechten/")
        look("own: rights, told")
        page.goto("/mijn/gegevens/")
        with page.expect_download() as saved:
            page.click("main form button")
        assert len(saved.value.suggested_filename) == len("12345678.json")
        page.keyboard.press("Shift")
        look("own: one press of Shift")
    assert not faults
