"""What I choose: a change is read back before it is kept, kept once, and begins nothing by itself."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from luwte.base.clock import ManualClock
from luwte.desk.telling import services as telling
from luwte.desk.telling.models import Contact
from luwte.desk.telling.subjects import party_of
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import EMAIL, PHONE, Mandate, Reach
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.rules import PERSON, Channel, Choice, Detail, Quiet, Register, Rhythm, Source
from tests.support.choosing import PLACES, answer, chosen, hidden, keep, standing
from tests.support.desk import NOON, Someone, someone, wish
from tests.support.pages import enter, enter_by, words
from tests.support.stage import EARLIER, acting_entrance, chooser, represented, stranger

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]


def versions(person: Someone) -> int:
    return len(wishes.versions(person.subject))


def changed(person: Someone, part: str, value: str, source: str = "case") -> Choice:
    """Answer, keep, and return what is chosen now."""
    client = enter(person)
    keep(client, answer(client, part, value, source), source)
    return chosen(person, Source(source))


def test_an_answer_is_read_back_and_nothing_changes_before_it_is_kept() -> None:
    person = chooser("Noor", rhythm=Rhythm.EACH)
    client = enter(person)
    page = answer(client, "rhythm", "yearly")
    assert "Is dit wat u wilt?" in words(page)
    assert "U hoort hoogstens eens per jaar van ons." in words(page)
    assert chosen(person).rhythm == Rhythm.EACH
    assert "Uw keuze is bewaard." in words(keep(client, page))
    assert chosen(person).rhythm == Rhythm.YEARLY
    row = wishes.versions(person.subject)[-1]
    assert (row.set_by, row.conversation, row.by) == ("self", "portal", [PERSON])


def test_the_language_and_a_pause_lead_back_to_the_page_that_one_is_on() -> None:
    client, path = enter(chooser("Noor", rhythm=Rhythm.EACH)), f"/keuzes/{PLACES['case']}/"
    answer(client, "rhythm", "yearly")
    for page in (f"{path}nalezen/", f"{path}?deel=1", path):
        shown = client.get(page)
        assert shown.status_code == 200
        places = re.findall(r'name="next" value="([^"]*)"', shown.content.decode())
        assert len(places) > 1
        assert set(places) == {page}


@pytest.mark.parametrize(
    ("part", "value", "expected"),
    [
        ("rhythm", "on_request", {"rhythm": Rhythm.ON_REQUEST}),
        ("detail", "something", {"detail": Detail.SOMETHING}),
        ("hours", "9-17", {"hours": (9, 17)}),
        ("weekday", "4", {"weekday": 4}),
        ("words", "nl-youth", {"words": Register.YOUTH}),
        ("told", "no", {"told": False}),
    ],
)
def test_each_part_changes_and_the_rest_stays(part: str, value: str, expected: dict[str, object]) -> None:
    friend = Mandate("Riet", "parent", EARLIER.date(), channel="portal")
    person = someone("Noor")
    party = party_of(vault.add_representative(person.id, friend))
    before = Choice(
        True, Rhythm.MONTHLY, Channel.PORTAL, Detail.EVERYTHING, date(2027, 1, 1), others=frozenset({party})
    )
    wish(person.id, before, EARLIER)
    assert changed(person, part, value) == replace(before, **expected)  # type: ignore[arg-type]


def test_what_no_longer_fits_goes_and_is_read_back() -> None:
    person = chooser("Noor", rhythm=Rhythm.MONTHLY, weekday=3)
    client = enter(person)
    page = answer(client, "rhythm", "each")
    assert "donderdag" not in words(page)
    keep(client, page)
    assert (chosen(person).rhythm, chosen(person).weekday) == (Rhythm.EACH, None)


def test_who_has_no_mandate_any_more_does_not_stand_in_the_way() -> None:
    person = someone("Noor")
    acting = vault.add_representative(person.id, Mandate("Riet", "parent", EARLIER.date(), channel="portal"))
    wish(person.id, Choice(True, Rhythm.EACH, others=frozenset({party_of(acting)})), EARLIER)
    vault.end_mandate(acting, NOON.date() - timedelta(days=1))
    assert changed(person, "rhythm", "yearly").others == frozenset()


def test_two_changes_are_kept_as_one_version() -> None:
    person = chooser("Noor")
    client = enter(person)
    answer(client, "rhythm", "monthly")
    assert "Dit is uw keuze tot nu toe" in words(client.get("/keuzes/1/?verder"))
    keep(client, answer(client, "weekday", "0"))
    assert (chosen(person).rhythm, chosen(person).weekday) == (Rhythm.MONTHLY, 0)
    assert versions(person) == 2


def test_a_second_press_makes_no_second_version() -> None:
    person = chooser("Noor")
    client = enter(person)
    page = answer(client, "rhythm", "monthly")
    keep(client, page)
    assert keep(client, page).status_code == 200
    assert versions(person) == 2


def test_what_changed_meanwhile_is_not_overwritten() -> None:
    person = chooser("Noor", Detail.EVERYTHING)
    client = enter(person)
    page = answer(client, "rhythm", "monthly")
    wishes.withdraw(person.subject, now=NOON)
    keep(client, page)
    assert not chosen(person).told
    assert versions(person) == 2


def test_what_a_care_worker_recorded_meanwhile_is_read_first() -> None:
    person = chooser("Noor", Detail.EVERYTHING)
    client = enter(person)
    page = answer(client, "rhythm", "monthly")
    wish(person.id, Choice(True, Rhythm.QUARTERLY, detail=Detail.EVERYTHING), NOON)
    keep(client, page)
    assert chosen(person).rhythm == Rhythm.QUARTERLY
    assert versions(person) == 2


def test_a_version_that_comes_while_one_is_kept_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A care worker records another one after the draft was read and before the book is locked."""
    person = chooser("Noor")
    client = enter(person)
    page, lock, waiting = answer(client, "rhythm", "monthly"), wishes.lock, [True]

    def late(subject: str) -> object:
        if waiting:
            waiting.clear()
            wish(person.id, Choice(True, Rhythm.QUARTERLY), NOON)
        return lock(subject)

    monkeypatch.setattr(wishes, "lock", late)
    assert "Uw keuze is bewaard." not in words(keep(client, page))
    assert not waiting
    assert chosen(person).rhythm == Rhythm.QUARTERLY
    assert versions(person) == 2


