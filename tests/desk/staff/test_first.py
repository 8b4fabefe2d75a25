"""The board of first contacts: who waits, what is proposed, and a second person who agrees."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from luwte.desk.staff import words as said
from luwte.desk.telling import tasks
from luwte.desk.telling.first import WHY, standing
from luwte.desk.vault import services as vault
from tests.support.pages import words
from tests.support.stage import chooser, stranger, tell
from tests.support.tour import care_worker

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]


@pytest.fixture
def call() -> str:
    """The id of a call with Noor, who does not know; Bo was never asked, and Cas chose."""
    vault.change_person(stranger("Noor").id, informed=False)
    stranger("Bo")
    chooser("Cas")
    tell()
    return next(one.id for one in tasks.queue() if one.first)


def board(client: Client | None = None) -> str:
    return words((client or care_worker()).get("/staff/first/"))


def propose(call: str, client: Client, why: str = "news", until: str = "") -> str:
    return words(client.post(f"/staff/first/{call}/", {"why": why, "until": until}, follow=True))


def answer(call: str, client: Client, given: str = "agree") -> str:
    found = standing([call])[call]
    return words(client.post(f"/staff/first/decision/{found.id}/", {"answer": given}, follow=True))


def test_the_board_shows_who_does_not_know_or_was_never_asked(call: str) -> None:
    page = board()
    assert "Noor" in page
    assert "Bo" in page
    assert "Cas" not in page


def test_two_people_decide_and_then_the_call_can_be_taken(call: str) -> None:
    first, second = care_worker(), care_worker(name="collega")
    path = f'action="/staff/call/{call}/"'
    assert path not in first.get("/staff/first/").content.decode()
    assert "Iemand anders kijkt er nu naar" in propose(call, first)
    assert "U stelde dit voor" in board(first)
    assert "Instemmen" in board(second)
    assert "kan niet instemmen" in answer(call, first)
    assert path not in first.get("/staff/first/").content.decode()
    assert "Iemand kan het gesprek nu nemen" in answer(call, second)
    assert path in first.get("/staff/first/").content.decode()
    first.post(f"/staff/call/{call}/", {"act": "accept"})
    assert "zorg belt" in board(second)


def test_before_that_no_page_takes_the_call(call: str) -> None:
    client = care_worker()
    assert "Beslis met twee" in words(client.get("/staff/"))
    page = client.get("/staff/").content.decode()
    person = re.search(r'href="(/staff/person/[0-9a-f]+/)">Noor<', page)
    assert person is not None
    shown = client.get(person[1]).content.decode()
    for found in (page, shown):
        assert f'action="/staff/call/{call}/"' not in found
    answered = client.post(f"/staff/call/{call}/", {"act": "accept"}, follow=True)
    assert "Eerst beslist u met twee" in words(answered)
    assert tasks.queue()[0].accepted_by == tasks.queue()[1].accepted_by == ""


def test_somebody_may_refuse_and_something_else_is_proposed(call: str) -> None:
    first, second = care_worker(), care_worker(name="collega")
    propose(call, first)
    assert "afgewezen" in answer(call, second, "refuse")
    propose(call, second, "too_young", "2027-01-01")
    assert "Wachten tot 1 januari 2027, omdat" in board(first)
    assert "Het wacht" in answer(call, first)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"why": "because"}, "Kies een van de redenen"),
        ({}, "Kies een van de redenen"),
        ({"why": "unwell"}, "Wachten heeft een einde"),
        ({"why": "unwell", "until": "soon"}, "Wachten heeft een einde"),
        ({"why": "unwell", "until": "2020-01-01"}, "Wachten heeft een einde"),
    ],
)
def test_what_is_no_proposal_is_said(call: str, given: dict[str, str], sentence: str) -> None:
    answered = care_worker().post(f"/staff/first/{call}/", given, follow=True)
    assert sentence in words(answered)
    assert standing([call]) == {}


def test_what_is_gone_is_said(call: str) -> None:
    client = care_worker()
    assert words(client.post("/staff/first/unknown/", {"why": "news"}, follow=True))
    gone = client.post("/staff/first/decision/unknown/", {"answer": "agree"}, follow=True)
    assert gone.redirect_chain == [("/staff/first/", 302)]
    assert client.post("/staff/first/decision/unknown/", {"answer": "perhaps"}).status_code == 400


def test_what_waits_for_a_second_person_comes_first(call: str) -> None:
    bo = next(one.id for one in tasks.queue() if not one.first)
    propose(bo, care_worker())
    page = board()
    assert page.index("Bo") < page.index("Noor")
    answer(bo, care_worker(name="collega"))
    page = board()
    assert page.index("Noor") < page.index("Bo")


def test_every_reason_has_words() -> None:
    assert set(said.first_why()) == {why for known in WHY.values() for why in known}
