"""Who acts for a person signs in with a link of their own and reads only what was told to them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from luwte.desk.telling.models import CareTask, Contact
from luwte.desk.telling.subjects import party_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import POST, Reach
from luwte.desk.wishes.models import Hold
from luwte.desk.wishes.rules import Choice, Detail, Rhythm
from tests.support.desk import NOON, wish
from tests.support.pages import enter, enter_by, read_first, words
from tests.support.stage import acting_entrance, represented

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]


def test_they_read_what_was_told_to_them() -> None:
    _, acting = represented("Noor")
    client = enter_by(acting_entrance(acting))
    page = read_first(client)
    assert page.startswith("Wat u mag weten")
    assert "de persoon voor wie u optreedt" in page
    assert "Noor-1" in page
    assert Contact.objects.get(recipient=party_of(acting)).opened is not None
    assert Contact.objects.get(recipient="person").opened is None


def test_each_reads_their_own_messages_and_not_those_of_the_other() -> None:
    person, acting = represented("Noor")
    mine = Contact.objects.get(recipient="person").id
    theirs = Contact.objects.get(recipient=party_of(acting)).id
    assert enter(person).get(f"/bericht/{theirs}/").status_code == 404
    client = enter_by(acting_entrance(acting))
    assert client.get(f"/bericht/{mine}/").status_code == 404
    client.post(f"/bericht/{mine}/later/")
    assert "put_off" not in client.session


def test_nothing_of_the_person_can_be_done_or_read_by_them() -> None:
    _, acting = represented("Noor")
    client = enter_by(acting_entrance(acting))
    for path in ("/pauze/", "/verder/", "/niet-goed/", "/vraag/", "/gelezen/0/"):
        assert client.post(path)["Location"] == "/", path
    for path in ("/waarom/", "/voor-u/"):
        assert client.get(path)["Location"] == "/", path
    assert not Hold.objects.exists()
    assert not CareTask.objects.exists()
    page = words(client.get("/"), "body")
    for button in (
        "Berichten pauzeren",
        "Het gaat niet goed met mij",
        "Is er iets voor mij?",
        "Waarom krijg ik",
    ):
        assert button not in page


def test_a_pause_of_the_person_is_not_shown_to_them() -> None:
    person, acting = represented("Noor")
    client = enter_by(acting_entrance(acting))
    before = words(client.get("/"))
    enter(person).post("/pauze/")
    assert words(client.get("/")) == before


def test_they_never_read_more_than_was_told_to_them() -> None:
    person, acting = represented("Noor", Detail.BANDS)
    choice = Contact.objects.get(recipient=party_of(acting))
    assert choice.detail == "bands"
    wish(person.id, Choice(True, Rhythm.EACH, detail=Detail.EVERYTHING, others=frozenset({party_of(acting)})))
    assert "Noor-1" not in read_first(enter_by(acting_entrance(acting)))


@pytest.mark.parametrize("change", ["ended", "conflict", "unaware", "household"])
def test_a_visit_ends_when_they_may_see_nothing_any_more(change: str) -> None:
    person, acting = represented("Noor")
    client = enter_by(acting_entrance(acting))
    if change == "ended":
        vault.end_mandate(acting, NOON.date() - timedelta(days=1))
    elif change == "household":
        home = Reach(POST, "Dorpsstraat 1\n1234 AB Dorp")
        vault.change_representative(acting, reaches=(home,))
        mandate = vault.representative(acting).mandate
        suspect = vault.add_representative(person.id, mandate)
        vault.change_representative(suspect, conflict="certain", name="Henk")
    else:
        vault.change_representative(
            acting, **{"conflict": "doubt"} if change == "conflict" else {"informed": False}
        )
    assert "niet aangemeld" in words(client.get("/", follow=True))
    assert "subject" not in client.session


def test_the_session_names_nobody() -> None:
    person, acting = represented("Noor")
    client = enter_by(acting_entrance(acting))
    content = str(dict(client.session.items()))
    assert person.id not in content
    assert acting not in content
    assert Session.objects.exists()


def test_their_own_language_is_spoken() -> None:
    _, acting = represented("Noor", language="en")
    client = Client(headers={"Accept-Language": "nl"})
    client.post(acting_entrance(acting))
    assert '<html lang="en">' in client.get("/").content.decode()


def test_when_they_read_it_they_see_what_was_searched() -> None:
    _, acting = represented("Noor")
    client = enter_by(acting_entrance(acting))
    read_first(client)
    page = words(client.get("/"))
    assert page.startswith("Er is geen nieuw bericht voor u")
    assert "Waar wij zochten" in page
    assert "Wat u eerder las" in page
