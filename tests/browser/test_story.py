"""The whole story with the real commands, a carrier that is read out, a mail that arrives, and a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from luwte.desk.words.claims import breaches
from tests.support.accounts import PASSWORD, shown_by
from tests.support.site import DESKTOP, PHONE, press
from tests.support.story import World, world

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("story")) as found:
        yield found


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_from_the_first_conversation_to_a_right_used(there: World, browser: Browser, script: bool) -> None:
    series = "heron" if script else "otter"
    there.enrol(f"{series.title()} Verzonnen", series)
    options: dict[str, Any] = {"base_url": there.url, "java_script_enabled": script, "locale": "nl-NL"}
    staff = browser.new_context(viewport=DESKTOP, **options).new_page()
    page = browser.new_context(viewport=PHONE, **options).new_page()
    try:
        signs_up(there, staff, f"zorg-{series}")
        page.goto(link_for(staff, series))
        goes_in(page)
        assert heading(page) == "Er is geen nieuw bericht voor u"
        chooses_mail_and_bands(page)
        press(page, "footer form[action='/pauze/'] button")
        assert "U heeft een pauze tot" in page.inner_text("main")
        there.find(series, f"2026-{series}")
        there.tell()
        assert there.mailbox.to(f"{series}@post.example") == [], "nothing leaves in a pause"
        press(page, "footer form[action='/verder/'] button")
        there.tell()
        reads_the_mail(there, series)
        page.goto(link_for(staff, series))
        goes_in(page)
        opens_in_two_steps(page)
        uses_a_right(page)
        press(page, "header a.lw-exit")
        page.wait_for_url("**/vandaag/")
        assert page.context.cookies() == []
    finally:
        staff.context.close()
        page.context.close()


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def signs_up(there: World, page: Page, name: str) -> None:
    """A care worker follows the invitation: a password, an app that shows codes, recovery codes."""
    invited = there.desk.luwte("desk", "staff", "add", name)
    page.goto(next(word for word in invited.split() if word.startswith("http")))
    page.fill("#new_password", PASSWORD)
    page.fill("#again", PASSWORD)
    press(page, "main form button")
    press(page, "main a[href$='/account/app/']")
    page.fill("#code", shown_by(page.inner_text("code")))
    press(page, "main form button")
    press(page, "main a.nl-button")
    assert heading(page) == "Werklijst"


def link_for(page: Page, series: str) -> str:
    """The care worker looks for the person and makes the link that is given by hand."""
    page.goto("/staff/")
    page.fill("#name", series)
    press(page, "form[role=search] button")
    press(page, "tbody th a")
    press(page, "form[action$='/link/'] button")
    return page.inner_text("code").strip()


def goes_in(page: Page) -> None:
    press(page, "main button")
    assert page.url.endswith("/vooraf/")
    press(page, "main a.nl-button")


def chooses_mail_and_bands(page: Page) -> None:
    """More than before, and in another way: so the person is asked whether they are alone."""
    press(page, "footer a[href='/keuzes/']")
    press(page, "a[href='/keuzes/1/']")
    for part, value in ((2, "email"), (5, "bands")):
        press(page, f"main a[href$='deel={part}']")
        page.check(f"input[value={value}]")
        press(page, "main form button")
        if page.locator("button[name=alone]").count():
            press(page, "button[name=alone][value=yes]")
        if part == 2:
            press(page, "main a[href$='verder']")
    press(page, "form[action$='vast/'] button")
    assert "Uw keuze is bewaard." in page.inner_text("main")


def reads_the_mail(there: World, series: str) -> None:
    """It came through a real server, and says nothing about what it is."""
    mails = there.mailbox.to(f"{series}@post.example")
    assert len(mails) == 1
    text = f"{mails[0].subject}\n{mails[0].body}"
    assert not breaches(text, "nl", outside=True)
    assert there.mailbox.looks_the_same()
    assert not re.search(f"{series}|2026-|Verzonnen", text.replace(there.url, ""))


def opens_in_two_steps(page: Page) -> None:
    """First that there is something, then as much as was chosen, and no more."""
    assert heading(page) == "Er is een bericht voor u"
    assert "gevonden" not in page.inner_text("main")
    press(page, "main a.nl-button")
    said = page.inner_text("main")
    assert "gevonden dat misschien met u te maken heeft" in said
    assert "2026-" not in said, "the number of the case was not chosen"


def uses_a_right(page: Page) -> None:
    """The right to see one's data, and to have it erased, which is taken back."""
    press(page, "footer a[href='/mijn/']")
    press(page, "main a[href='/mijn/gegevens/']")
    with page.expect_download() as saved:
        page.click("main form[action$='/blad/'] button")
    kept = json.loads(Path(saved.value.path()).read_text())
    assert "Verzonnen" in json.dumps(kept, ensure_ascii=False)
    press(page, "footer a[href='/mijn/']")
    press(page, "main a[href='/mijn/weg/']")
    press(page, "main a[href*='verder']")
    page.check("#sure")
    press(page, "main form[action='/mijn/weg/'] button")
    press(page, "footer a[href='/mijn/']")
    assert "U vroeg ons om uw gegevens te wissen" in page.inner_text("main")
    press(page, "main .utrecht-alert a")
    press(page, "button[value=keep]")
    press(page, "footer a[href='/mijn/']")
    assert page.locator("main .utrecht-alert").count() == 0
