"""Why did I get this message: from the record, for what was handed over to the person, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from luwte.desk.telling.models import Contact
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import Channel, Detail, Rhythm
from tests.support.choosing import answer, keep
from tests.support.desk import NOON, KeepingChannel, Someone
from tests.support.pages import enter, enter_by, read_first, words
from tests.support.stage import EARLIER, acting_entrance, chooser, found, represented, tell, told

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]


def message_of(person: Someone) -> str:
    return Contact.objects.get(subject=person.subject, recipient="person").id


def why(client: Client, person: Someone) -> str:
    return words(client.get(f"/bericht/{message_of(person)}/waarom/"))


def test_a_message_says_why_it_came_and_what_was_chosen_then() -> None:
    person = told("Chris", Detail.EVERYTHING)
    client = enter(person)
    read_first(client)
    page = why(client, person)
    assert "Er is nieuws, en u hebt gekozen om dat nu te horen." in page
    assert "Wij zeggen wat wij erover weten." in page
    assert "Het internet" not in page, "only what this message is about"


def test_a_later_choice_does_not_change_why() -> None:
    person = told("Chris", Detail.EVERYTHING)
    client = enter(person)
    read_first(client)
    before = why(client, person)
    keep(client, answer(client, "detail", "something"))
    assert why(client, person) == before
    wishes.withdraw(person.subject, now=NOON + timedelta(minutes=1))
    assert why(client, person) == before


def test_a_withdrawal_with_a_clock_that_was_set_back_is_not_what_was_chosen_then() -> None:
    person = told("Chris", Detail.EVERYTHING)
    wishes.withdraw(person.subject, now=NOON + timedelta(minutes=1))
    client = enter(person)
    client.get(f"/bericht/{message_of(person)}/")
    assert "Wij zeggen wat wij erover weten." in why(client, person)


def test_what_it_is_about_is_not_said_before_it_was_opened() -> None:
    person = told("Chris", Detail.EVERYTHING)
    page = why(enter(person), person)
    assert "U heeft het bericht nog niet geopend." in page
    assert "politie" not in page
    assert Contact.objects.get().opened is None


def test_what_was_asked_for_came_because_it_was_asked_for() -> None:
    person = chooser("Noor", rhythm=Rhythm.ON_REQUEST)
    found("Noor", [(7, 0)])
    client = enter(person)
    client.post("/vraag/")
    assert "U vroeg of er iets voor u was." in why(client, person)


def test_a_fixed_message_says_that_it_is_one() -> None:
    person = chooser("Noor", rhythm=Rhythm.WEEKLY, channel=Channel.EMAIL, cover=True)
    tell()
    assert "vast bericht" in why(enter(person), person)


def test_what_did_not_leave_has_no_page() -> None:
    person = chooser("Gijs", channel=Channel.EMAIL)
    found("Gijs", [(7, 2)])
    tell(now=EARLIER, mail=KeepingChannel())
    Contact.objects.update(state="planned", handed=None)
    for state in ("planned", "handing_over", "unknown", "withheld", "refused"):
        Contact.objects.update(state=state)
        assert enter(person).get(f"/bericht/{message_of(person)}/waarom/").status_code == 404, state
    assert enter(person).get("/bericht/0/waarom/").status_code == 404


def test_only_the_person_asks_why() -> None:
    person, acting = represented("Karim")
    path = f"/bericht/{message_of(person)}/waarom/"
    assert enter_by(acting_entrance(acting)).get(path)["Location"] == "/"
    other = Contact.objects.filter(subject=person.subject).exclude(recipient="person").get()
    assert enter(person).get(f"/bericht/{other.id}/waarom/").status_code == 404
    assert enter(chooser("Piet")).get(path).status_code == 404


def test_the_message_leads_to_it() -> None:
    person = told("Chris", Detail.EVERYTHING)
    page = enter(person).get(f"/bericht/{message_of(person)}/").content.decode()
    assert f'href="/bericht/{message_of(person)}/waarom/"' in page
