"""Somebody is added in a real browser: with keyboard alone and no script, and each page looked at."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from luwte.desk.vault import services as vault
from luwte.desk.wishes import services as wishes
from tests.browser.test_by_keyboard import SMALL, press, stops
from tests.support import site as sites
from tests.support.site import Site
from tests.support.site import press as click
from tests.support.tour import ENROLLED, SOMEONE

FOCUSED = "() => document.activeElement && document.activeElement.id"


def to(page: Page, field: str) -> None:
    """Move with Tab to a field."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == field:
            return
    pytest.fail(f"the Tab key never comes to {field!r}")


def type_in(page: Page, field: str, text: str) -> None:
    """Type into a field that the Tab key comes to."""
    to(page, field)
    page.keyboard.type(text)


def tick(page: Page, field: str) -> None:
    """Choose the first answer of a question that the Tab key comes to."""
    to(page, field)
    page.keyboard.press("Space")


def test_somebody_is_added_with_the_keyboard_alone(site: Site) -> None:
    with site.page("nl", SMALL, script=False) as page:
        site.enter_staff(page)
        press(page, "Iemand toevoegen")
        press(page, "Begin een gesprek")
        type_in(page, "name", "Sanne Nieuw")
        type_in(page, "born", "05051990")
        tick(page, "seen")
        tick(page, "knows")
        press(page, "Bewaar en ga verder")
        type_in(page, "email", "sanne@example")
        press(page, "Bewaar en ga verder")
        press(page, "Stop hier en ga later verder")
        press(page, "Verder")
        tick(page, "safe_ways")
        type_in(page, "code_word", "linde")
        tick(page, "near")
        press(page, "Bewaar en ga verder")
        press(page, "Bewaar en ga verder")
        tick(page, "needs")
        press(page, "Bewaar en ga verder")
        assert "Sanne Nieuw" in page.locator("main").inner_text()
        assert "5 mei 1990" in page.locator("main").inner_text()
        press(page, "Voeg deze persoon toe")
        assert "Wat Sanne Nieuw wil horen" in page.locator("h1").inner_text()
        press(page, "Vraag hierover")
        to(page, "told-no")
        page.keyboard.press("ArrowUp")
        press(page, "Lees het terug")
        press(page, "Ja, bewaar dit")
        assert "Het is bewaard" in page.locator("main").inner_text()
    (found,) = [one for one in vault.people() if one.identity.name == "Sanne Nieuw"]
    assert found.address("email") == "sanne@example"
    assert [one.told for one in wishes.versions(site_subject(found.id))] == [True]


def site_subject(person_id: str) -> str:
    """Return the pseudonym of a person."""
    from luwte.desk.telling.subjects import subject_of

    return subject_of(person_id)


def fill(page: Page, given: dict[str, str | list[str]]) -> None:
    """Fill in a form."""
    for name, values in given.items():
        for value in [values] if isinstance(values, str) else values:
            if page.locator(f"main fieldset input[name={name}]").count():
                page.check(f"main input[name={name}][value='{value}']")
            else:
                page.fill(f"#{name}", value.replace("\r\n", "\n"))


def walk(site: Site, page: Page, language: str) -> list[tuple[str, str]]:
    """Look somebody up, add somebody, ask and change; return what is wrong as (page, fault)."""
    faults: list[tuple[str, str]] = []

    def look(name: str) -> None:
        faults.extend(sites.look(page, language, f"care {name}"))
        faults.extend((name, str(stop)) for stop in stops(page))

    site.enter_staff(page)
    sites.speak(page, language)
    look("work list")
    page.goto("/staff/find/")
    look("find")
    page.fill("#email", "noor@example.org")
    click(page, "form[role=search] button")
    look("found")
    page.fill("#email", "noor")
    click(page, "form[role=search] button")
    look("find, a fault")
    page.goto("/staff/enrol/")
    look("conversations")
    click(page, "form[action='/staff/enrol/'] button")
    for step, given in ENROLLED.items():
        if step == "acting":
            click(page, "a[href$='step/someone/']")
            look("somebody who acts")
            fill(page, dict(SOMEONE))
            click(page, "form[action$='step/someone/'] button")
        look(f"step {step}")
        fill(page, given)
        click(page, f"form[action$='step/{step}/'] button")
    look("read back")
    click(page, "form[action$='keep/'] button")
    look("wishes")
    click(page, "a[href$='wishes/4/']")
    look("a wish")
    page.check("#told-yes")
    click(page, "button[value=read]")
    look("a wish read back")
    click(page, "button[value=keep]")
    click(page, "main a")
    look("person")
    for place in ("who", "contact", "assessment", "acting"):
        click(page, f"main a[href$='/{place}/']")
        look(f"change {place}")
        page.go_back()
    page.goto("/staff/first/")
    page.locator("summary").first.click()
    look("first contacts")
    return faults


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_of_the_care_worker_is_well_made(site: Site, language: str) -> None:
    with site.page(language) as page:
        assert walk(site, page, language) == []
