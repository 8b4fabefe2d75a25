"""Somebody is looked up exactly, by POST, and what was typed stays nowhere."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.sessions.models import Session

from luwte.desk.vault import searching
from luwte.desk.vault import services as vault
from luwte.desk.vault.models import Leaf
from luwte.desk.vault.rules import Identity, Reach
from tests.support.desk import NOON
from tests.support.pages import words
from tests.support.tour import care_worker

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]

BORN = date(1990, 5, 1)


@pytest.fixture
def noor() -> str:
    """Noor, with an address and a number."""
    reaches = [Reach("email", "noor@example.org"), Reach("phone", "0612345678")]
    return vault.add_person(Identity("Noor de Vries", BORN, BORN, care_worker="Wim"), *reaches, now=NOON)


def found(**given: str) -> str:
    return words(care_worker().post("/staff/find/", given))


@pytest.mark.parametrize(
    "given",
    [
        {"name": "noör DE-vries", "born": "1990-05-01"},
        {"email": "NOOR@example.org"},
        {"phone": "+31 6 12 34 56 78"},
        {"name": "Noor de Vries", "born": "1990-05-01", "email": "noor@example.org", "phone": "0612345678"},
    ],
)
def test_somebody_is_found_by_what_is_theirs(noor: str, given: dict[str, str]) -> None:
    page = care_worker().post("/staff/find/", given)
    assert f'href="/staff/person/{noor}/"' in page.content.decode()
    assert ", geboren op 1 mei 1990, contact via Wim" in words(page)


@pytest.mark.parametrize(
    "given",
    [
        {"name": "Noor", "born": "1990-05-01"},
        {"name": "Noor de Vries", "born": "1990-05-02"},
        {"email": "noor@example.com"},
        {"phone": "0612345679"},
        {"email": "noor@example.org", "phone": "0612345679"},
    ],
)
def test_nobody_is_found_by_a_part_or_by_what_is_another(noor: str, given: dict[str, str]) -> None:
    assert "Niemand past" in found(**given)


def test_the_answer_shows_no_address(noor: str) -> None:
    page = found(name="Noor de Vries", born="1990-05-01")
    assert "noor@" not in page
    assert "612345678" not in page


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Geef een naam samen met een geboortedag"),
        ({"name": "Noor"}, "Geef een naam samen met een geboortedag"),
        ({"born": "1990-05-01"}, "Geef een naam samen met een geboortedag"),
        ({"name": "...", "born": "1990-05-01"}, "Geef een naam samen met een geboortedag"),
        ({"born": "gisteren"}, "Dit is geen dag"),
        ({"email": "noor"}, "Dit is geen e-mailadres"),
        ({"phone": "6"}, "Dit is geen telefoonnummer"),
        ({"name": "x" * 5000, "born": "1990-05-01"}, "Dit is te lang"),
    ],
)
def test_too_little_or_no_address_is_said_in_a_sentence(given: dict[str, str], sentence: str) -> None:
    assert sentence in found(**given)


def test_what_is_typed_in_an_address_looks_nobody_up(noor: str) -> None:
    page = care_worker().get("/staff/find/", {"email": "noor@example.org"})
    assert "Noor" not in words(page)
    assert "noor@" not in page.content.decode()


def test_what_was_typed_stays_nowhere(noor: str) -> None:
    client = care_worker()
    answer = client.post("/staff/find/", {"name": "Iemand Geheim", "born": "1990-05-01"})
    assert answer.status_code == 200, "no address to go to"
    kept = str([one.get_decoded() for one in Session.objects.all()])
    kept += str([bytes(leaf.content or b"") for leaf in Leaf.objects.all()])
    assert "Geheim" not in kept
    assert "1990" not in kept


def test_the_record_says_which_account_looked(noor: str) -> None:
    client = care_worker()
    client.post("/staff/find/", {"email": "noor@example.org"})
    leaf = Leaf.objects.get(act="vault.looked-up", about=noor)
    assert f'"by":"staff:{client.session["_auth_user_id"]}"'.encode() in bytes(leaf.content or b"")


def test_so_many_an_hour_and_then_a_sentence(noor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST", 1)
    assert "Noor" in found(email="noor@example.org")
    page = found(email="noor@example.org")
    assert "binnen een uur" in page
    assert "de Vries" not in page
