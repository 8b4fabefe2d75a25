"""The pages of casework in a real browser, of a process that was really started and has no vault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.test_by_keyboard import press as by_keyboard
from tests.browser.test_by_keyboard import stops
from tests.support import site as sites
from tests.support.accounts import PASSWORD, shown_by
from tests.support.desk import entry_id
from tests.support.served import Houses, Served, Visit, served
from tests.support.site import DESKTOP, PHONE, press
from tests.support.worlds import A, X, people, reported

ROLES = ("examiner", "reviewer", "case-officer", "list-manager")
LONELY = entry_id("q")
PREPARE = f"""
import django
django.setup()
from luwte.base.clock import SystemClock
from luwte.desk.findings.models import Quarantine
from luwte.desk.review import proposals
from luwte.desk.review.proposals import Change
now = SystemClock().now()
for number in range(3):
    Quarantine.objects.create(entry="{LONELY[:-1]}%d" % number, since=now, cases=9 + number, baseline=0.25)
proposals.ask(Change.RELEASE, "{LONELY[:-1]}0", "looked at twice", by="casework:99", now=now)
"""


@pytest.fixture
def houses(home: Path, tmp_path: Path) -> Houses:
    """A desk with something of everything that casework sees."""
    found = Houses(home, tmp_path / "vault")
    people(found.telling)
    found.casework("desk", "intake", reported(home, tmp_path / "r.lwreport"))
    found.casework("desk", "review", "limits", "--hours", "0-24", "--no-acute")
    found.telling("desk", "stakes")
    done = found.casework.started(program="import os; os.environ['DJANGO_SETTINGS_MODULE'] = "
                                  "'luwte.desk.project.settings'\n" + PREPARE)  # fmt: skip
    _, error = done.communicate(timeout=120)
    assert done.returncode == 0, error
    return found


@pytest.fixture
def casework(houses: Houses) -> Iterator[tuple[Served, str]]:
    """Casework, served, and the key of the app of Wim, who has every role."""
    houses.vault.rename(houses.vault.with_name("away"))
    with served(houses.casework) as found:
        invitation = houses.invited(houses.casework, "wim", "--administrator")
        for role in ROLES:
            houses.casework("desk", "staff", "role", "wim", role)
        yield found, Visit(found.url).enter(invitation)


@contextmanager
def entered(
    browser: Browser, casework: tuple[Served, str], language: str, *, script: bool = True
) -> Iterator[Page]:
    """Give a page on a phone in which Wim has signed in."""
    site, key = casework
    context = browser.new_context(
        base_url=site.url, locale={"nl": "nl-NL", "en": "en-GB"}[language], viewport=PHONE,
        java_script_enabled=script, reduced_motion="reduce",
    )  # fmt: skip
    try:
        page = context.new_page()
        page.goto("/")
        page.fill("#username", "wim")
        page.fill("#password", PASSWORD)
        press(page, "main form button")
        page.fill("#code", shown_by(key, 1))
        press(page, "main form button")
        page.wait_for_url(f"{site.url}/staff/")
        if page.get_attribute("html", "lang") != language:
            press(page, f"button[name=language][value={language}]")
        yield page
    finally:
        context.close()


def visit_all(page: Page, language: str, made: Path) -> list[tuple[str, str]]:
    """Walk over every page of casework; return what is wrong as (page, fault)."""
    faults: list[tuple[str, str]] = []

    def look(name: str) -> None:
        faults.extend(sites.look(page, language, f"casework: {name}"))

    look("work list")
    page.goto("/staff/review/")
    look("review")
    press(page, "button[value=next]")
    assert X in page.locator("main").inner_text()
    look("question")
    press(page, "button[value=confirmed]")
    look("answered")
    press(page, "button[value=next]")
    look("nothing more")
    page.goto("/staff/review/undo/")
    look("undo")
    page.fill("#cluster", X)
    press(page, "main form button")
    look("undo, what follows")
    page.goto("/staff/quarantine/")
    look("quarantine")
    press(page, "tbody a >> nth=0")
    look("an entry that a colleague asked about")
    press(page, "button[value=approve]")
    look("released")
    page.goto(f"/staff/entry/{A}/")
    look("an entry")
    page.check("#act-withdraw")
    page.fill("#reason", "verkeerd beeld")
    press(page, "main form button")
    look("an entry, asked")
    page.goto("/staff/lists/")
    look("lists")
    press(page, "tbody a[href^='/staff/lists/']")
    look("whose lists")
    page.fill("#source", "elders")
    page.fill("#reason", "bekeken")
    press(page, "main form button")
    look("whose lists, asked")
    page.goto("/staff/numbers/")
    assert page.locator("figure svg").count() == 2
    look("numbers of review")
    page.goto("/staff/accounts/")
    look("who does what")
    press(page, "tbody a")
    look("an account, one's own")
    page.goto("/staff/limits/")
    look("limits")
    page.fill("#first", "900")
    press(page, "section[aria-labelledby=floor] form button")
    look("limits, the floor tried")
    page.fill("#reason-floor", "te veel werk")
    press(page, "section[aria-labelledby=floor] form[method=post] button")
    look("limits, asked")
    page.fill("#items_a_day", "1")
    press(page, "section[aria-labelledby=limits] form button")
    look("limits, tried")
    page.goto("/staff/intake/")
    look("intake")
    page.set_input_files("#report", made)
    page.fill("#case", "C-7")
    press(page, "main form button")
    page.wait_for_timeout(3000)
    page.reload()
    look("a report")
    page.goto("/staff/intake/")
    page.set_input_files("#report", {"name": "x.lwreport", "mimeType": "text/plain", "buffer": b"x"})
    press(page, "main form button")
    page.wait_for_timeout(2000)
    page.reload()
    look("a report, refused")
    page.goto("/staff/intake/")
    look("intake, some")
    page.goto("/staff/cases/")
    look("cases")
    press(page, "tbody a >> nth=0")
    look("a case of which nothing was told")
    page.select_option("#step", "hearing_moved")
    page.fill("#occurred", "2026-06-29")
    page.fill("#hearing", "h1")
    press(page, "section[aria-labelledby=add] form button")
    look("a case with a step that waits")
    page.select_option("#step", "judgment")
    page.fill("#occurred", "2206-06-29")
    press(page, "section[aria-labelledby=add] form button")
    look("a case, a step refused")
    page.goto("/staff/")
    look("work list, more")
    page.goto("/nowhere/")
    look("not found")
    return faults


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_of_casework(
    browser: Browser, casework: tuple[Served, str], houses: Houses, tmp_path: Path, language: str
) -> None:
    made = reported(houses.home, tmp_path / "other.lwreport")
    with entered(browser, casework, language) as page:
        faults = visit_all(page, language, made)
    assert not faults


def test_a_reviewer_works_with_the_keyboard_alone(
    browser: Browser, casework: tuple[Served, str], houses: Houses
) -> None:
    with entered(browser, casework, "nl", script=False) as page:
        page.goto("/staff/review/")
        by_keyboard(page, "Neem de volgende")
        assert stops(page) == []
        page.goto("/staff/review/")
        by_keyboard(page, "Hetzelfde beeld")
        assert "Een ander kijkt ook" in page.locator("main").inner_text()
        by_keyboard(page, "Neem de volgende")
        assert "Er wacht niets op u" in page.locator("main").inner_text()
        page.set_viewport_size(DESKTOP)
        for path in ("/staff/", "/staff/quarantine/", "/staff/limits/", "/staff/intake/", "/staff/numbers/"):
            page.goto(path)
            assert stops(page) == []
    assert "before one" in houses.casework("desk", "review", "status")
