"""What a person wants to hear is asked in a talk, read back, and kept in place of what was read."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from luwte.base.clock import ManualClock
from luwte.desk.telling import services as telling
from luwte.desk.telling.subjects import party_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.assessed import Assessed
from luwte.desk.vault.assessments import assess
from luwte.desk.vault.rules import Mandate
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import PERSON, Channel, Choice, Detail, Rhythm, Source, latest
from tests.support.desk import NOON, Someone, someone
from tests.support.pages import words
from tests.support.tour import WISH, care_worker

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]

WANTED = WISH | {"told": "yes", "version": "0"}


@pytest.fixture
def noor() -> Someone:
    """Noor, with an assessment, who was never asked."""
    person = someone("Noor")
    assess(person.id, Assessed(), by="staff:1", now=NOON)
    return person


def hidden(page: str) -> dict[str, list[str]]:
    """Return what the form of a read-back sends."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page):
        found.setdefault(name, []).append(value)
    found.pop("csrfmiddlewaretoken", None)
    return found


def ask(person: Someone, given: dict[str, Any], place: int = 1, client: Client | None = None) -> Any:
    """Answer the questions, read back, and keep it."""
    client, path = client or care_worker(), f"/staff/person/{person.id}/wishes/{place}/"
    page = client.post(path, given).content.decode()
    return client.post(path, hidden(page) | {"act": "keep"})


def standing(person: Someone, source: Source = Source.CASE) -> Any:
    return latest(wishes.wishes([person.subject]), source, NOON + timedelta(days=1))


def test_it_is_kept_as_it_was_read_back(noor: Someone) -> None:
    client, path = care_worker(), f"/staff/person/{noor.id}/wishes/1/"
    page = client.post(path, WANTED)
    assert "Lees dit terug" in words(page)
    assert standing(noor) is None, "reading back keeps nothing"
    assert client.post(path, hidden(page.content.decode()) | {"act": "keep"}).status_code == 302
    assert standing(noor).choice == Choice(True, Rhythm.MONTHLY, Channel.PORTAL, Detail.BANDS, hours=(9, 17))
    (row,) = wishes.versions(noor.subject)
    assert (row.set_by, row.conversation, row.by) == ("zorg", "call 2026-03-02", [PERSON])
    assert re.fullmatch("assessment [0-9a-f]{32}", row.assessment)


def test_a_second_press_makes_no_second_version(noor: Someone) -> None:
    client, path = care_worker(), f"/staff/person/{noor.id}/wishes/1/"
    sent = hidden(client.post(path, WANTED).content.decode()) | {"act": "keep"}
    client.post(path, sent)
    assert "Iemand veranderde dit intussen" in words(client.post(path, sent, follow=True))
    assert len(wishes.versions(noor.subject)) == 1


def test_what_another_one_changed_meanwhile_stays(noor: Someone) -> None:
    client, path = care_worker(), f"/staff/person/{noor.id}/wishes/1/"
    sent = hidden(client.post(path, WANTED).content.decode()) | {"act": "keep"}
    telling.set_wish(noor.id, Source.CASE, Choice(False), set_by="x", conversation="y", now=NOON)
    client.post(path, sent)
    assert not standing(noor).choice.told


def test_who_wants_nothing_needs_no_assessment_and_the_other_answers_count_for_nothing() -> None:
    person = someone("Bo")
    assert ask(person, WANTED | {"told": "no"}).status_code == 302
    assert not standing(person).choice.told


def test_the_first_wish_to_be_told_follows_from_an_assessment() -> None:
    person = someone("Bo")
    client, path = care_worker(), f"/staff/person/{person.id}/wishes/1/"
    page = client.post(path, WANTED)
    assert "nog geen individuele beoordeling" in words(page)
    assert 'value="keep"' not in page.content.decode()
    answer = client.post(path, hidden(page.content.decode()) | {"act": "keep"})
    assert answer.status_code == 200
    assert standing(person) is None


