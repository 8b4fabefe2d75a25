"""The exit leaves nothing behind the back button, with the back-forward cache on, as people have it."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.support.site import PHONE, Site

SECRETS = ("Chris-1", "ten minste 7 keer", "Wat u koos om te lezen", "Er is een bericht")


def press_back(page: Page) -> None:
    """Go back without waiting for a load: a page from the back-forward cache does not load."""
    page.evaluate("setTimeout(() => history.back(), 0)")
    page.wait_for_timeout(400)


def seen(page: Page) -> list[str]:
    text = page.locator("body").inner_text()
    return [secret for secret in SECRETS if secret in text]


def test_back_reload_and_forward_show_nothing_after_the_exit(site: Site) -> None:
    with site.page("nl", PHONE) as page:
        site.enter(page, "Chris")
        page.locator("main a.nl-button").click()
        assert "Chris-1" in page.locator("main").inner_text()
        page.evaluate("localStorage.setItem('a', '1'); sessionStorage.setItem('a', '1')")
        page.locator("header a.lw-exit").click()
        page.wait_for_url("**/vandaag/")
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert page.context.cookies() == []
        assert page.evaluate("document.referrer") == ""
        for _ in range(3):
            press_back(page)
            assert seen(page) == []
        page.reload()
        assert seen(page) == []
        page.go_forward()
        assert seen(page) == []


def test_the_old_cookie_and_another_tab_are_signed_out(site: Site) -> None:
    with site.page("nl") as page:
        site.enter(page, "Chris")
        cookies = page.context.cookies()
        other = page.context.new_page()
        other.goto("/")
        page.locator("header a.lw-exit").click()
        page.wait_for_url("**/vandaag/")
        other.reload()
        assert seen(other) == []
        page.context.add_cookies(cookies)  # type: ignore[arg-type]
        page.goto("/")
        assert seen(page) == []
        assert "niet aangemeld" in page.locator("main").inner_text()
