"""Numbers, texts, accounts and the record: without script, by keyboard, on a phone, in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page

from luwte.desk.accounts import accounts
from luwte.desk.accounts.models import Account
from luwte.desk.audit.models import Checkpoint, Cosignature
from luwte.desk.telling.models import CareTask, Contact
from tests.browser.test_by_keyboard import press, stops
from tests.support import site as sites
from tests.support.accounts import Worker
from tests.support.desk import NOON
from tests.support.site import DESKTOP, PHONE, Site


def with_every_right(site: Site, page: Page) -> None:
    """Sign in, with every right, at a desk with something on each page."""
    for name in ("ada", "bo"):
        Worker(name, administrator=True)
    accounts.add("nieuw", by="command", now=NOON)
    accounts.add("weg", by="command", now=NOON)
    accounts.close("weg", by="command", now=NOON)
    _busy_weeks()
    Checkpoint.objects.create(
        size=3, root=b"\1" * 32, at=NOON, note="luwte/0123456789abcdef/desk\n3\nAQEBAQEBAQ==\n"
    )
    Cosignature.objects.create(size=3, witness="court.example/luwte", line="x")
    site.enter_staff(page)
    key = User.objects.get(username="zorg").pk
    Account.objects.filter(pk=key).update(administrator=True, auditor=True)


def _busy_weeks() -> None:
    weeks = [NOON - timedelta(weeks=back) for back in range(12) for _ in range(4 + 9 * back % 31)]
    Contact.objects.bulk_create(
        Contact(subject=f"{place:032}", number=1, key=f"x{place:031}", channel="email", detail="bands",
                state="done", decided=at, handed=at)
        for place, at in enumerate(weeks)
    )  # fmt: skip
    CareTask.objects.bulk_create(
        CareTask(
            subject=f"{place:032}",
            kind="call",
            reason="never_asked",
            made=at - timedelta(days=place % 40),
            done=at,
        )
        for place, at in enumerate(weeks)
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_has_nothing_wrong(site: Site, language: str) -> None:
    faults: list[tuple[str, str]] = []
    with site.page(language, PHONE) as page:
        with_every_right(site, page)
        sites.speak(page, language)
        new, gone = (User.objects.get(username=name).pk for name in ("nieuw", "weg"))
        for name, path in (
            ("staff: numbers", "/staff/numbers/"),
            ("staff: texts", "/staff/texts/"),
            ("staff: a text", "/staff/texts/contact.email/"),
            ("staff: a call", "/staff/texts/call.opener/"),
            ("staff: a new version", "/staff/texts/contact.letter/new/"),
            ("staff: accounts", "/staff/accounts/"),
            ("staff: an account", f"/staff/accounts/{new}/"),
            ("staff: a closed account", f"/staff/accounts/{gone}/"),
            ("staff: the record", "/staff/audit/"),
            ("staff: a search", "/staff/audit/?log=desk"),
            ("staff: a search refused", "/staff/audit/?log=desk&about=Noor"),
            ("staff: who looked", "/staff/audit/looks/"),
            ("staff: what one looked at", f"/staff/audit/looks/{User.objects.get(username='zorg').pk}/"),
            ("staff: a person with contacts", f"/staff/person/{site.people['Anna'].id}/"),
        ):
            page.goto(path)
            faults += sites.look(page, language, name)
        page.goto("/staff/texts/contact.sms/new/")
        page.fill("#body-en", "We promise that all is safe.")
        sites.press(page, "main form button")
        faults += sites.look(page, language, "staff: a new version refused")
        page.goto(f"/staff/accounts/{new}/")
        sites.press(page, "button[value=ask-reset]")
        faults += sites.look(page, language, "staff: the first half of a link")
        page.goto("/staff/accounts/")
        faults += sites.look(page, language, "staff: what waits")
    assert not faults


def test_an_account_is_added_and_a_right_is_given_by_keyboard_without_script(site: Site) -> None:
    with site.page("nl", PHONE, script=False) as page:
        with_every_right(site, page)
        page.goto("/staff/")
        press(page, "Accounts")
        page.focus("#name")
        page.keyboard.type("wim")
        press(page, "Dit account toevoegen")
        assert "/staff/invited/" in page.locator("code.lw-code").inner_text()
        assert stops(page) == []
        press(page, "wim")
        press(page, "Geven: controleur")
        assert "Het recht is gewijzigd" in page.locator("[role=status]").inner_text()
        assert "hulpverlener, controleur" in page.locator("dl").inner_text()


def test_the_record_is_searched_and_a_text_is_signed_by_keyboard_without_script(site: Site) -> None:
    with site.page("nl", DESKTOP, script=False) as page:
        with_every_right(site, page)
        page.goto("/staff/audit/")
        page.focus("#by")
        page.keyboard.type("staff:1")
        page.focus("#log")
        press(page, "Zoeken")
        assert "by=staff%3A1" in page.url
        assert stops(page) == []
        page.goto("/staff/texts/contact.email/")
        page.focus("input[name=role]")
        page.keyboard.type("hulpverlener")
        press(page, "Versie 1 tekenen")
        assert "U hebt deze tekst getekend" in page.locator("[role=status]").inner_text()


def test_a_picture_of_numbers_is_there_in_print_with_own_colours_and_at_four_times_the_size(
    site: Site,
) -> None:
    with site.page("nl", {"width": 320, "height": 900}) as page:
        with_every_right(site, page)
        page.goto("/staff/numbers/")
        assert page.locator("svg[role=img]").count() == 5
        named = page.locator("svg[role=img]").first
        assert page.get_by_role("img", name="Contacten per week").count() == 1
        page.emulate_media(forced_colors="active")
        ink = named.evaluate("one => getComputedStyle(one.querySelector('rect')).fill")
        assert ink == named.evaluate("one => getComputedStyle(one).color")
        page.emulate_media(forced_colors="none", media="print")
        box = named.bounding_box()
        assert box is not None
        assert box["width"] > 200
        page.emulate_media(media="screen")
        assert sites.overflow(page) == 0
