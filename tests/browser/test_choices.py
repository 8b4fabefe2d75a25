"""Choosing in a real browser: every screen looked at, Back and reload, and without script or mouse."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Page

from luwte.desk.wishes import services as wishes
from tests.browser.test_by_keyboard import SMALL, stops
from tests.browser.test_by_keyboard import press as by_keyboard
from tests.support import site as sites
from tests.support.choosing import chosen
from tests.support.site import PHONE, Site, press


def walk(site: Site, page: Page, language: str) -> list[tuple[str, str]]:
    """Choose something of everything; return what is wrong as (page, fault)."""
    faults: list[tuple[str, str]] = []

    def look(name: str) -> None:
        faults.extend(sites.look(page, language, f"choices {name}"))

    site.enter(page, "Gijs")
    sites.speak(page, language)
    page.goto("/keuzes/")
    look("what holds")
    press(page, "a[href='/keuzes/1/']")
    look("what to change")
    for part in range(1, 9):
        page.goto(f"/keuzes/1/?deel={part}")
        if page.locator("form[action='/keuzes/1/']").count():
            look(f"question {part}")
    page.goto("/keuzes/1/?deel=1")
    page.check("input[value=weekly]")
    press(page, "main form button")
    look("read back with a mail")
    press(page, "main a[href$='verder']")
    look("so far")
    for part in (3, 6):
        page.goto(f"/keuzes/1/?deel={part}")
        look(f"question {part}")
    page.goto("/keuzes/1/?deel=2")
    page.check("input[value=care_worker]")
    press(page, "main form button")
    look("alone")
    press(page, "button[value=yes]")
    look("read back with a call")
    press(page, "form[action$='vast/'] button")
    look("kept")
    page.goto("/keuzes/1/?deel=8")
    press(page, "main form button")
    look("nothing any more")
    page.goto("/rust/")
    look("quiet")
    page.fill("#first", "2026-07-01")
    page.fill("#last", "2026-06-01")
    press(page, "main form[action='/rust/'] button")
    look("quiet, wrong")
    page.fill("#last", "2026-07-14")
    press(page, "main form[action='/rust/'] button")
    look("quiet, kept")
    page.goto("/stop/")
    look("before stopping")
    page.goto("/")
    press(page, "footer form[action='/stop/'] button")
    look("stopped")
    site.enter(page, "Chris")
    sites.speak(page, language)
    press(page, "main a.nl-button")
    press(page, "main a[href$='/waarom/']")
    look("why this message")
    return faults


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_screen_of_choosing(site: Site, language: str) -> None:
    mail = settings.MAIL | {"host": "127.0.0.1", "port": "1", "sender": "bericht@post.example"}
    with override_settings(MAIL=mail), site.page(language, PHONE) as page:
        faults = walk(site, page, language)
    assert not faults


def test_back_and_reload_show_a_page_and_change_nothing(site: Site) -> None:
    person = site.people["Chris"]
    with site.page("nl") as page:
        site.enter(page, "Chris")
        page.goto("/keuzes/1/")
        press(page, "main a[href$='deel=1']")
        page.check("input[value=yearly]")
        press(page, "main form button")
        assert "eens per jaar" in page.locator("main").inner_text()
        page.reload()
        assert "eens per jaar" in page.locator("main").inner_text()
        page.go_back()
        assert page.locator("input[value=yearly]").is_checked()
        page.go_forward()
        press(page, "form[action$='vast/'] button")
        assert chosen(person).rhythm == "yearly"
        for _ in range(3):
            page.go_back()
            assert page.locator("h1").count() == 1, "a page, not a question of the browser"
        page.reload()
    assert len(wishes.versions(person.subject)) == 2


def test_two_presses_on_one_button_make_one_version(site: Site) -> None:
    person = site.people["Chris"]
    with site.page("nl") as page:
        site.enter(page, "Chris")
        page.goto("/keuzes/1/?deel=5")
        page.check("input[value=something]")
        press(page, "main form button")
        page.locator("form[action$='vast/'] button").dblclick()
        page.wait_for_url("**/keuzes/*")
    assert len(wishes.versions(person.subject)) == 2


def test_choosing_and_stopping_without_script_and_mouse(site: Site) -> None:
    with site.page("nl", SMALL, script=False) as page:
        site.enter(page, "Chris")
        by_keyboard(page, "Wat ik kies")
        by_keyboard(page, "Verander “Onderzoeken van de politie”")
        by_keyboard(page, "Hoeveel u leest")
        page.locator("input[value=something]").focus()
        page.keyboard.press("Space")
        by_keyboard(page, "Verder")
        by_keyboard(page, "Ja, dit is wat ik wil")
        assert "Uw keuze is bewaard." in page.locator("main").inner_text()
        by_keyboard(page, "Stop met alles")
        assert "Wij sturen u nu niets" in page.locator("main").inner_text()
    assert not chosen(site.people["Chris"]).told


def test_every_stop_of_the_key_is_seen(site: Site) -> None:
    with site.page("nl", SMALL) as page:
        site.enter(page, "Chris")
        for path in ("/keuzes/", "/keuzes/1/", "/keuzes/1/?deel=2", "/rust/", "/stop/"):
            page.goto(path)
            assert stops(page) == [], path
