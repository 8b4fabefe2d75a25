"""A link works once, for a short time, and only when its button is pressed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from luwte.base.clock import ManualClock
from luwte.desk.portal import visit
from luwte.desk.vault import services as vault
from luwte.desk.wishes.rules import Detail
from tests.support.desk import NOON, someone
from tests.support.pages import enter, enter_by, words
from tests.support.stage import acting_entrance, entrance, represented, told

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]


def signed_in(client: Client) -> bool:
    return "/pauze/" in client.get("/").content.decode()


def test_the_button_signs_in_and_the_link_is_spent() -> None:
    path, client = entrance(someone()), Client()
    answer = client.post(path)
    assert (answer.status_code, answer["Location"]) == (302, "/vooraf/")
    assert signed_in(client)
    other = Client()
    assert other.post(path).status_code == 410
    assert not signed_in(other)


@pytest.mark.parametrize("times", [1, 5])
def test_previews_and_mail_scanners_use_nothing_up(times: int) -> None:
    path, scanner = entrance(someone()), Client()
    for _ in range(times):
        assert scanner.get(path).status_code == 200
        assert scanner.head(path).status_code == 200
        assert scanner.options(path).status_code == 405
    assert not signed_in(scanner)
    assert Client().post(path).status_code == 302


def test_the_page_of_a_link_is_the_same_whether_or_not_the_link_works() -> None:
    path = entrance(someone())
    usable, wrong = Client().get(path), Client().get("/in/" + "x" * 43 + "/")
    assert usable.status_code == wrong.status_code
    assert words(usable) == words(wrong)


def test_a_link_ends_after_a_day(clock: ManualClock) -> None:
    path, client = entrance(someone()), Client()
    clock.advance(timedelta(hours=25))
    answer = client.post(path)
    assert answer.status_code == 410
    assert "Vraag het aan wie u deze gaf" in words(answer)
    assert not signed_in(client)


def test_used_expired_unknown_and_erased_look_the_same(clock: ManualClock) -> None:
    used, gone = entrance(someone("Noor")), someone("Piet")
    erased, late = entrance(gone), entrance(someone("Roos"))
    Client().post(used)
    vault.erase(gone.id)
    clock.advance(timedelta(hours=25))
    pages = [Client().post(path) for path in (used, erased, late, "/in/unknown/")]
    assert {page.status_code for page in pages} == {410}
    assert len({words(page) for page in pages}) == 1


def test_a_form_from_elsewhere_is_refused() -> None:
    path, client = entrance(someone()), Client(enforce_csrf_checks=True)
    client.get(path)
    answer = client.post(path)
    assert answer.status_code == 403
    assert Client().post(path).status_code == 302


def test_signing_in_ends_the_visit_of_who_was_there_before() -> None:
    client = Client()
    client.post(entrance(someone("Noor")))
    before = client.cookies["s"].value
    client.post(entrance(someone("Piet")))
    assert client.cookies["s"].value != before
    assert not Session.objects.filter(pk=before).exists()


def test_the_session_names_no_person() -> None:
    person, client = someone("Noor"), Client()
    client.post(entrance(person))
    content = str(dict(client.session.items()))
    assert person.id not in content
    assert "Noor" not in content


def test_the_language_of_the_person_is_spoken() -> None:
    person = someone()
    vault.change_person(person.id, language="en")
    client = Client(headers={"Accept-Language": "nl"})
    client.post(entrance(person))
    assert '<html lang="en">' in client.get("/").content.decode()


def test_a_visit_ends_when_the_person_was_erased_or_has_died() -> None:
    erased, dead = told("Noor", Detail.BANDS), told("Piet", Detail.BANDS)
    visits = [enter(erased), enter(dead)]
    assert all("Er is een bericht voor u" in words(one.get("/")) for one in visits)
    vault.erase(erased.id)
    vault.change_person(dead.id, deceased=True)
    assert all("niet aangemeld" in words(one.get("/", follow=True)) for one in visits)


def in_(*clients: Client) -> list[bool]:
    return [signed_in(client) for client in clients]


def test_a_visit_ends_after_some_hours_however_busy(clock: ManualClock) -> None:
    client = enter(someone())
    for _ in range(12):
        clock.advance(timedelta(minutes=19))
        assert signed_in(client)
    clock.advance(visit.LONGEST - timedelta(minutes=12 * 19))
    assert not signed_in(client)
    clock.advance(-timedelta(hours=1))
    assert not signed_in(client), "and does not come back"


def test_a_visit_that_began_later_than_now_is_none(clock: ManualClock) -> None:
    client = enter(someone())
    clock.advance(-timedelta(hours=1))
    assert not signed_in(client)


@pytest.mark.parametrize("key", [visit.SINCE, visit.NUMBER])
def test_a_session_of_an_earlier_version_is_over(key: str) -> None:
    client = enter(someone())
    session = client.session
    del session[key]
    session.save()
    assert not signed_in(client)


def test_a_new_link_ends_the_visit_before_it_and_so_does_nobody_elses() -> None:
    noor, piet = someone("Noor"), someone("Piet")
    phone, other = enter(noor), enter(piet)
    path = entrance(noor)
    assert in_(phone, other) == [False, True]
    laptop = Client()
    laptop.post(path)
    assert in_(phone, laptop, other) == [False, True, True]
    assert phone.get("/waarom/").status_code == 302


def test_a_link_that_is_used_leaves_no_other_one_open() -> None:
    noor = someone("Noor")
    first, second = entrance(noor), entrance(noor)
    assert Client().post(first).status_code == 410
    assert Client().post(second).status_code == 302


def test_a_representative_and_the_person_do_not_end_each_others_visits() -> None:
    person, acting = represented("Noor")
    own, theirs = enter(person), enter_by(acting_entrance(acting))
    assert "niet aangemeld" not in words(own.get("/", follow=True))
    assert "niet aangemeld" not in words(theirs.get("/", follow=True))
    acting_entrance(acting)
    assert "niet aangemeld" in words(theirs.get("/", follow=True))
    assert "niet aangemeld" not in words(own.get("/", follow=True))


def test_all_visits_about_a_person_can_be_ended_at_once() -> None:
    person, acting = represented("Noor")
    visits = [enter(person), enter_by(acting_entrance(acting))]
    other = enter(someone("Piet"))
    vault.end_visits(person.id, NOON)
    assert all("niet aangemeld" in words(one.get("/", follow=True)) for one in visits)
    assert signed_in(other)
