"""One press pauses, on every page; one press ends it; a care worker's pause is seen and stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.models import Hold
from tests.support.desk import NOON
from tests.support.pages import enter, words
from tests.support.stage import chooser

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]
PAGES = ["/", "/waarom/", "/verlaten/", "/?asked"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_the_pause_the_help_and_the_exit(path: str) -> None:
    page = enter(chooser("Noor")).get(path).content.decode()
    for part in ('action="/pauze/"', 'href="/uit/"', 'href="tel:112"', 'href="tel:08000113"'):
        assert part in page


@pytest.mark.parametrize("path", PAGES)
def test_a_press_pauses_and_comes_back_to_the_same_page(path: str) -> None:
    client = enter(chooser("Noor"))
    answer = client.post("/pauze/", {"next": path})
    assert answer["Location"] == path
    assert "U heeft een pauze tot 31 mei 2026." in words(client.get(path))
    assert 'action="/verder/"' in client.get(path).content.decode()


def test_a_press_ends_the_pause() -> None:
    client = enter(chooser("Noor"))
    client.post("/pauze/")
    client.post("/verder/")
    assert "pauze tot" not in words(client.get("/"))
    assert Hold.objects.get().lifted is not None


def test_the_pause_ends_by_itself(clock: ManualClock) -> None:
    person = chooser("Noor")
    enter(person).post("/pauze/")
    clock.advance(timedelta(days=91))
    assert "pauze tot" not in words(enter(person, now=clock.now()).get("/"))


def test_the_pause_of_a_care_worker_is_seen_with_its_reason_and_cannot_be_lifted_here() -> None:
    person = chooser("Noor")
    ends = NOON + timedelta(days=10)
    wishes.hold(person.subject, set_by="Zorg", reason="Op vakantie.", ends=ends, now=NOON)
    client = enter(person)
    client.post("/verder/")
    page = words(client.get("/"))
    assert "Uw hulpverlener zette een pauze tot 12 maart 2026." in page
    assert "De reden: Op vakantie." in page


@pytest.mark.parametrize(
    "place", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_a_press_never_leads_to_another_host(place: str) -> None:
    assert enter(chooser("Noor")).post("/pauze/", {"next": place})["Location"] == "/"


@pytest.mark.parametrize("path", ["/pauze/", "/verder/", "/vraag/"])
def test_looking_at_an_act_does_nothing(path: str) -> None:
    assert enter(chooser("Noor")).get(path).status_code == 405
    assert not Hold.objects.exists()


@pytest.mark.parametrize("path", ["/pauze/", "/verder/", "/vraag/", "/taal/"])
def test_a_form_from_elsewhere_is_refused(path: str) -> None:
    client = enter(chooser("Noor"))
    client.handler.enforce_csrf_checks = True
    assert client.post(path).status_code == 403
    assert not Hold.objects.exists()
