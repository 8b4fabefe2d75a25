"""A person reads as much as was chosen, in two steps, and nothing of anyone else."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from luwte.desk.portal import visit
from luwte.desk.telling.models import Contact
from luwte.desk.wishes.rules import Channel, Choice, Detail, Rhythm
from tests.support.desk import someone, wish
from tests.support.pages import enter, read_first, words
from tests.support.stage import EARLIER, chooser, found, stranger, tell, told

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]


def test_first_that_there_is_something_and_nothing_of_it() -> None:
    page = words(enter(told("Noor", Detail.EVERYTHING)).get("/"))
    assert page.startswith("Er is een bericht voor u")
    assert "Niet nu" in page
    assert "Noor-1" not in page
    assert "ten minste" not in page


def test_the_announcement_is_the_same_for_each_kind_of_news() -> None:
    pages = [
        words(enter(told(who, Detail.BANDS, counts)).get("/"))
        for who, counts in (("Noor", [(1, 0)]), ("Piet", [(90, 3), (5, 0), (7, 1)]))
    ]
    assert pages[0] == pages[1]


def test_something_says_nothing_of_how_much() -> None:
    one = read_first(enter(told("Noor", Detail.SOMETHING, [(1, 0)])))
    many = read_first(enter(told("Piet", Detail.SOMETHING, [(90, 3), (5, 0), (7, 1)])))
    assert one == many
    assert not re.search(r"\d", one)


@pytest.mark.parametrize(
    ("counts", "investigations", "files"),
    [
        ([(1, 0)], "1", "1"),
        ([(2, 0)], "1", "2 tot 5"),
        ([(5, 0)], "1", "2 tot 5"),
        ([(6, 0)], "1", "meer dan 5"),
        ([(2, 0), (3, 0)], "2 tot 5", "2 tot 5"),
        ([(1, 0)] * 6, "meer dan 5", "meer dan 5"),
    ],
)
def test_bands_say_how_much_coarsely(counts: list[tuple[int, int]], investigations: str, files: str) -> None:
    page = read_first(enter(told("Noor", Detail.BANDS, counts))).splitlines()
    assert page[page.index("In hoeveel onderzoeken") + 1] == investigations
    assert page[page.index("Hoe vaak") + 1] == files
    assert "Noor-1" not in "\n".join(page)


def test_everything_says_number_count_and_what_was_searched() -> None:
    page = read_first(enter(told("Noor", Detail.EVERYTHING, [(7, 2), (1, 0)])))
    assert "Noor-1" in page
    assert "Noor-2" in page
    assert "ten minste 7 keer" in page
    assert "10, tot en met 23 november 2026. 2 daarvan waren niet te lezen." in page


def test_what_nobody_confirmed_is_not_counted() -> None:
    page = read_first(enter(told("Noor", Detail.EVERYTHING, [(1, 40)])))
    assert "ten minste 1 keer" in page
    assert "4" not in page.replace("tot en met 23 november 2026", "")


def test_a_choice_made_later_holds_for_what_was_told_before() -> None:
    person = told("Noor", Detail.EVERYTHING)
    wish(person.id, Choice(True, Rhythm.EACH, Channel.PORTAL, Detail.SOMETHING))
    assert "Noor-1" not in read_first(enter(person))


def test_reading_is_remembered_and_looking_is_not() -> None:
    person = told("Noor", Detail.BANDS)
    client = enter(person)
    client.get("/")
    assert Contact.objects.get().opened is None
    read_first(client)
    assert Contact.objects.get().opened is not None
    assert "Wat u eerder las" in words(client.get("/"))


def test_not_now_leaves_the_message_unread() -> None:
    client = enter(told("Noor", Detail.BANDS))
    path = re.search(r'action="(/bericht/[0-9a-f]+/later/)"', client.get("/").content.decode())
    assert path is not None
    assert client.get(path.group(1)).status_code == 405
    for _ in range(3):
        client.post(path.group(1))
    assert client.session[visit.PUT_OFF] == [Contact.objects.get().id]
    page = words(client.get("/"))
    assert page.startswith("Uw bericht blijft hier staan")
    assert Contact.objects.get().opened is None
    assert "Noor" not in page


def test_nobody_reads_the_message_of_another() -> None:
    told("Noor", Detail.EVERYTHING)
    message = Contact.objects.get().id
    client = enter(stranger("Piet"))
    assert client.get(f"/bericht/{message}/").status_code == 404
    client.post(f"/bericht/{message}/later/")
    assert "put_off" not in client.session
    assert Contact.objects.get().opened is None


@pytest.mark.parametrize("path", ["/waarom/", "/bericht/0/"])
def test_without_signing_in_there_is_nothing_to_read(path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("path", ["/pauze/", "/verder/", "/vraag/"])
def test_without_signing_in_there_is_nothing_to_do(path: str) -> None:
    answer = Client().post(path)
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_without_news_it_says_what_was_searched_never_that_nothing_is_there() -> None:
    client = enter(chooser("Noor"))
    assert "Wij hebben nog nergens gezocht" in words(client.get("/"))
    found("Piet", [(1, 0)])
    page = words(client.get("/"))
    assert "Wij zochten in 1 onderzoek van de politie, tot en met 23 november 2026." in page
    assert "Niet alles daarin was te lezen." in page
    assert "Er kan dus iets zijn dat wij niet zien." in page


def test_the_first_page_and_the_reasons_tell_nobody_of_what_they_chose_not_to_hear() -> None:
    """Someone with a finding that is not told sees what someone without any sees."""
    silent = Choice(False)
    pages = []
    for who, found_there in (("Noor", True), ("Piet", False)):
        person = someone(who, series=f"series-{who}", choice=silent, now=EARLIER)
        if found_there:
            found(who, [(7, 2)])
        tell()
        client = enter(person)
        client.post("/vraag/")
        pages.append([words(client.get(path)) for path in ("/", "/?asked", "/waarom/")])
    assert pages[0] == pages[1]


@pytest.mark.parametrize("counts", [(0, 9), (4, 0)])
def test_why_says_nothing_of_a_finding_that_waits(counts: tuple[int, int]) -> None:
    waiting, empty = chooser("Noor"), chooser("Piet")
    found("Noor", [counts])
    assert words(enter(waiting).get("/waarom/")) == words(enter(empty).get("/waarom/"))


def test_asking_gives_what_waits_at_the_chosen_level() -> None:
    person = chooser("Noor", Detail.BANDS, rhythm=Rhythm.ON_REQUEST)
    found("Noor", [(7, 0)])
    tell()
    client = enter(person)
    assert words(client.get("/")).startswith("Er is geen nieuw bericht")
    client.post("/vraag/")
    assert words(client.get("/")).startswith("Er is een bericht voor u")
    assert "meer dan 5" in read_first(client)


def test_asking_with_nothing_there_is_answered_calmly() -> None:
    client = enter(chooser("Noor"))
    answer = client.post("/vraag/", follow=True)
    assert "U vroeg het." in words(answer)
