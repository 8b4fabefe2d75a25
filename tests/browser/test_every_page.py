"""Every page, in both languages, on a phone and on a desktop: nothing for axe to find, nothing sticks out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.support import site as sites
from tests.support.site import PHONE, Site, press
from tests.support.stage import entrance


def visit_all(site: Site, page: Page, language: str) -> list[tuple[str, str]]:
    """Walk over every page; return what is wrong as (page, fault)."""
    faults: list[tuple[str, str]] = []

    def look(name: str) -> None:
        faults.extend(sites.look(page, language, name))

    def speak() -> None:
        sites.speak(page, language)

    page.goto("/")
    look("outside")
    page.goto(entrance(site.people["Anna"]))
    look("link")
    page.goto("/in/no-such-link/")
    press(page, "main button")
    look("spent link")
    page.goto("/vandaag/")
    look("neutral")
    for who in ("Anna", "Bilal", "Chris"):
        site.enter(page, who)
        speak()
        if who == "Anna":
            look("there is something")
        press(page, "main a.nl-button")
        look(f"{who}: message")
    page.goto("/")
    look("home with what was read before")
    press(page, "footer form button")
    look("home with a pause")
    page.goto("/waarom/")
    look("why")
    page.goto("/gezocht/")
    look("searched")
    press(page, "main form button")
    look("searched, no checkpoint yet")
    page.goto("/verlaten/")
    look("leaving")
    site.enter_acting(page)
    speak()
    look("Riet: there is something")
    press(page, "main a.nl-button")
    look("Riet: message")
    site.enter(page, "Nadia")
    speak()
    look("Nadia: about safety")
    press(page, "main section button")
    look("Nadia: read")
    site.enter(page, "Lotte")
    speak()
    page.goto("/mijn/rechten/")
    assert page.locator("figure svg").count() == 1
    look("Lotte: until when a right can be used")
    site.enter(page, "Lotte")
    speak()
    press(page, "main a.nl-button")
    look("Lotte: message")
    press(page, "footer section form[action$='niet-goed/'] button")
    look("Lotte: not well")
    press(page, "main a.nl-link")
    look("Lotte: stopped")
    site.enter(page, "Hanna")
    speak()
    look("nothing new")
    press(page, "main form button")
    look("asked")
    site.enter(page, "Demi")
    speak()
    page.goto("/waarom/")
    look("why, never asked")
    page.goto("/staff/sign-in/")
    look("staff: sign in")
    page.fill("#username", "nobody")
    page.fill("#password", "nothing")
    press(page, "main button")
    look("staff: sign in failed")
    site.enter_staff(page)
    look("staff: work list")
    for who in ("Farid", "Imke", "Joris", "Karim", "Lotte"):
        page.goto(f"/staff/person/{site.people[who].id}/")
        look(f"staff: {who}")
    press(page, "button[value=accept]")
    press(page, "button[value=reached]")
    look("staff: Lotte, a call recorded")
    press(page, "form[action$='/lift/'] button")
    look("staff: Lotte, the pause ended")
    page.goto(f"/staff/person/{site.people['Karim'].id}/")
    press(page, "form[action*='/acting/'] button")
    look("staff: a link for Riet")
    page.goto(f"/staff/person/{site.people['Farid'].id}/")
    press(page, "button[value=accept]")
    look("staff: Farid, taken")
    page.fill("input[name=slot]", "2030-03-05T14:30")
    press(page, "button[value=book]")
    look("staff: Farid, booked")
    page.goto("/staff/")
    look("staff: work list, taken")
    page.goto(f"/staff/person/{site.people['Farid'].id}/")
    press(page, "main form button", last=True)
    look("staff: a link")
    page.goto(f"/staff/person/{site.people['Lotte'].id}/")
    look("staff: Lotte, with a right that runs out")
    page.goto("/no-such-page/")
    look("not found")
    return faults


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page(site: Site, language: str) -> None:
    with site.page(language, PHONE) as page:
        faults = visit_all(site, page, language)
    assert not faults
