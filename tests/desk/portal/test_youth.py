"""Dutch for young people: who gets it, that it is everywhere, and that nobody is kept in it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from luwte.base.clock import ManualClock
from luwte.desk.vault import services as vault
from luwte.desk.wishes.rules import Register
from tests.support.desk import someone
from tests.support.messages import says_u
from tests.support.pages import text_of, words
from tests.support.stage import acting_entrance, chooser, entrance, represented
from tests.support.tour import portal_pages

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]
BIRTHDAY = date(2008, 3, 2)
"""Somebody born on it is 18 on the day of these tests."""
DAY = timedelta(days=1)


def spoken(client: Client) -> str:
    """Return what the pages speak to a browser: u, je or English."""
    page = client.get("/").content.decode()
    if '<html lang="en">' in page:
        return "English"
    assert '<html lang="nl">' in page
    return "u" if "Wilt u met iemand praten?" in page else "je"


def entered(path: str, language: str = "nl") -> Client:
    client = Client(headers={"Accept-Language": language})
    assert client.post(path).status_code == 302
    return client


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (BIRTHDAY, BIRTHDAY, "u"),
        (BIRTHDAY + DAY, BIRTHDAY + DAY, "je"),
        (date(2015, 1, 1), date(2015, 12, 31), "je"),
        (BIRTHDAY, BIRTHDAY + DAY, "u"),
        (None, BIRTHDAY + DAY, "u"),
        (BIRTHDAY + DAY, None, "je"),
        (None, None, "u"),
    ],
)
def test_who_is_under_eighteen_for_sure_is_spoken_to_with_je(
    first: date | None, last: date | None, found: str
) -> None:
    person = someone()
    vault.change_person(person.id, born_from=first, born_to=last)
    assert spoken(entered(entrance(person))) == found


def test_the_day_is_that_of_where_the_person_lives(clock: ManualClock) -> None:
    person = someone()
    vault.change_person(person.id, born_from=BIRTHDAY, born_to=BIRTHDAY, time_zone="Pacific/Kiritimati")
    clock.advance(-timedelta(hours=26, minutes=2))
    assert spoken(entered(entrance(person, clock.now()))) == "je"
    clock.advance(timedelta(minutes=2))
    assert spoken(entered(entrance(person, clock.now()))) == "u"


def test_who_chose_it_is_spoken_to_with_je_and_who_speaks_english_in_english() -> None:
    by_register, by_wish, english = someone("Noor"), chooser("Piet", words=Register.YOUTH), someone("Roos")
    vault.change_person(by_register.id, words="nl-youth")
    vault.change_person(english.id, language="en", born_from=date(2012, 1, 1), born_to=date(2012, 1, 1))
    found = [spoken(entered(entrance(one))) for one in (by_register, by_wish, english)]
    assert found == ["je", "je", "English"]


def test_who_acts_for_a_child_is_spoken_to_with_u() -> None:
    person, acting = represented("Noor")
    vault.change_person(person.id, born_from=date(2012, 1, 1), born_to=date(2012, 1, 1))
    assert spoken(entered(acting_entrance(acting))) == "u"


def test_anybody_can_choose_another_wording_on_each_page() -> None:
    client = entered(entrance(someone()))
    offers = re.findall(r'name="language" value="([a-z-]+)"', client.get("/").content.decode())
    assert offers == ["nl-youth", "en"]
    client.post("/taal/", {"language": "nl-youth"})
    assert spoken(client) == "je"
    assert spoken(entered("/taal/")) == "u", "of this browser alone"
    offers = re.findall(r'name="language" value="([a-z-]+)"', client.get("/").content.decode())
    assert offers == ["nl", "en"]


def test_a_browser_that_asks_for_dutch_of_some_country_gets_the_usual_wording() -> None:
    for asked in ("nl", "nl-BE", "nl-NL,nl;q=0.9,en;q=0.5"):
        assert spoken(Client(headers={"Accept-Language": asked})) == "u"


def test_the_staff_are_not_offered_it() -> None:
    page = Client(headers={"Accept-Language": "nl"}).get("/staff/sign-in/").content.decode()
    assert "nl-youth" not in page


def test_pages_call_themselves_dutch() -> None:
    client = Client()
    client.post("/taal/", {"language": "nl-youth"})
    assert client.get("/")["Content-Language"] == "nl"
    assert 'lang="nl-youth"' not in client.get("/").content.decode()


def test_no_page_of_the_portal_says_u() -> None:
    """But for what is quoted: a message as it will be sent, in the words that were chosen for it."""
    pages = dict(portal_pages("nl-youth"))
    assert len(pages) > 60
    polite = {
        name: line for name, page in pages.items() for line in _lines(page.content.decode()) if says_u(line)
    }
    assert polite == {}


def _lines(page: str) -> list[str]:
    return text_of(re.sub(r"<blockquote.*?</blockquote>", "", page, flags=re.DOTALL), "body").splitlines()


def test_what_was_chosen_is_read_back_in_this_wording_too() -> None:
    client = entered(entrance(chooser("Noor")))
    client.post("/taal/", {"language": "nl-youth"})
    assert "Je hoort van ons als er nieuws is." in words(client.get("/waarom/"))
