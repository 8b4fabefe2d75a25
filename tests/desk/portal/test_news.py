"""Messages about events, the fixed message, and alerts of safety with a button to confirm them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from luwte.desk.telling import services as telling
from luwte.desk.telling.models import SafetyAlert, SafetyAttempt
from luwte.desk.wishes.rules import Channel, Choice, Detail, Rhythm, Source
from tests.support.desk import NOON
from tests.support.pages import enter, read_first, words
from tests.support.stage import alerted, chooser, eventful, tell

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]
LAPSES = NOON + timedelta(days=60)


def test_an_event_in_full_says_which_when_in_which_case_and_until_when() -> None:
    person = eventful("Noor", Source.RIGHTS, "claim", Detail.EVERYTHING, lapses=LAPSES)
    tell()
    page = read_first(enter(person)).splitlines()
    assert page[page.index("Waar het over gaat") + 1] == "het recht om geld te vragen voor de schade"
    assert page[page.index("Dag") + 1] == "2 maart 2026"
    assert page[page.index("Nummer van de zaak") + 1] == "C-9"
    assert page[page.index("U kunt het gebruiken tot") + 1] == "1 mei 2026"


def test_an_event_in_bands_says_what_sort_and_until_when() -> None:
    person = eventful("Noor", Source.RIGHTS, "claim", Detail.BANDS, lapses=LAPSES)
    tell()
    page = read_first(enter(person))
    assert "Uw rechten" in page
    assert "1 mei 2026" in page
    assert "schade" not in page
    assert "C-9" not in page


def test_something_says_nothing_of_an_event() -> None:
    person = eventful("Noor", Source.EVENTS, "verdict", Detail.SOMETHING)
    tell()
    page = read_first(enter(person))
    assert "Er is nieuws dat met u te maken kan hebben." in page
    assert "rechter" not in page
    assert "computers of telefoons" not in page
    assert not re.search(r"\d", page)


@pytest.mark.usefixtures("signed")
def test_the_fixed_message_without_news_says_so_and_what_was_searched() -> None:
    cover = {"channel": Channel.EMAIL, "rhythm": Rhythm.WEEKLY, "cover": True}
    person = chooser("Noor", Detail.BANDS, **cover)
    tell()
    page = read_first(enter(person))
    assert "Dit is het vaste bericht dat u koos." in page
    assert "Waar wij zochten" in page
    assert "gevonden" not in page.split("Waar wij zochten")[0]


def test_an_alert_stands_on_top_until_it_is_confirmed() -> None:
    person = alerted("Noor")
    client = enter(person)
    page = client.get("/")
    assert words(page).startswith("Over uw veiligheid\nIemand uit uw zaak komt vrij uit de gevangenis.")
    path = re.search(r'action="(/gelezen/[0-9a-f]+/)"', page.content.decode())
    assert path is not None
    assert client.get(path.group(1)).status_code == 405
    client.post(path.group(1))
    assert SafetyAlert.objects.get().state == "confirmed"
    after = client.get("/")
    assert "/gelezen/" not in after.content.decode()
    assert "U heeft dit gelezen." in words(after)


def test_an_alert_of_another_is_not_confirmed() -> None:
    alerted("Noor")
    client = enter(alerted("Piet"))
    alert = SafetyAlert.objects.exclude(subject=client.session["subject"]).get()
    client.post(f"/gelezen/{alert.id}/")
    alert.refresh_from_db()
    assert alert.confirmed is None


def test_an_alert_that_was_not_sent_or_is_not_wanted_any_more_is_not_shown() -> None:
    waiting = eventful("Noor", Source.SAFETY, "release", Detail.EVERYTHING)
    assert "veiligheid" not in words(enter(waiting).get("/"))
    person = alerted("Piet")
    telling.set_wish(person.id, Source.SAFETY, Choice(False), set_by="W", conversation="g", now=NOON)
    assert "veiligheid" not in words(enter(person).get("/"))


def test_an_alert_that_was_stopped_before_it_left_is_not_shown() -> None:
    person = alerted("Noor")
    SafetyAttempt.objects.update(state="stopped")
    assert "veiligheid" not in words(enter(person).get("/"))
