"""What stays on the disk of somebody's computer after the exit: nothing of what was read."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.site import ARGUMENTS, PHONE, Site, press
from tests.support.stage import entrance

READ = ("Chris-1", "ten minste 7 keer", "Wat u koos om te lezen", "Er is een bericht voor u", "2026-07-14")
"""What the person read and typed."""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


def visit(site: Site, browser: Browser, profile: Path, *, leave: bool = True) -> list[str]:
    """Read a message and type a day in a browser that keeps a profile, leave, and end the browser.

    Return what the page held outside of history and cache before the exit.
    """
    context = browser.browser_type.launch_persistent_context(
        profile,
        executable_path=shutil.which("chromium"),
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
        base_url=site.url,
        locale="nl-NL",
        viewport=PHONE,
    )
    try:
        page = context.pages[0]
        page.goto(entrance(site.people["Chris"]))
        press(page, "main button")
        press(page, "main a.nl-button")
        press(page, "main a.nl-button")
        assert "Chris-1" in page.inner_text("main")
        page.goto("/rust/")
        page.fill("#first", "2026-07-14")
        held = page.evaluate(HELD)
        page.goto("/mijn/")
        if leave:
            press(page, "header a.lw-exit")
            page.wait_for_url("**/vandaag/")
            assert context.cookies() == []
        settle(page)
    finally:
        context.close()
    return [str(one) for one in held]


HELD = """async () => [...Object.keys(localStorage), ...Object.keys(sessionStorage), ...await caches.keys(),
...(await indexedDB.databases()).map(one => one.name),
...(await navigator.serviceWorker.getRegistrations()).map(one => one.scope)]"""


def settle(page: Page) -> None:
    """Let the browser write what it means to keep: it does so some seconds later."""
    page.wait_for_timeout(4_000)


def traces(profile: Path, *words: str) -> dict[str, list[str]]:
    """Return which of `words` stand in which file of the profile, in either way that Chromium writes text."""
    found: dict[str, list[str]] = {}
    for file in files(profile):
        content = file.read_bytes()
        for word in words:
            if word.encode() in content or word.encode("utf-16-le") in content:
                found.setdefault(str(file.relative_to(profile)), []).append(word)
    return found


def files(profile: Path) -> Iterator[Path]:
    yield from (file for file in profile.rglob("*") if file.is_file() and not file.is_symlink())


def test_nothing_that_was_read_or_typed_stays_on_disk(site: Site, browser: Browser, profile: Path) -> None:
    held = visit(site, browser, profile)
    assert held == []
    assert traces(profile, *READ) == {}
    assert traces(profile, "Leaves at once"), (
        "the cache on disk was looked into: the script of the exit is in it"
    )


def test_history_names_the_address_and_a_neutral_title_alone(
    site: Site, browser: Browser, profile: Path
) -> None:
    """The pages say that the history stays. It says no more than they say."""
    visit(site, browser, profile)
    with sqlite3.connect(profile / "Default" / "History") as history:
        titles = dict(history.execute("SELECT url, title FROM urls"))
        downloads = history.execute("SELECT count(*) FROM downloads").fetchone()
    history.close()
    days = {title for url, title in titles.items() if url.endswith("/vandaag/")}
    assert all(re.fullmatch(r"\d+ [a-z]+ \d{4}", day) for day in days), days
    assert {"Berichten"} <= set(titles.values()) - days <= {"", "Berichten"}
    assert downloads == (0,)


def cookies(profile: Path) -> set[tuple[str, int]]:
    """Return the name of each cookie on disk, and whether it outlives the browser."""
    with sqlite3.connect(profile / "Default" / "Cookies") as kept:
        found = set(kept.execute("SELECT name, is_persistent FROM cookies"))
    kept.close()
    return found


def test_no_cookie_stays_on_disk(site: Site, browser: Browser, profile: Path) -> None:
    visit(site, browser, profile)
    assert cookies(profile) == set()


def test_without_the_exit_a_browser_that_ends_keeps_only_what_it_forgets_when_it_starts(
    site: Site, browser: Browser, profile: Path
) -> None:
    visit(site, browser, profile, leave=False)
    assert cookies(profile) == {("s", 0), ("c", 0), ("l", 0)}
    assert traces(profile, *READ) == {}
