"""One press: everything stops, a care worker is asked to call, and nobody else hears of it (T15)."""

from __future__ import annotations

import pytest

from luwte.desk.telling.models import CareTask, Contact
from luwte.desk.wishes.models import Hold
from tests.support.pages import enter, words
from tests.support.stage import chooser, found, tell

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]


def test_a_press_stops_everything_and_asks_for_a_call() -> None:
    person = chooser("Noor")
    client = enter(person)
    page = words(client.post("/niet-goed/", follow=True))
    assert "De berichten zijn gestopt. Een hulpverlener belt u." in page
    assert "Wij sturen u nu niets." in page
    found("Noor", [(7, 2)])
    tell()
    assert not Contact.objects.exists()
    task = CareTask.objects.get()
    assert (task.kind, task.reason, task.subject) == ("call", "harm", person.subject)


def test_a_second_press_asks_for_no_second_call() -> None:
    client = enter(chooser("Noor"))
    client.post("/niet-goed/")
    client.post("/niet-goed/")
    assert CareTask.objects.count() == 1
    assert Hold.objects.count() == 1


def test_the_person_cannot_lift_it_by_accident_and_a_stranger_sets_none() -> None:
    person = chooser("Noor")
    client = enter(person)
    client.post("/niet-goed/")
    client.post("/verder/")
    assert Hold.objects.get().lifted is None
    client.cookies.clear()
    assert client.post("/niet-goed/").status_code == 302
    assert Hold.objects.count() == 1


def test_the_page_does_not_claim_a_stop_that_was_not_asked_for() -> None:
    page = words(enter(chooser("Noor")).get("/voor-u/"))
    assert "gestopt" not in page
    assert "Bel 112." in page
