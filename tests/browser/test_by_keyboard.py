"""Without script and without mouse: the whole way, and every stop of the Tab key is seen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.support.site import Site
from tests.support.stage import entrance

SMALL: ViewportSize = {"width": 320, "height": 480}
FOCUS = """() => {
  const found = document.activeElement;
  if (!found || found === document.body) return null;
  const box = found.getBoundingClientRect();
  const points = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]];
  const seen = points.filter(([x, y]) => {
    const top = document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
    return top && (found.contains(top) || top.contains(found) && top !== document.body);
  });
  const style = getComputedStyle(found);
  return {name: (found.textContent || found.name || found.id).trim(), seen: seen.length,
          outline: parseFloat(style.outlineWidth), height: box.height, width: box.width,
          inline: style.display === 'inline'};
}"""


def press(page: Page, name: str) -> None:
    """Move with Tab to what is called `name`, and press Enter."""
    for _ in range(40):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found and found["name"] == name:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    pytest.fail(f"the Tab key never comes to {name!r}")


def test_the_whole_way_without_script_and_mouse(site: Site) -> None:
    with site.page("nl", SMALL, script=False) as page:
        page.goto(entrance(site.people["Bilal"]))
        press(page, "Verder")
        press(page, "Verder")
        press(page, "Niet nu")
        assert "Uw bericht blijft hier staan" in page.locator("h1").inner_text()
        press(page, "Lezen wat u koos")
        assert "meer dan 5" in page.locator("main").inner_text()
        press(page, "Berichten pauzeren")
        assert "U heeft een pauze tot" in page.locator("main").inner_text()
        press(page, "English")
        assert "You have a pause until" in page.locator("main").inner_text()
        press(page, "End the pause")
        assert "pause until" not in page.locator("main").inner_text()
        press(page, "Why do I get a message or not?")
        press(page, "Leave this page")
        page.wait_for_url("**/vandaag/")


def test_every_stop_is_seen_and_large_enough(site: Site) -> None:
    with site.page("nl", SMALL) as page:
        site.enter(page, "Chris")
        for path in ("/", "/waarom/", "/gezocht/"):
            page.goto(path)
            assert stops(page) == []
        site.enter_staff(page)
        assert stops(page) == []


def stops(page: Page) -> list[str]:
    """Walk through the page with Tab; return each stop that is hidden, too small, or not marked."""
    faults: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        page.wait_for_timeout(30)
        found = page.evaluate(FOCUS)
        if found is None:
            return faults
        small = not found["inline"] and min(found["height"], found["width"]) < 24
        if found["seen"] == 0 or found["outline"] < 2 or small:
            faults.append(str(found))
    return faults


def test_wide_spacing_breaks_nothing(site: Site) -> None:
    """WCAG 1.4.12: line height 1.5, letters .12 em, words .16 em, paragraphs 2 em."""
    spacing = (
        "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } "
    )
    spacing += "p { margin-bottom: 2em !important }"
    with site.page("nl", SMALL) as page:
        site.enter(page, "Bilal")
        for path in ("/", "/waarom/", "/staff/sign-in/"):
            page.goto(path)
            page.evaluate(
                "text => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text);"
                " document.adoptedStyleSheets = [sheet]; }",
                spacing,
            )
            assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"], path
