"""A real browser and a running desk. Without Chromium these tests skip, but with CI set they fail."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from luwte.base.clock import ManualClock
from luwte.desk.pages import moment
from luwte.desk.wishes.rules import Detail, Source
from tests.support.desk import NOON, make_keys
from tests.support.site import ARGUMENTS, Site
from tests.support.stage import alerted, eventful, everyone, represented, tell
from tests.support.words import sign_all


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True, databases=["default", "vault"]))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, with the back-forward cache on, as people have it.

    Playwright keeps an event loop running in this thread; Django may be used beside it until it ends.
    """
    path = shutil.which("chromium")
    if path is None and os.environ.get("CI"):
        pytest.fail("Chromium is missing: install the Debian package chromium")
    if path is None:
        pytest.skip("Chromium is not on this machine")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        running = playwright.chromium.launch(
            executable_path=path, args=ARGUMENTS, ignore_default_args=["--disable-back-forward-cache"]
        )
        yield running
        running.close()


@pytest.fixture
def site(
    home: Path,
    transactional_db: None,
    live_server: LiveServer,
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Site]:
    """The desk with a person in each state, told once; the clock stands at a minute past."""
    make_keys(home)
    monkeypatch.setattr(moment, "clock", ManualClock(NOON + timedelta(minutes=1)))
    sign_all(NOON)
    people = everyone()
    people["Karim"], acting = represented("Karim")
    people["Lotte"] = eventful(
        "Lotte", Source.RIGHTS, "claim", Detail.EVERYTHING, lapses=NOON + timedelta(days=60)
    )
    people["Nadia"] = alerted("Nadia")
    tell()
    with override_settings(PORTAL_URL=live_server.url, ALLOWED_HOSTS=["*"]):
        yield Site(browser, live_server.url, people, acting)