def test_safety_comes_at_once_and_at_any_hour(noor: Someone) -> None:
    place = list(Source).index(Source.SAFETY) + 1
    assert ask(noor, WANTED | {"rhythm": "yearly"}, place).status_code == 302
    choice = standing(noor, Source.SAFETY).choice
    assert (choice.rhythm, choice.hours, choice.weekday) == (Rhythm.EACH, (0, 24), None)


def test_what_a_rhythm_leaves_no_room_for_is_left_out(noor: Someone) -> None:
    ask(noor, WANTED | {"rhythm": "each", "weekday": "2", "cover": "yes", "channel": "email"})
    assert (standing(noor).choice.weekday, standing(noor).choice.cover) == (None, False)


def test_who_may_hear_it_too_and_who_chose_it_act_today(noor: Someone) -> None:
    acting = vault.add_representative(noor.id, Mandate("Riet", "parent", NOON.date()), now=NOON)
    ended = Mandate("Rob", "parent", date(2020, 1, 1), date(2020, 2, 1))
    gone = vault.add_representative(noor.id, ended, now=NOON)
    page = words(care_worker().get(f"/staff/person/{noor.id}/wishes/1/"))
    assert "Riet" in page
    assert "Rob" not in page
    party, other = party_of(acting), party_of(gone)
    for name in ("by", "others"):
        assert ask(noor, WANTED | {name: other}).status_code == 200
        assert standing(noor) is None
    assert ask(noor, WANTED | {"others": party, "by": [PERSON, party]}).status_code == 302
    assert (standing(noor).choice.others, standing(noor).by) == ({party}, {PERSON, party})


def test_what_does_not_count_yet_is_said_before_it_is_kept() -> None:
    child = someone("Kind", born=date(2018, 5, 1))
    assess(child.id, Assessed(), by="staff:1", now=NOON)
    page = words(care_worker().post(f"/staff/person/{child.id}/wishes/1/", WANTED))
    assert "Zo telt dit nog niet" in page
    grown = someone("Noor")
    assess(grown.id, Assessed(), by="staff:1", now=NOON)
    page = words(care_worker().post(f"/staff/person/{grown.id}/wishes/1/", WANTED))
    assert "Zo telt dit nog niet" not in page


@pytest.mark.parametrize(
    "given",
    [
        {"told": "perhaps"}, {"rhythm": "hourly"}, {"channel": "pigeon"}, {"detail": "x"}, {"by": []},
        {"by": "somebody"}, {"conversation": "dream"}, {"version": "x"}, {"until": "soon"}, {"hours": "9"},
        {"others": "nobody"}, {"weekday": ["1", "2"]},
    ],
)  # fmt: skip
def test_what_is_no_answer_keeps_nothing(noor: Someone, given: dict[str, Any]) -> None:
    answer = care_worker().post(f"/staff/person/{noor.id}/wishes/1/", WANTED | given | {"act": "keep"})
    assert answer.status_code == 200
    assert "Kies bij elke vraag een van de antwoorden" in words(answer)
    assert not wishes.versions(noor.subject)


def test_a_last_day_that_is_over_is_said_in_a_sentence(noor: Someone) -> None:
    answer = ask(noor, WANTED | {"until": "2020-01-01"})
    assert answer.status_code == 200
    assert "Dit gaat niet samen" in words(answer)


@pytest.mark.parametrize("place", [0, 7, 99])
def test_there_is_no_other_source(noor: Someone, place: int) -> None:
    assert care_worker().get(f"/staff/person/{noor.id}/wishes/{place}/").status_code == 404


def test_stopping_works_at_once(noor: Someone, clock: ManualClock) -> None:
    ask(noor, WANTED)
    clock.advance(timedelta(minutes=1))
    care_worker().post(f"/staff/person/{noor.id}/wishes/stop/")
    assert not latest(wishes.wishes([noor.subject]), Source.CASE, clock.now()).choice.told  # type: ignore[union-attr]
    assert wishes.versions(noor.subject)[-1].set_by == "zorg"


@pytest.mark.parametrize("path", ["", "1/"])
def test_somebody_who_is_not_here_has_no_page(path: str) -> None:
    assert care_worker().get(f"/staff/person/{'0' * 32}/wishes/{path}").status_code == 404
