"""What is a person's own: who looked, who acts, what is kept, their rights; nothing of it gives news away."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from luwte.base.clock import ManualClock
from luwte.desk.audit.actors import acting
from luwte.desk.telling import reading, services
from luwte.desk.telling.subjects import party_of
from luwte.desk.vault import break_glass
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import EMAIL, PHONE, POST, Identity, Mandate, Reach
from luwte.desk.wishes.rules import Choice, Detail, HoldKind, Rhythm, Source
from tests.support.desk import NOON, Someone, someone
from tests.support.pages import enter, enter_by, words
from tests.support.stage import (
    acting_entrance,
    chooser,
    eventful,
    found,
    represented,
    tell,
    told,
)
from tests.support.tour import care_worker

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]
PAGES = ("", "gegevens/", "bekeken/", "mensen/", "rechten/", "weg/", "weg/?verder")


def saved(client: Client) -> dict[str, Any]:
    """Return what the file of who is signed in holds."""
    found: dict[str, Any] = json.loads(client.post("/mijn/gegevens/blad/").content)
    return found


def said_of(client: Client) -> set[str]:
    """Return what was done by somebody here, as the person reads it."""
    lines = words(client.get("/mijn/bekeken/")).splitlines()
    return {said for _day, colon, said in (line.partition(": ") for line in lines) if colon}


def seen_by_staff(person: Someone) -> None:
    assert care_worker().get(f"/staff/person/{person.id}/").status_code == 200


def test_a_look_of_the_staff_is_there_by_day_and_not_by_name(signed: None) -> None:
    person = chooser("Noor")
    client = enter(person)
    assert "keek naar uw keuzes" not in words(client.get("/mijn/bekeken/"))
    seen_by_staff(person)
    page = words(client.get("/mijn/bekeken/"))
    assert "Iemand die hier werkt keek naar uw keuzes en berichten." in page
    assert "maart 2026" in page
    assert "zorg" not in page.replace("zorgen", "")
    assert "staff:" not in page


def test_a_look_outside_the_usual_work_is_there_without_its_reason() -> None:
    person = someone()
    request = break_glass.ask(person.id, "Zaak C-9, treffer", by="staff:7", now=NOON)
    client = enter(person)
    assert "buiten het gewone werk" not in words(client.get("/mijn/bekeken/")), "asked is not looked"
    break_glass.approve(request, by="staff:8", now=NOON)
    break_glass.open_glass(request, by="staff:7", now=NOON)
    page = words(client.get("/mijn/bekeken/"))
    assert "Iemand die hier werkt keek wie u bent, buiten het gewone werk." in page
    assert "C-9" not in page


def test_who_looks_from_the_command_line_is_there_too() -> None:
    person = someone()
    reading.why(person.id, NOON)
    page = words(enter(person).get("/mijn/bekeken/"))
    assert "Iemand die onze computers beheert keek naar uw keuzes" in page


def test_who_looked_says_nothing_of_news_of_sign_ins_or_of_what_the_person_did() -> None:
    """The page of someone of whom much was found, told and read is that of someone without anything."""
    calm = enter(chooser("Noor"))
    person, acting_one = represented("Truus")
    client = enter(person)
    client.get("/")
    client.post("/vraag/")
    client.post("/pauze/")
    client.post("/niet-goed/")
    enter_by(acting_entrance(acting_one)).get("/")
    with acting(lambda: party_of(acting_one)):
        vault.view(person.id, NOON)
    assert said_of(client) == said_of(calm)
    assert "Iemand die onze computers beheert veranderde wat wij van u weten." in said_of(calm)


def test_of_many_looks_the_newest_are_there_and_the_page_stays_one_step() -> None:
    person = someone()
    for days in range(200):
        reading.why(person.id, NOON - timedelta(days=days))
    answer = enter(person).get("/mijn/bekeken/")
    assert len(answer.content) == 32_768
    assert "2 maart 2026" in words(answer)
    assert "1 oktober 2025" not in words(answer)
    assert "Dit zijn de nieuwste regels." in words(answer)
    assert len(saved(enter(person))["looked"]) >= 200


def test_what_is_kept_is_shown_with_half_hidden_addresses() -> None:
    reaches = (Reach(EMAIL, "noor@example.org"), Reach(PHONE, "0612345678"), Reach(POST, "Noor\nDorp 1"))
    person = vault.add_person(Identity("Noor de Wit", care_worker="Wim"), *reaches, now=NOON)
    page = words(enter_by(f"/in/{vault.sign_in_link(person, NOON)}/").get("/mijn/gegevens/"))
    assert "Noor de Wit" in page
    assert "n…@e…" in page
    assert "… 78" in page
    assert "Wim" in page
    for hidden in ("example.org", "3456", "Dorp 1"):
        assert hidden not in page


def test_the_file_holds_all_of_the_person() -> None:
    person, acting_one = represented("Noor")
    services.set_wish(
        person.id, Source.EVENTS, Choice(False), set_by="Wim de Zorg", conversation="bellen", now=NOON
    )
    services.pause(person.id, NOON)
    file = saved(enter(person))
    assert file["person"]["name"] == "Noor"
    assert file["addresses"] == [{"kind": "email", "value": "noor@example.org"}]
    assert [one["name"] for one in file["acting_for_you"]] == ["Riet"]
    assert {(one["source"], one["told"]) for one in file["wishes"]} == {("case", True), ("events", False)}
    assert file["wishes"][0]["others"] == ["Riet"]
    assert [one["kind"] for one in file["pauses"]] == ["person"]
    ((part,),) = [one["parts"] for one in file["messages"]]
    assert (part["case"], part["how_often"]) == ("Noor-1", 7)
    assert "Wim" not in json.dumps(file), "names of the staff are not in it"
    assert acting_one not in json.dumps(file)
    assert "niet vertelden" in file["note"]


def test_the_file_leaves_out_what_may_put_somebody_in_danger() -> None:
    person = someone()
    vault.change_address(person.id, Reach(POST, "Noor\nGeheimstraat 7"), now=NOON)
    vault.change_person(person.id, secret_address=True, conflict="doubt", now=NOON)
    henk = Mandate("Henk", "parent", NOON.date(), conflict="certain", reaches=(Reach(EMAIL, "h@x.example"),))
    vault.add_representative(person.id, henk, now=NOON)
    services.hold(person.id, HoldKind.HARM, set_by="Wim", reason="wil niet meer", ends=NOON, now=NOON)
    client = enter(person)
    file = client.post("/mijn/gegevens/blad/").content.decode()
    for hidden in ("Geheimstraat", "conflict", "certain", "h@x.example", "wil niet meer", "Wim"):
        assert hidden not in file, hidden
    page = words(client.get("/mijn/mensen/"))
    assert "Henk" in page
    assert "verdacht" not in page
    assert "Uw adres is geheim." in words(client.get("/mijn/gegevens/"))


def test_the_file_has_a_neutral_name_and_whole_steps_of_size() -> None:
    sizes = set()
    for who, counts in (("Noor", []), ("Truus", [(7, 0)] * 9), ("Lies", [(0, 3)])):
        person = chooser(who, Detail.EVERYTHING)
        found(who, counts)
        tell()
        answer = enter(person).post("/mijn/gegevens/blad/")
        name = answer["Content-Disposition"]
        assert name.startswith('attachment; filename="')
        assert name.endswith('.json"')
        assert len(name) == len('attachment; filename="12345678.json"')
        assert answer["Cache-Control"] == "no-store, private, no-transform"
        sizes.add(len(answer.content))
    assert sizes == {131_072}


def test_what_is_the_persons_own_waits_for_a_whole_step(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("luwte.desk.portal.pull.time.sleep", slept.append)
    client = enter(chooser("Noor"))
    with override_settings(ANSWER_SECONDS=60, PAGE_SECONDS=60):
        for path in PAGES:
            client.get(f"/mijn/{path}")
        client.post("/mijn/gegevens/blad/")
    assert len(slept) == len(PAGES) + 1


@pytest.mark.parametrize("choice", [{"rhythm": Rhythm.ON_REQUEST}, {"told": False}, {"near": True}])
def test_nothing_untold_is_on_any_page_or_in_the_file(choice: dict[str, Any]) -> None:
    near = choice.pop("near", False)
    person = chooser("Kanarie", Detail.EVERYTHING, **choice)
    services.set_wish(
        person.id, Source.RIGHTS, Choice(True, Rhythm.ON_REQUEST, detail=Detail.EVERYTHING),
        set_by="Wim", conversation="gesprek", now=NOON - timedelta(days=1), assessment="een",
    )  # fmt: skip
    found("Kanarie", [(0, 3)] if near else [(7, 0)])
    lapses = NOON + timedelta(days=60)
    services.record_event(
        person.id, "KANARIE-RECHT", Source.RIGHTS, "claim", at=NOON, lapses=lapses, now=NOON
    )
    tell()
    client = enter(person)
    answers = [client.get(f"/mijn/{path}").content.decode() for path in PAGES]
    answers.append(client.post("/mijn/gegevens/blad/").content.decode())
    for text in answers:
        for canary in ("Kanarie-1", "KANARIE-RECHT", "claim", "geld te vragen"):
            assert canary not in text
    assert "Hier staat nu niets." in words(client.get("/mijn/rechten/"))


def test_who_acts_is_shown_with_days_and_what_they_may_hear() -> None:
    person, _ = represented("Noor", ends=(NOON + timedelta(days=9)).date(), standing=True)
    old = Mandate("Truus", "guardian", (NOON - timedelta(days=90)).date(), (NOON - timedelta(days=5)).date())
    vault.add_representative(person.id, old, now=NOON)
    page = words(enter(person).get("/mijn/mensen/"))
    assert "Riet" in page
    assert "11 maart 2026" in page
    assert "Onderzoeken van de politie" in page
    assert "een recht voor u gebruikt" in page
    assert page.index("Truus") < page.index("is voorbij") < page.index("Riet")


def test_nobody_acts() -> None:
    assert "Er treedt nu niemand anders voor u op." in words(enter(someone()).get("/mijn/mensen/"))


def test_a_right_that_was_told_is_there_with_its_last_day(clock: ManualClock) -> None:
    person = eventful("Lotte", Source.RIGHTS, "claim", Detail.EVERYTHING, lapses=NOON + timedelta(days=60))
    client = enter(person)
    assert "1 mei 2026" not in words(client.get("/mijn/rechten/")), "recorded is not told"
    tell()
    page = words(client.get("/mijn/rechten/"))
    assert "1 mei 2026" in page
    assert "C-9" in page
    assert "Die dag is voorbij." not in page
    clock.advance(timedelta(days=61))
    late = enter(person, now=NOON + timedelta(days=61))
    assert "Die dag is voorbij." in words(late.get("/mijn/rechten/"))


def test_a_right_is_shown_with_no_more_than_was_chosen() -> None:
    person = eventful("Lotte", Source.RIGHTS, "claim", Detail.SOMETHING, lapses=NOON + timedelta(days=60))
    tell()
    page = words(enter(person).get("/mijn/rechten/"))
    assert "Hier staat nu niets." in page
    assert "1 mei" not in page
    calm = enter(chooser("Noor"))
    assert page == words(calm.get("/mijn/rechten/"))


def test_findings_are_no_rights() -> None:
    assert "Hier staat nu niets." in words(enter(told("Noor", Detail.EVERYTHING)).get("/mijn/rechten/"))


def test_nobody_but_the_person_sees_or_saves_it() -> None:
    _, acting_one = represented("Noor")
    for client in (Client(), enter_by(acting_entrance(acting_one))):
        for path in PAGES:
            assert client.get(f"/mijn/{path}")["Location"] == "/", path
        for path in ("gegevens/blad/", "weg/"):
            assert client.post(f"/mijn/{path}", {"act": "ask", "sure": "yes"})["Location"] == "/", path


def test_the_file_needs_the_button() -> None:
    """A link in a mail, or a page that is loaded ahead, saves nothing on the device."""
    assert enter(someone()).get("/mijn/gegevens/blad/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = enter(someone()).cookies
    assert strict.post("/mijn/gegevens/blad/").status_code == 403


def test_it_is_erased_only_after_a_second_yes(clock: ManualClock) -> None:
    person = chooser("Noor")
    client = enter(person)
    assert "Verder" in words(client.get("/mijn/weg/"))
    refused = client.post("/mijn/weg/", {"act": "ask"}, follow=True)
    assert "Zet eerst een vinkje." in words(refused)
    page = words(client.post("/mijn/weg/", {"act": "ask", "sure": "yes"}, follow=True))
    assert "Op 9 maart 2026 wissen wij wie u bent." in page
    assert "9 maart 2026" in words(client.get("/mijn/"))
    kept = words(client.post("/mijn/weg/", {"act": "keep"}, follow=True))
    assert "Verder" in kept
    clock.advance(timedelta(days=8))
    tell(NOON + timedelta(days=8))
    assert vault.person(person.id).identity.name == "Noor"


def test_when_the_days_are_over_the_person_is_gone_and_signed_out() -> None:
    person = chooser("Noor")
    client = enter(person)
    client.post("/mijn/weg/", {"act": "ask", "sure": "yes"})
    tell(NOON + timedelta(days=6))
    assert client.get("/mijn/").status_code == 200
    tell(NOON + timedelta(days=8))
    assert client.get("/mijn/")["Location"] == "/"
    assert "subject" not in client.session


def test_a_young_person_asks_with_someone(signed: None) -> None:
    young = someone("Bo", born=NOON.date().replace(year=2012))
    client = enter(young)
    assert "U kunt dit vragen met de persoon die u van ons kent." in words(client.get("/mijn/weg/?verder"))
    client.post("/mijn/weg/", {"act": "ask", "sure": "yes"})
    assert "Op 9 maart" not in words(client.get("/mijn/weg/"))


def test_after_the_link_comes_what_the_exit_does_and_no_exit_before_it() -> None:
    path, client = f"/in/{vault.sign_in_link(someone().id, NOON)}/", Client()
    assert "lw-exit" not in client.get(path).content.decode().replace("lw-exits", "")
    answer = client.post(path)
    assert answer["Location"] == "/vooraf/"
    page = client.get("/vooraf/")
    assert "Zo gaat u weg" in words(page)
    assert "/uit/" not in page.content.decode().replace('data-exit="/uit/"', "")
    assert 'href="/"' in page.content.decode()
    assert 'class="lw-exit ' in client.get("/").content.decode()


def test_the_page_on_safe_devices_is_for_everyone() -> None:
    assert "Kies waar u leest" in words(Client().get("/veilig/"))
