"""Last days of rights: a care worker sees each day, and which right it is only where it may be said."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import translation

from luwte.base.clock import ManualClock
from luwte.desk.audit.models import Restoration
from luwte.desk.cases.models import Event
from luwte.desk.pages.figures.values import LONGEST_LABEL
from luwte.desk.pages.wording import kinds, sources
from luwte.desk.telling.deadlines import MOST, deadlines
from luwte.desk.telling.services import record_event
from luwte.desk.wishes.rules import Detail, Source
from tests.support.desk import NOON, Someone
from tests.support.pages import enter, words
from tests.support.stage import eventful, stranger, tell
from tests.support.tour import care_worker

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]
LAPSES = NOON + timedelta(days=60)


def page_of(person: Someone) -> str:
    return words(care_worker().get(f"/staff/person/{person.id}/"))


def righted(detail: Detail = Detail.EVERYTHING) -> Someone:
    return eventful("Lotte", Source.RIGHTS, "claim", detail, lapses=LAPSES)


def event_of(person: Someone) -> str:
    return Event.objects.get(subject=person.subject).pk


def test_which_right_it_is_stands_there_once_it_was_told_and_not_before() -> None:
    person = righted()
    before = page_of(person)
    assert "1 mei 2026" in before
    assert "een recht dat niet is verteld" in before
    assert "geld te vragen" not in before
    tell()
    after = page_of(person)
    assert "geld te vragen" in after
    assert "een recht dat niet is verteld" not in after


@pytest.mark.parametrize("detail", [Detail.SOMETHING, Detail.BANDS])
def test_of_who_wants_to_know_less_no_more_is_said_after_telling(detail: Detail) -> None:
    person = righted(detail)
    tell()
    page = page_of(person)
    assert "een recht waarvan deze persoon weet" in page
    assert "geld te vragen" not in page


def test_after_a_restore_no_choice_is_trusted() -> None:
    person = righted()
    tell()
    Restoration.objects.create(id="b" * 32, made=NOON, begun=NOON, loaded=NOON, finished=NOON)
    assert [one.kind for one in deadlines(person.subject, NOON)] == [None]


def test_who_took_the_call_sees_which_right_it_is() -> None:
    person = stranger("Noor")
    record_event(person.id, "C-9", Source.RIGHTS, "claim", at=NOON, lapses=LAPSES, now=NOON)
    event = event_of(person)
    assert [one.kind for one in deadlines(person.subject, NOON, [event])] == [None], "nothing was chosen"
    other = righted()
    event = event_of(other)
    assert [one.kind for one in deadlines(other.subject, NOON, [event])] == ["claim"]
    assert [one.kind for one in deadlines(other.subject, NOON, ["another"])] == [None]


def test_what_is_over_is_not_there_and_what_ends_first_comes_first(clock: ManualClock) -> None:
    person = righted()
    sooner = NOON + timedelta(days=9)
    record_event(person.id, "C-9", Source.RIGHTS, "statement", at=NOON, lapses=sooner, now=NOON)
    assert [one.lapses for one in deadlines(person.subject, NOON)] == [sooner, LAPSES]
    clock.advance(timedelta(days=10))
    page = page_of(person)
    assert "1 mei 2026" in page
    assert "11 maart 2026" not in page
    clock.advance(timedelta(days=60))
    assert "Rechten die aflopen" not in page_of(person)


def test_rights_of_somebody_else_and_steps_in_a_case_are_not_there() -> None:
    righted()
    mees = eventful("Mees", Source.EVENTS, "hearing", Detail.EVERYTHING)
    assert deadlines(mees.subject, NOON) == []
    assert "Rechten die aflopen" not in page_of(mees)


def test_no_more_than_fit_into_a_picture() -> None:
    person = righted()
    for number in range(MOST + 3):
        at = NOON - timedelta(minutes=number)
        lapses = LAPSES + timedelta(days=number)
        record_event(person.id, "C-9", Source.RIGHTS, "file_access", at=at, lapses=lapses, now=NOON)
    assert len(deadlines(person.subject, NOON)) == MOST
    assert page_of(person).count("niet is verteld") >= MOST


def test_the_person_sees_the_last_days_that_were_told_as_a_picture_with_its_table() -> None:
    person = righted()
    client = enter(person)
    assert "<figure" not in client.get("/mijn/rechten/").content.decode()
    tell()
    page = client.get("/mijn/rechten/").content.decode()
    assert page.count("<figure") == page.count("<table") == 1
    cells = r'scope="row">het recht om geld te vragen[^<]*</th><td[^>]*>1 mei 2026</td>'
    assert re.search(cells, page)


def test_the_person_who_wants_to_know_less_has_no_picture_of_it() -> None:
    person = righted(Detail.SOMETHING)
    tell()
    assert "<figure" not in enter(person).get("/mijn/rechten/").content.decode()


def test_what_has_passed_is_not_in_the_picture(clock: ManualClock) -> None:
    person = righted()
    tell()
    clock.advance(timedelta(days=61))
    page = enter(person, now=NOON + timedelta(days=61)).get("/mijn/rechten/").content.decode()
    assert "Die dag is voorbij." in page
    assert "<figure" not in page


@pytest.mark.parametrize("language", ["nl", "nl-youth", "en"])
def test_every_word_for_a_right_fits_into_the_picture(language: str) -> None:
    with translation.override(language):
        assert max(map(len, [*kinds().values(), *sources().values()])) <= LONGEST_LABEL
