"""The lists of the staff: to look for people and to turn pages without script and without mouse."""

from __future__ import annotations

import pytest

from luwte.desk.pages import pagination
from tests.browser.test_by_keyboard import press, stops
from tests.support import site as sites
from tests.support.site import PHONE, Site


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page show three people; the site runs in this process."""
    monkeypatch.setattr(pagination, "ROWS", 3)


@pytest.mark.usefixtures("small")
def test_somebody_looks_for_people_with_the_keyboard_alone(site: Site) -> None:
    with site.page("nl", PHONE, script=False) as page:
        site.enter_staff(page)
        page.focus("#name")
        page.keyboard.type("a")
        press(page, "Tonen")
        assert page.title().startswith("Mensen zoeken")
        seen = page.locator("tbody th").all_inner_texts()
        press(page, "Volgende pagina")
        assert page.locator("[aria-current=page]").inner_text() == "2"
        assert page.input_value("#name") == "a"
        seen += page.locator("tbody th").all_inner_texts()
        assert len(seen) == len(set(seen)) == 6
        assert seen == sorted(seen)
        press(page, "1")
        assert page.locator("tbody th").all_inner_texts() == seen[:3]
        assert stops(page) == []


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_lists_have_nothing_wrong(site: Site, language: str) -> None:
    faults: list[tuple[str, str]] = []
    with site.page(language, PHONE) as page:
        site.enter_staff(page)
        sites.speak(page, language)
        for name, path in (
            ("staff: work list, first page", "/staff/"),
            ("staff: look for people", "/staff/people/"),
        ):
            page.goto(path)
            faults += sites.look(page, language, name)
        for name, typed in (("staff: people", "a"), ("staff: nobody", "nobody")):
            page.goto("/staff/people/")
            page.fill("#name", typed)
            sites.press(page, "form[role=search] button")
            assert page.url.endswith("/staff/people/"), "no name stands in the address"
            faults += sites.look(page, language, name)
    assert not faults
