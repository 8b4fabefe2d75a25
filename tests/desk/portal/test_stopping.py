"""One press stops everything, also what is ready to leave; the next page says how to begin again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.telling import planner
from luwte.desk.telling.models import Contact
from luwte.desk.telling.outbox import Outbox
from luwte.desk.telling.values import State
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import Channel, Source
from tests.support.choosing import answer, chosen, keep
from tests.support.desk import NOON, KeepingChannel, Someone, ways
from tests.support.pages import enter, words
from tests.support.stage import alerted, chooser, found, stranger

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]
PAGES = ["/", "/waarom/", "/verlaten/", "/keuzes/", "/keuzes/1/", "/rust/", "/gezocht/", "/stop/"]
LATER = NOON + timedelta(minutes=2)


def queued(who: str) -> Someone:
    """Add somebody for whom an e-mail stands ready."""
    person = chooser(who, channel=Channel.EMAIL)
    found(who, [(7, 2)])
    planner.notice(NOON)
    planner.plan_due(NOON, ways(KeepingChannel()))
    assert Contact.objects.get().state == State.PLANNED
    return person


@pytest.mark.parametrize("path", PAGES)
def test_every_page_stops_at_one_press(path: str) -> None:
    person = chooser("Noor")
    client = enter(person)
    assert '<form method="post" action="/stop/">' in client.get(path).content.decode()
    page = client.post("/stop/", follow=True)
    assert "Wij sturen u nu niets" in words(page)
    assert "Uw hulpverlener doet het samen met u." in words(page)
    assert not chosen(person).told


def test_what_stands_ready_does_not_leave() -> None:
    person, mail = queued("Gijs"), KeepingChannel()
    enter(person).post("/stop/")
    Outbox(ways(mail), ManualClock(LATER)).hand_over_all()
    assert not mail.kept
    assert Contact.objects.get().state == State.WITHHELD


def test_without_the_press_it_leaves() -> None:
    queued("Gijs")
    mail = KeepingChannel()
    Outbox(ways(mail), ManualClock(LATER)).hand_over_all()
    assert len(mail.kept) == 1


def test_stopping_one_source_alone_withholds_what_stands_ready_too() -> None:
    person, mail = queued("Gijs"), KeepingChannel()
    client = enter(person)
    page = answer(client, "told", "no")
    assert "U hoort hier niets over." in words(page)
    keep(client, page)
    Outbox(ways(mail), ManualClock(LATER)).hand_over_all()
    assert not mail.kept


def test_everything_stops_safety_too() -> None:
    person = alerted("Nadia")
    enter(person).post("/stop/")
    assert not chosen(person, Source.SAFETY).told


def test_a_second_press_adds_nothing() -> None:
    person = chooser("Noor")
    client = enter(person)
    client.post("/stop/")
    client.post("/stop/")
    assert len(wishes.versions(person.subject)) == 2


def test_before_the_press_it_says_what_stops_and_what_goes_on() -> None:
    client = enter(chooser("Noor"))
    page = words(client.get("/stop/"))
    assert "Dit stopt meteen" in page
    assert "Uw rechten veranderen niet." in page
    assert wishes.wishes()[-1].choice.told, "looking stops nothing"


def test_where_nothing_is_told_nothing_is_there_to_stop() -> None:
    client = enter(stranger("Demi"))
    assert 'action="/stop/"' not in client.get("/").content.decode()
    assert "Wij sturen u nu niets" in words(client.get("/stop/"))


def test_a_change_that_was_begun_does_not_come_back_after_a_stop() -> None:
    person = chooser("Noor")
    client = enter(person)
    page = answer(client, "rhythm", "yearly")
    client.post("/stop/")
    keep(client, page)
    assert not chosen(person).told


def test_a_form_from_elsewhere_stops_nothing() -> None:
    person = chooser("Noor")
    client = enter(person)
    client.handler.enforce_csrf_checks = True
    assert client.post("/stop/").status_code == 403
    assert chosen(person).told
