"""Somebody is added in a conversation: step by step, read back, and only then kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from luwte.base.clock import ManualClock
from luwte.desk.staff import enrol_form
from luwte.desk.vault import drafts, searching
from luwte.desk.vault import services as vault
from luwte.desk.vault.assessments import assessments
from luwte.desk.vault.models import Draft, Leaf, Person
from luwte.desk.vault.rules import Identity, Reach
from tests.support.desk import NOON, someone
from tests.support.pages import words
from tests.support.tour import ENROLLED, SOMEONE, care_worker, changed

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]


def begun(client: Client, steps: int = 5) -> str:
    """Begin a conversation, answer so many steps, and return its address."""
    draft = str(client.post("/staff/enrol/")["Location"]).removesuffix("step/who/")
    for step, given in list(ENROLLED.items())[:steps]:
        answer = client.post(f"{draft}step/{step}/", given)
        assert answer.status_code == 302, words(answer)
    return draft


def keep(client: Client, draft: str, **more: str) -> object:
    return client.post(f"{draft}keep/", {"changed": changed(client, draft)} | more)


def test_each_step_leads_to_the_next_and_the_last_to_the_read_back() -> None:
    client = care_worker()
    draft = str(client.post("/staff/enrol/")["Location"]).removesuffix("step/who/")
    for step, after in zip(ENROLLED, [*list(ENROLLED)[1:], ""], strict=True):
        answer = client.post(f"{draft}step/{step}/", ENROLLED[step])
        assert answer["Location"] == (f"{draft}step/{after}/" if after else draft)
    client.post(f"{draft}step/someone/", SOMEONE)
    page = words(client.get(draft))
    for said in (
        "Sanne Nieuw",
        "1 mei 1990",
        "linde",
        "een tolk",
        "Riet Nieuw",
        "Laan 1",
        "het gezagsregister",
    ):
        assert said in page, said


def test_the_person_is_added_with_all_that_was_said() -> None:
    client = care_worker()
    draft = begun(client)
    client.post(f"{draft}step/someone/", SOMEONE)
    answer = keep(client, draft)
    (found,) = vault.people(now=NOON)
    assert answer["Location"] == f"/staff/person/{found.id}/wishes/"  # type: ignore[index]
    born = date(1990, 5, 1)
    assert found.identity == Identity("Sanne Nieuw", born, born, care_worker="zorg", authority="none_now")
    assert {reach.kind: reach.value for reach in found.reaches} == {
        "email": "sanne@example.org", "phone": "+31612345678", "post": "Sanne Nieuw\nLaan 1\n1000 AA Plaats",
    }  # fmt: skip
    (acting,) = vault.representatives(found.id)
    assert (acting.mandate.name, acting.mandate.holder, acting.mandate.informed) == ("Riet Nieuw", True, True)
    (made,) = assessments(found.id)
    assert (made.said.code_word, made.said.needs, made.said.safe_ways) == (
        "linde", ("child", "language"), ("email", "phone"),
    )  # fmt: skip
    assert not Draft.objects.exists()


def test_a_second_press_adds_nobody_else() -> None:
    client = care_worker()
    draft = begun(client)
    sent = {"changed": changed(client, draft)}
    assert client.post(f"{draft}keep/", sent).status_code == 302
    assert client.post(f"{draft}keep/", sent).status_code == 404
    assert Person.objects.count() == 1


def test_what_changed_since_it_was_read_is_read_again(clock: ManualClock) -> None:
    client = care_worker()
    draft = begun(client)
    sent = {"changed": changed(client, draft)}
    clock.advance(timedelta(minutes=1))
    client.post(f"{draft}step/who/", ENROLLED["who"] | {"name": "Iemand Anders"})
    assert client.post(f"{draft}keep/", sent)["Location"] == draft
    assert not Person.objects.exists()


@pytest.mark.parametrize("steps", [0, 1, 4])
def test_a_step_that_is_missing_comes_before_the_read_back(steps: int) -> None:
    client = care_worker()
    draft = begun(client, steps)
    assert client.get(draft)["Location"] == f"{draft}step/{list(ENROLLED)[steps]}/"
    assert client.post(f"{draft}keep/", {"changed": ""})["Location"] == draft
    assert f"{draft}step/{list(ENROLLED)[steps]}/" in client.get("/staff/enrol/").content.decode()


def test_nothing_that_was_said_is_in_the_session_an_address_or_the_record() -> None:
    client = care_worker()
    draft = begun(client)
    client.get(draft)
    sessions = [one.get_decoded() for one in Session.objects.all()]
    kept = str(sessions) + draft + str([bytes(leaf.content or b"") for leaf in Leaf.objects.all()])
    for said in ("Sanne", "1990", "sanne@", "612345678", "linde", "Laan"):
        assert said not in kept, said


def test_it_goes_on_after_signing_in_again_and_is_not_a_colleagues() -> None:
    draft = begun(care_worker(), 2)
    assert "Sanne Nieuw" in words(care_worker().get("/staff/enrol/"))
    colleague = care_worker(name="collega")
    assert "Sanne" not in words(colleague.get("/staff/enrol/"))
    for path in (draft, f"{draft}step/who/"):
        assert colleague.get(path).status_code == 404
    for path in (f"{draft}step/who/", f"{draft}keep/", f"{draft}drop/"):
        assert colleague.post(path, ENROLLED["who"]).status_code == 404


def test_a_dropped_conversation_is_gone() -> None:
    client = care_worker()
    draft = begun(client)
    client.post(f"{draft}drop/")
    assert client.get(draft).status_code == 404
    assert not Draft.objects.exists()


def test_who_may_be_the_same_person_is_looked_at_first() -> None:
    there = someone("Sanne Nieuw", email="other@example.org", born=date(1990, 5, 1))
    client = care_worker()
    draft = begun(client)
    page = client.get(draft).content.decode()
    assert f"/staff/person/{there.id}/" in page
    answer = keep(client, draft)
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert "Kijk eerst" in words(answer)  # type: ignore[arg-type]
    assert Person.objects.count() == 1
    assert keep(client, draft, other="yes").status_code == 302  # type: ignore[attr-defined]
    assert Person.objects.count() == 2


@pytest.mark.parametrize("by", ["email", "phone"])
def test_an_address_that_somebody_has_already_shows_them(by: str) -> None:
    reach = {"email": Reach("email", "SANNE@example.org"), "phone": Reach("phone", "0612345678")}[by]
    vault.add_person(Identity("Heel Anders"), reach, now=NOON)
    client = care_worker()
    assert "Heel Anders" in words(client.get(begun(client)))


def test_who_searched_too_often_adds_nobody_unlooked(monkeypatch: pytest.MonkeyPatch) -> None:
    client = care_worker()
    draft = begun(client)
    sent = {"changed": changed(client, draft), "other": "yes"}
    monkeypatch.setattr(searching, "MOST", 1)
    answer = client.post(f"{draft}keep/", sent)
    assert "binnen een uur" in words(answer)
    assert f"{draft}keep/" in answer.content.decode()
    assert "Voeg deze persoon toe" not in words(answer)
    assert not Person.objects.exists()


def test_somebody_who_acts_can_be_taken_out_again_and_there_are_enough() -> None:
    client = care_worker()
    draft = begun(client)
    for _ in range(enrol_form.MOST_ACTING + 1):
        client.post(f"{draft}step/someone/", SOMEONE)
    (known,) = drafts.drafts(f"staff:{client.session['_auth_user_id']}")
    assert len(enrol_form.acting(known.parts)) == enrol_form.MOST_ACTING
    assert "Een vertegenwoordiger toevoegen" not in words(client.get(f"{draft}step/acting/"))
    client.post(f"{draft}without/someone-1/")
    assert client.post(f"{draft}without/someone-1/").status_code == 404
    assert "Een vertegenwoordiger toevoegen" in words(client.get(f"{draft}step/acting/"))


@pytest.mark.parametrize(
    ("step", "given", "sentence"),
    [
        ("who", {"name": ""}, "Naam: Dit is nog niet beantwoord"),
        ("who", {"name": "x" * 201}, "Dit is te lang"),
        ("who", {"name": "a\u202eb"}, "tekens die niet te drukken zijn"),
        ("who", {"born": "31-12-1990"}, "Dit is geen dag"),
        ("who", {"born": "2031-01-01"}, "De dag komt nog"),
        ("who", {"born_from": "1990-01-01"}, "Niet allebei"),
        ("who", {"seen": "guess"}, "Kies een van de antwoorden"),
        ("who", {"language": "fr"}, "Kies een van de antwoorden"),
        ("contact", {"email": "sanne"}, "Dit is geen e-mailadres"),
        ("contact", {"phone": "12"}, "Dit is geen telefoonnummer"),
        ("contact", {"post": "one line"}, "Dit is geen postadres"),
        ("safe", {"safe_times": "x" * 601}, "Dit is te lang"),
        ("safe", {"near": ""}, "nog niet beantwoord"),
        ("acting", {"authority": "mine"}, "Kies een van de antwoorden"),
        ("needs", {"needs": "money"}, "Kies een van de antwoorden"),
    ],
)
def test_a_bad_answer_is_said_in_one_sentence_and_not_kept(
    step: str, given: dict[str, str], sentence: str
) -> None:
    client = care_worker()
    draft = begun(client, 0)
    answer = client.post(f"{draft}step/{step}/", ENROLLED[step] | given)
    assert answer.status_code == 200
    assert sentence in words(answer)
    (known,) = drafts.drafts(f"staff:{client.session['_auth_user_id']}")
    assert known.parts == {}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"ends": "2025-12-31"}, "eindigt voor zij begint"),
        ({"role": "lawyer"}, "Alleen een ouder of een voogd"),
        ({"channel": "sms"}, "nodig voor de gekozen manier"),
        ({"channel": "pigeon"}, "Kies een van de antwoorden"),
    ],
)
def test_a_mandate_that_cannot_be_is_said_and_not_kept(given: dict[str, str], sentence: str) -> None:
    client = care_worker()
    draft = begun(client, 0)
    assert sentence in words(client.post(f"{draft}step/someone/", SOMEONE | given))
    (known,) = drafts.drafts(f"staff:{client.session['_auth_user_id']}")
    assert known.parts == {}


def test_there_is_no_other_step() -> None:
    client = care_worker()
    assert client.get(f"{begun(client, 0)}step/money/").status_code == 404