def test_a_way_that_does_not_work_is_said_and_not_shown() -> None:
    person = someone("Noor", email=None, choice=Choice(True, Rhythm.EACH, Channel.EMAIL), now=EARLIER)
    page = words(answer(enter(person), "rhythm", "yearly"))
    assert "De manier die u koos, werkt nu niet." in page
    assert "De e-mail" not in page


def test_two_pages_beside_each_other_keep_only_what_was_read() -> None:
    person = chooser("Noor")
    client = enter(person)
    first = answer(client, "rhythm", "monthly")
    answer(client, "rhythm", "yearly")
    assert "eens per jaar" in words(keep(client, first)), "what is kept is read first"
    assert versions(person) == 1


def test_leaving_drops_what_was_not_kept() -> None:
    person = chooser("Noor")
    client = enter(person)
    page = answer(client, "rhythm", "monthly")
    client.get("/keuzes/1/")
    keep(client, page)
    assert versions(person) == 1
    assert client.get("/keuzes/1/nalezen/")["Location"] == "/keuzes/1/"


def test_back_and_again_shows_the_same_pages() -> None:
    client = enter(chooser("Noor"))
    page = answer(client, "rhythm", "monthly")
    assert words(client.get("/keuzes/1/nalezen/")) == words(page)
    assert 'value="monthly" checked' in client.get("/keuzes/1/?deel=1").content.decode()
    keep(client, page)
    assert client.get("/keuzes/1/nalezen/").status_code == 302


def test_nothing_is_begun_here() -> None:
    """T1, T9: a first wish, and one after a stop, is made in a talk."""
    for person in (stranger("Demi"), chooser("Eva", told=False)):
        client = enter(person)
        before = versions(person)
        assert 'href="/keuzes/1/"' not in client.get("/keuzes/").content.decode()
        assert client.get("/keuzes/1/")["Location"] == "/keuzes/"
        for part, value in (("told", "yes"), ("rhythm", "each")):
            answer(client, part, value)
        client.post("/keuzes/1/vast/", {"told": "yes", "rhythm": "each"})
        assert versions(person) == before


