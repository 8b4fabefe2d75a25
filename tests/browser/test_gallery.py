"""Every page of the tour before a real browser: what axe finds, what eyes, fingers and the keyboard meet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, ViewportSize

from luwte.base.clock import ManualClock
from luwte.desk.pages import moment
from tests.support import contact_sheet
from tests.support.desk import NOON, make_keys
from tests.support.gallery import Picture, Wall, hung, shapes, wall
from tests.support.site import AXE_AT, SHOTS, SIZES, axe_findings
from tests.support.words import sign_all

ZOOMED: ViewportSize = {"width": 320, "height": 256}
"""A window of 1280 by 1024 at 400 % (WCAG 1.4.10)."""
WIDE_SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    "p { margin-bottom: 2em !important }"
)
"""WCAG 1.4.12."""
SET_SPACING = """text => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text);
document.adoptedStyleSheets = [sheet] }"""
PARTS = 6
"""The most stops that one field has: day, month, year, hour, minute, and the calendar."""
LANGUAGES = [code for code, _ in settings.LANGUAGES]

pytestmark = pytest.mark.timeout(1200)


@pytest.fixture(autouse=True)
def tour(home: Path, transactional_db: None, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tour needs: keys, the clock of the pages, and texts that were signed."""
    make_keys(home)
    monkeypatch.setattr(moment, "clock", ManualClock(NOON + timedelta(minutes=1)))
    sign_all(NOON)


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(browser: Browser, language: str) -> None:
    faults = {}
    with wall(browser, language) as place:
        for picture in shapes(language):
            page = place.show(picture, SIZES[AXE_AT.get(language, "phone")])
            if found := axe_findings(page):
                faults[picture.name] = found
    assert not faults


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_400_percent_nothing_is_cut_or_scrolls_sideways(browser: Browser, language: str) -> None:
    faults = {}
    with wall(browser, language) as place:
        for picture in hung(language):
            place.show(picture, ZOOMED)
            found = {what: place.look(what) for what in ("cut", "overlaps", "targets")}
            place.page.evaluate(SET_SPACING, WIDE_SPACING)
            found["cut with wide spacing"] = place.look("cut")
            if any(found.values()):
                faults[picture.name] = {what: each for what, each in found.items() if each}
    assert not faults


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_nothing_lies_over_anything_and_lines_are_not_long(
    browser: Browser, language: str, size: str
) -> None:
    faults = {}
    with wall(browser, language) as place:
        for picture in hung(language):
            place.show(picture, SIZES[size])
            found = {what: place.look(what) for what in ("cut", "overlaps", "targets", "longest")}
            if any(found.values()):
                faults[picture.name] = {what: each for what, each in found.items() if each}
    assert not faults


@pytest.mark.parametrize(
    "options",
    [{}, {"color_scheme": "dark"}, {"contrast": "more"}, {"forced_colors": "active"}],
    ids=["as it is", "dark", "more contrast", "forced colours"],
)
def test_words_and_fields_stand_out(browser: Browser, options: dict[str, Any]) -> None:
    faults = {}
    with wall(browser, "nl", **options) as place:
        for picture in shapes("nl"):
            place.show(picture, SIZES["phone"])
            if found := place.look("contrast"):
                faults[picture.name] = found
    assert not faults


def test_the_keyboard_comes_everywhere_in_the_order_of_reading(browser: Browser) -> None:
    faults = {}
    with wall(browser, "nl") as place:
        for picture in shapes("nl"):
            place.show(picture, ZOOMED)
            if found := list(walked(place)):
                faults[picture.name] = found
    assert not faults


def walked(place: Wall) -> Iterator[str]:
    """Walk through a page with Tab and back; yield what is wrong with a stop, their order, or the end."""
    there = place.look("stops")
    way: list[int] = []
    before = None
    for _ in range(there * PARTS + 2):
        place.page.keyboard.press("Tab")
        stop = place.look("focused")
        if stop is None or (way and stop["place"] == 0):
            break  # out of the page, from where Chromium sometimes comes in again by the same press
        if stop["place"] not in way[-1:]:
            way.append(stop["place"])
        if not stop["seen"] or stop["outline"] < 2 or stop["contrast"] < 3:
            yield f"not seen or not marked: {stop}"
        if before and before["flows"] and stop["flows"]:
            if (
                stop["top"] < before["bottom"] - 4
                and stop["left"] < before["left"]
                and stop["bottom"] > before["top"]
            ):
                yield f"{stop['name']} comes after {before['name']}, which stands to its right"
            if stop["bottom"] <= before["top"]:
                yield f"{stop['name']} comes after {before['name']}, which stands below it"
        before = stop
    else:
        yield "the key never leaves the page"
    if way != list(range(there)):
        yield f"{there} stops, visited {way}"
    back: list[int] = []
    for _ in range(there * PARTS + 2):
        place.page.keyboard.press("Shift+Tab")
        stop = place.look("focused")
        if stop is not None and stop["place"] not in back[-1:]:
            back.append(stop["place"])
        if len(back) == there:
            break
    if back != way[::-1]:
        yield f"{way} forwards, {back} backwards"


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_script_every_page_says_the_same(browser: Browser, language: str) -> None:
    """With LUWTE_SCREENSHOTS a picture of each is put there, phone and desktop: `make screenshots`."""
    sheet = contact_sheet.Sheet(Path(SHOTS), language) if SHOTS else None
    faults = {}
    with wall(browser, language) as with_script, wall(browser, language, script=False) as without:
        for picture in hung(language):
            said = [words(place, picture) for place in (with_script, without)]
            if said[0] != said[1]:
                faults[picture.name] = said
            take(sheet, with_script, picture, "script")
            take(sheet, without, picture, "no script")
    if sheet:
        sheet.write()
    assert not faults


def take(sheet: contact_sheet.Sheet | None, place: Wall, picture: Picture, way: str) -> None:
    """Take a picture of a page in each size, if there is a sheet to put it on."""
    for size, viewport in SIZES.items():
        if sheet is not None:
            sheet.add(picture, size, way, place.show(picture, viewport).screenshot(full_page=True))


def words(place: Wall, picture: Picture) -> str:
    """Return the words of a page but for those that speak of what a script does."""
    page = place.show(picture, SIZES["desktop"])
    script = "[data-script], [data-passkey], [data-no-passkey]"
    return str(
        page.evaluate(
            "script => { const all = document.body.innerText;"
            " return [...document.querySelectorAll(script)].filter(one => one.checkVisibility())"
            ".reduce((text, one) => text.replace(one.innerText, ''), all).replace(/\\s+/g, ' ').trim() }",
            script,
        )
    )
