"""Quiet days and a pause of a chosen length: kept, read back, taken away, each once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from luwte.desk.portal.quiet import MOST
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.models import Hold
from luwte.desk.wishes.rules import Quiet, QuietKind, Rhythm
from tests.support.desk import NOON, Someone
from tests.support.pages import enter, words
from tests.support.stage import chooser, stranger

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]
SUMMER = {"first": "2026-07-01", "last": "2026-07-14", "kind": "days"}


def kept(person: Someone) -> list[Quiet]:
    return wishes.quiets([person.subject])


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (SUMMER, (date(2026, 7, 1), date(2026, 7, 14), False, QuietKind.DAYS)),
        (SUMMER | {"yearly": "on"}, (date(2026, 7, 1), date(2026, 7, 14), True, QuietKind.DAYS)),
        (SUMMER | {"last": ""}, (date(2026, 7, 1), date(2026, 7, 1), False, QuietKind.DAYS)),
        (SUMMER | {"kind": "court"}, (date(2026, 7, 1), date(2026, 7, 14), False, QuietKind.COURT)),
        (
            {"first": "1-7-2026", "last": "14/07/2026", "kind": "exams"},
            (date(2026, 7, 1), date(2026, 7, 14), False, QuietKind.EXAMS),
        ),
    ],
)
def test_quiet_days_are_kept_and_read_back(form: dict[str, str], expected: tuple[object, ...]) -> None:
    person = stranger("Demi")
    page = enter(person).post("/rust/", form, follow=True)
    (one,) = kept(person)
    assert (one.first, one.last, one.yearly, one.kind) == expected
    assert "1 juli" in words(page)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (SUMMER | {"first": "soon"}, "Schrijf die zo: 31-12-2026."),
        (SUMMER | {"first": ""}, "Schrijf die zo: 31-12-2026."),
        (SUMMER | {"first": "2026-02-30"}, "Schrijf die zo: 31-12-2026."),
        (SUMMER | {"first": "9" * 100_000}, "Schrijf die zo: 31-12-2026."),
        (SUMMER | {"last": "2026-06-01"}, "De laatste dag komt voor de eerste."),
        (SUMMER | {"last": "2027-07-14"}, "hoogstens een jaar"),
        (SUMMER | {"first": "2020-01-01", "last": "2020-02-01"}, "al voorbij"),
        ({"first": "2026-04-01", "last": "2027-03-31", "kind": "days", "yearly": "on"}, "het hele jaar stil"),
        (SUMMER | {"kind": "why"}, "Kies waar de dagen voor zijn."),
    ],
)
def test_what_cannot_be_kept_is_said_in_one_sentence(form: dict[str, str], sentence: str) -> None:
    person = chooser("Noor")
    page = enter(person).post("/rust/", form)
    assert sentence in words(page)
    assert 'role="alert"' in page.content.decode()
    assert not kept(person)


def test_days_that_leave_no_open_day_are_refused() -> None:
    person = chooser("Noor", rhythm=Rhythm.WEEKLY)
    page = enter(person).post("/rust/", {"first": "2026-03-02", "last": "2027-03-02", "kind": "days"})
    assert "Zo blijft er geen dag over" in words(page)
    assert not kept(person)


def test_a_second_press_adds_nothing() -> None:
    person = stranger("Demi")
    client = enter(person)
    client.post("/rust/", SUMMER)
    client.post("/rust/", SUMMER)
    assert len(kept(person)) == 1


def test_there_is_an_end_to_how_many() -> None:
    person = stranger("Demi")
    for day in range(MOST):
        first = date(2026, 4, 1) + timedelta(days=2 * day)
        wishes.add_quiet(Quiet(person.subject, first, first), set_by="self", now=NOON)
    page = enter(person).post("/rust/", SUMMER)
    assert "U heeft al veel dagen van rust." in words(page)
    assert len(kept(person)) == MOST


def test_one_takes_away_ones_own_and_nobody_elses() -> None:
    person, other = stranger("Demi"), stranger("Piet")
    own, theirs = (
        wishes.add_quiet(Quiet(one.subject, date(2026, 7, 1), date(2026, 7, 2)), set_by="self", now=NOON)
        for one in (person, other)
    )
    client = enter(person)
    for found in (theirs, own, own, "nothing"):
        assert client.post(f"/rust/{found}/weg/")["Location"] == "/rust/"
    assert not kept(person)
    assert len(kept(other)) == 1


@pytest.mark.parametrize(
    ("days", "lasts"), [("7", 7), ("30", 30), ("90", 90), ("180", 180), ("36500", 90), ("-1", 90), ("", 90)]
)
def test_a_pause_lasts_as_long_as_was_chosen(days: str, lasts: int) -> None:
    enter(stranger("Demi")).post("/pauze/", {"days": days, "next": "/rust/"})
    pause = Hold.objects.get()
    assert pause.ends - pause.starts == timedelta(days=lasts)


def test_a_pause_that_holds_is_ended_before_another_begins() -> None:
    client = enter(stranger("Demi"))
    assert 'name="days"' in client.get("/rust/").content.decode()
    client.post("/pauze/", {"days": "180"})
    assert 'name="days"' not in client.get("/rust/").content.decode()