def test_another_source_is_not_begun_by_one_that_holds() -> None:
    person = chooser("Noor")
    client = enter(person)
    answer(client, "rhythm", "each", "internet")
    client.post("/keuzes/2/vast/", {"told": "yes"})
    assert versions(person) == 1


def test_a_wish_that_ended_is_asked_anew_in_a_talk(clock: ManualClock) -> None:
    person = chooser("Noor", until=date(2026, 3, 3))
    clock.advance(timedelta(days=2))
    client = enter(person, now=clock.now())
    assert client.get("/keuzes/1/")["Location"] == "/keuzes/"


def test_told_cannot_be_switched_on_through_the_form() -> None:
    person = chooser("Noor")
    client = enter(person)
    assert "Wilt u hier niets meer over horen?" in words(answer(client, "told", "yes"))
    assert versions(person) == 1


@pytest.mark.parametrize("value", ["", "daily", "x" * 5000, "lawyer", "email"])
def test_what_was_not_offered_is_asked_again(value: str) -> None:
    person = someone("Noor", email=None, choice=Choice(True, Rhythm.EACH), now=EARLIER)
    client = enter(person)
    page = answer(client, "channel", value)
    assert "Kies een van de antwoorden." in words(page)
    assert chosen(person).channel == Channel.PORTAL


def test_only_ways_that_work_are_offered() -> None:
    person = chooser("Noor", rhythm=Rhythm.EACH)
    page = enter(person).get("/keuzes/1/?deel=2").content.decode()
    assert 'value="portal"' in page
    assert 'value="care_worker"' in page
    assert 'value="letter"' not in page
    assert 'value="lawyer"' not in page


@pytest.mark.parametrize(("part", "value"), [("detail", "everything"), ("channel", "care_worker")])
def test_more_is_read_back_only_to_who_is_alone(part: str, value: str) -> None:
    """R13: somebody else could want it."""
    person = chooser("Noor")
    client = enter(person)
    asked = answer(client, part, value)
    assert "Bent u nu alleen?" in words(asked)
    client.post("/keuzes/1/vast/", {"detail": "everything", "channel": value})
    assert versions(person) == 1
    answered = client.post("/keuzes/1/nalezen/", {"alone": "no"}, follow=True)
    assert "Er is niets veranderd." in words(answered)
    assert client.get("/keuzes/1/nalezen/").status_code == 302
    answer(client, part, value)
    keep(client, client.post("/keuzes/1/nalezen/", {"alone": "yes"}, follow=True))
    assert value in (chosen(person).detail, chosen(person).channel)


def test_less_is_not_asked_about() -> None:
    assert "Is dit wat u wilt?" in words(answer(enter(chooser("Noor")), "detail", "something"))


def test_quiet_days_that_leave_nothing_open_are_said() -> None:
    person = chooser("Noor", rhythm=Rhythm.WEEKLY)
    for day in range(53):
        first = date(2026, 3, 2) + timedelta(days=7 * day)
        wishes.add_quiet(Quiet(person.subject, first, first), set_by="Wim", now=NOON)
    client = enter(person)
    page = keep(client, answer(client, "weekday", "0"))
    assert "Zo blijft er geen dag over" in words(page)
    assert versions(person) == 1


def young(born: date, by: bool = True) -> Someone:
    """Add somebody of whom the parents chose too, with everything in detail."""
    person = someone("Kim", born=born)
    vault.change_person(person.id, today=NOON.date(), authority="sole")
    parent = Mandate("Riet", "parent", EARLIER.date(), holder=True, channel="portal")
    party = party_of(vault.add_representative(person.id, parent))
    parties = frozenset({party, PERSON}) if by else frozenset({party})
    telling.set_wish(
        person.id, Source.CASE, Choice(True, Rhythm.EACH, detail=Detail.EVERYTHING), set_by="Wim",
        conversation="gesprek", now=EARLIER, by=parties, assessment="beoordeling",
    )  # fmt: skip
    return person


@pytest.mark.parametrize("born", [date(2012, 5, 1), date(2016, 5, 1)])
def test_who_is_too_young_to_decide_alone_may_choose_less_and_it_goes_on_to_count(born: date) -> None:
    """T10: a version of the child alone would end what the parents chose, instead of telling less."""
    person = young(born)
    by = standing(person).by
    client = enter(person)
    page = client.get("/keuzes/1/").content.decode()
    assert "deel=5" in page
    assert "deel=1" not in page
    assert 'value="everything"' in client.get("/keuzes/1/?deel=5").content.decode()
    keep(client, answer(client, "detail", "something"))
    assert chosen(person).detail == Detail.SOMETHING
    assert standing(person).by == by
    assert "deel=5" not in client.get("/keuzes/1/").content.decode()


@pytest.mark.parametrize("part", ["rhythm", "channel", "words"])
def test_who_is_too_young_to_decide_alone_changes_nothing_else(part: str) -> None:
    person = young(date(2012, 5, 1))
    value = {"rhythm": "yearly", "channel": "care_worker", "words": "en"}[part]
    client = enter(person)
    keep(client, answer(client, part, value))
    assert versions(person) == 1


def test_more_is_not_offered_to_who_may_only_choose_less() -> None:
    person = young(date(2012, 5, 1))
    client = enter(person)
    keep(client, answer(client, "detail", "bands"))
    assert 'value="everything"' not in client.get("/keuzes/1/?deel=5").content.decode()
    answer(client, "detail", "everything")
    assert chosen(person).detail == Detail.BANDS


def test_what_does_not_count_for_want_of_consent_is_not_made_to_count_here() -> None:
    """A 14-year-old of whom only the parents chose: a version with both would begin telling."""
    person = young(date(2012, 1, 1), by=False)
    client = enter(person)
    assert client.get("/keuzes/1/")["Location"] == "/keuzes/"
    answer(client, "detail", "something")
    assert versions(person) == 1


def test_from_sixteen_one_chooses_alone() -> None:
    person = young(date(2009, 5, 1))
    assert changed(person, "rhythm", "yearly").rhythm == Rhythm.YEARLY
    assert standing(person).by == {PERSON}


def test_what_was_chosen_before_eighteen_is_asked_anew_in_a_talk() -> None:
    person = young(date(2008, 3, 1))
    assert enter(person).get("/keuzes/1/")["Location"] == "/keuzes/"


def test_an_address_says_nothing_of_what_it_is_about() -> None:
    client = enter(chooser("Noor"))
    links = client.get("/keuzes/").content.decode() + client.get("/keuzes/1/").content.decode()
    for word in ("case", "internet", "rights", "safety", "rhythm", "detail", "channel"):
        assert f"/{word}" not in links
        assert f"={word}" not in links.replace('name="', "")
    assert all(client.get(f"/keuzes/{place}/").status_code == 404 for place in (0, 7, 10**30))


def test_safety_asks_only_for_the_way_and_the_language() -> None:
    person = someone("Nadia")
    telling.set_wish(
        person.id, Source.SAFETY, Choice(True, Rhythm.EACH), set_by="Wim", conversation="gesprek",
        now=EARLIER, assessment="beoordeling",
    )  # fmt: skip
    page = enter(person).get(f"/keuzes/{PLACES['safety']}/").content.decode()
    assert [part for part in range(1, 9) if f"deel={part}" in page] == [2, 7, 8]


def test_all_that_is_kept_was_in_the_form_that_was_read() -> None:
    person = chooser("Noor", rhythm=Rhythm.MONTHLY, hours=(9, 17))
    client = enter(person)
    sent = hidden(answer(client, "weekday", "2"))
    sent.pop("csrfmiddlewaretoken", None)
    assert sent["weekday"] == ["2"]
    assert sent["hours"] == ["9-17"]
    del sent["rhythm"]
    assert client.post("/keuzes/1/vast/", sent)["Location"] == "/keuzes/1/nalezen/"
    assert versions(person) == 1


def test_who_acts_for_somebody_chooses_nothing(clock: ManualClock) -> None:
    _, acting = represented("Karim")
    client = enter_by(acting_entrance(acting, clock.now()))
    for path in ("/keuzes/", "/keuzes/1/", "/rust/", "/stop/"):
        assert client.get(path)["Location"] == "/"


def test_no_mail_confirms_a_change() -> None:
    """Nothing leaves the house because of a change: only news does."""
    person = chooser("Noor")
    vault.change_address(person.id, Reach(EMAIL, "other@example.org"), now=NOON)
    vault.change_address(person.id, Reach(PHONE, "+31612345678"), now=NOON)
    changed(person, "rhythm", "monthly")
    telling.tell(ManualClock(NOON + timedelta(days=1)), {})
    assert not Contact.objects.exists()
