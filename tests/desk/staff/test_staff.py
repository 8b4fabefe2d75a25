"""Care workers alone see who waits and why; they see of a finding only what they are to tell."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from luwte.desk.findings.services import register
from luwte.desk.telling.channels.port import Fate
from luwte.desk.telling.models import CareTask, Contact
from luwte.desk.telling.reading import why
from luwte.desk.telling.values import Reason
from luwte.desk.wishes.rules import Channel, Detail
from tests.support.desk import NOON, KeepingChannel, Someone, report
from tests.support.pages import enter, words
from tests.support.stage import chooser, everyone, found, stranger, tell, told
from tests.support.tour import PASSWORD, care_worker

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]


def page_of(person: Someone) -> str:
    return words(care_worker().get(f"/staff/person/{person.id}/"))


def mailed(who: str, fate: Fate) -> Someone:
    person = chooser(who, channel=Channel.EMAIL)
    found(who, [(7, 2)])
    tell(mail=KeepingChannel(fate))
    return person


def shown_to_tell(client: Client, person: Someone) -> list[str]:
    page = client.get(f"/staff/person/{person.id}/").content.decode()
    return re.findall(r'name="told" value="([0-9a-f]{32})"', page)


def paths(person: Someone) -> list[tuple[str, str]]:
    return [
        ("get", "/staff/"),
        ("get", f"/staff/person/{person.id}/"),
        ("post", f"/staff/person/{person.id}/call/"),
        ("post", f"/staff/person/{person.id}/link/"),
        ("post", "/staff/task/0/"),
    ]


def test_strangers_are_asked_to_sign_in_everywhere() -> None:
    for way, path in paths(stranger("Noor")):
        answer = getattr(Client(), way)(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/staff/sign-in/"), path


def test_a_person_signed_in_at_the_portal_is_a_stranger_here() -> None:
    person = told("Noor", Detail.EVERYTHING)
    for way, path in paths(person):
        assert getattr(enter(person), way)(path)["Location"].startswith("/staff/sign-in/"), path


def test_an_account_that_is_not_of_the_staff_is_refused() -> None:
    User.objects.create_user("iemand", password=PASSWORD)
    client = Client()
    client.post("/staff/sign-in/", {"username": "iemand", "password": PASSWORD})
    for way, path in paths(stranger("Noor")):
        assert getattr(client, way)(path).status_code == 403, path


def test_a_wrong_password_says_so_without_saying_which_was_wrong() -> None:
    User.objects.create_user("zorg", password=PASSWORD, is_staff=True)
    pages = [
        words(Client().post("/staff/sign-in/", {"username": name, "password": "x"})).replace(name, "")
        for name in ("zorg", "niemand")
    ]
    assert pages[0] == pages[1]
    assert "Fout: deze naam en dit wachtwoord" in pages[0]


def test_signing_in_as_staff_ends_a_visit_to_the_portal() -> None:
    client = enter(told("Noor", Detail.BANDS))
    User.objects.create_user("zorg", password=PASSWORD, is_staff=True)
    client.post("/staff/sign-in/", {"username": "zorg", "password": PASSWORD})
    assert "subject" not in client.session
    assert "niet aangemeld" in words(client.get("/"))


def test_signing_out() -> None:
    client = care_worker()
    assert client.get("/staff/sign-out/").status_code == 405
    client.post("/staff/sign-out/")
    assert client.get("/staff/").status_code == 302


def test_the_most_pressing_comes_first() -> None:
    everyone()
    tell()
    page = words(care_worker().get("/staff/"))
    todo = page[page.index("Wie op u wacht") : page.index("Iedereen, en waarom")]
    order = [
        name
        for name in re.findall(r"^\w+$", todo, re.MULTILINE)
        if name not in ("Persoon", "Waarom", "Sinds")
    ]
    assert order == ["Imke", "Joris", "Farid", "Demi"]


@pytest.mark.parametrize(
    ("who", "outcome", "why"),
    [
        ("Anna", "verteld", "Is verteld, zoals gekozen."),
        ("Demi", "bellen", "Is nog niet gevraagd wat hij of zij wil."),
        ("Eva", "niet verteld", "Koos om niets te horen."),
        ("Farid", "bellen", "deze persoon koos voor een gesprek"),
        ("Hanna", "niet verteld", "Niemand heeft het bevestigd."),
        ("Imke", "niet verteld", "De gekozen weg werkt niet."),
        ("Joris", "niet bekend of het verteld is", "Er is niets nieuws te vertellen."),
    ],
)
def test_everyone_has_a_line_with_the_reason(who: str, outcome: str, why: str) -> None:
    everyone()
    tell()
    page = words(care_worker().get("/staff/"))
    line = re.search(rf"^{who}\n(.*)\n(.*)", page[page.index("Iedereen, en waarom") :], re.MULTILINE)
    assert line is not None
    assert line.group(1) == outcome
    assert why in line.group(2)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name=an", ["Anna", "Hanna"]),
        ("outcome=call", ["Demi", "Farid"]),
        ("name=ANNA&outcome=withhold", ["Hanna"]),
        ("name=%27%22%3Cb%3E", []),
        ("outcome=nonsense", []),
    ],
)
def test_the_list_can_be_narrowed(query: str, names: list[str]) -> None:
    everyone()
    tell()
    page = words(care_worker().get(f"/staff/?{query}"))
    rest = page[page.index("Iedereen, en waarom") :]
    known = ["Anna", "Bilal", "Chris", "Demi", "Eva", "Farid", "Gijs", "Hanna", "Imke", "Joris"]
    assert [who for who in known if re.search(rf"^{who}$", rest, re.MULTILINE)] == names


def test_a_finding_shows_only_to_who_is_to_tell_it() -> None:
    people = everyone()
    tell()
    for who, person in people.items():
        page = page_of(person)
        assert (f"{who}-1" in page) == (who == "Farid"), who
    assert "ten minste 7 keer" in page_of(people["Farid"])


@pytest.mark.parametrize("detail", list(Detail))
def test_the_call_says_as_much_as_was_chosen(detail: Detail) -> None:
    person = chooser("Noor", detail, channel=Channel.CARE_WORKER)
    found("Noor", [(7, 2)])
    page = page_of(person)
    assert ("meer dan 5" in page) == (detail == Detail.BANDS)
    assert ("Noor-1" in page) == (detail == Detail.EVERYTHING)


def test_a_call_is_recorded_once() -> None:
    person = chooser("Noor", channel=Channel.CARE_WORKER)
    found("Noor", [(7, 2)])
    client = care_worker()
    form = {"told": shown_to_tell(client, person)}
    first = client.post(f"/staff/person/{person.id}/call/", form, follow=True)
    assert "Het gesprek is vastgelegd." in words(first)
    assert "bel, en vertel" not in words(first).lower()
    again = client.post(f"/staff/person/{person.id}/call/", form, follow=True)
    assert "Er is deze persoon nu niets te vertellen" in words(again)
    assert Contact.objects.get().receipt == "called by zorg"


def test_what_came_in_during_the_call_is_not_recorded_as_told() -> None:
    person = chooser("Noor", channel=Channel.CARE_WORKER)
    found("Noor", [(7, 2)])
    client = care_worker()
    form = {"told": shown_to_tell(client, person)}
    register(report({"series-Noor": {"late": (1, 0)}}, case="Noor-late"), NOON)
    client.post(f"/staff/person/{person.id}/call/", form)
    assert Contact.objects.get().items.get(finding__case__number="Noor-1")
    (waiting,) = why(person.id, NOON + timedelta(days=31)).reasons
    assert (waiting.reason, waiting.findings) == (Reason.CALL_CHOSEN, 1)


def test_a_call_of_which_nothing_was_shown_is_not_recorded() -> None:
    person = chooser("Noor", channel=Channel.CARE_WORKER)
    found("Noor", [(7, 2)])
    care_worker().post(f"/staff/person/{person.id}/call/", {"told": ["ff" * 16]})
    assert not Contact.objects.exists()


@pytest.mark.parametrize(("outcome", "state"), [("arrived", "done"), ("not_arrived", "withheld")])
def test_an_unknown_outcome_is_settled(outcome: str, state: str) -> None:
    person = mailed("Noor", Fate.UNKNOWN)
    assert "Het is niet bekend of een e-mail is aangekomen." in page_of(person)
    task = CareTask.objects.get()
    answer = care_worker().post(f"/staff/task/{task.id}/", {"outcome": outcome}, follow=True)
    assert "De taak is klaar." in words(answer)
    task.refresh_from_db()
    assert (task.done_by, Contact.objects.get().state) == ("zorg", state)


def test_a_refused_address_is_solved_once() -> None:
    person = mailed("Noor", Fate.REFUSED)
    assert "Het e-mailadres werd geweigerd." in page_of(person)
    task = CareTask.objects.get()
    client = care_worker()
    client.post(f"/staff/task/{task.id}/", {"outcome": "solved"})
    assert "De gekozen weg werkt niet." not in page_of(person)
    again = client.post(f"/staff/task/{task.id}/", {"outcome": "solved"}, follow=True)
    assert "iemand heeft hem gedaan" in words(again)


@pytest.mark.parametrize("outcome", ["", "gone"])
def test_an_outcome_that_does_not_exist_changes_nothing(outcome: str) -> None:
    mailed("Noor", Fate.UNKNOWN)
    task = CareTask.objects.get()
    assert care_worker().post(f"/staff/task/{task.id}/", {"outcome": outcome}).status_code == 400
    task.refresh_from_db()
    assert task.done is None


def test_a_link_is_shown_once_and_works_once() -> None:
    person = told("Noor", Detail.BANDS)
    client = care_worker()
    page = words(client.post(f"/staff/person/{person.id}/link/"))
    path = re.search(r"/in/[\w-]+/", page)
    assert path is not None
    assert path.group() not in page_of(person)
    visitor = Client()
    assert visitor.post(path.group()).status_code == 302
    assert "bericht" in words(visitor.get("/"))


def test_an_unknown_person_is_not_here() -> None:
    client = care_worker()
    assert client.get("/staff/person/0/").status_code == 404
    assert client.post("/staff/person/0/call/").status_code == 404
    assert client.post("/staff/person/0/link/").status_code == 404


@pytest.mark.parametrize("path", ["/staff/sign-out/", "/staff/task/0/", "/staff/person/0/call/"])
def test_a_form_from_elsewhere_is_refused(path: str) -> None:
    client = care_worker()
    client.handler.enforce_csrf_checks = True
    assert client.post(path).status_code == 403


def test_a_name_is_shown_as_text() -> None:
    person = stranger("<b>Noor</b>")
    page = care_worker().get(f"/staff/person/{person.id}/").content.decode()
    assert "<b>Noor</b>" not in page
    assert "&lt;b&gt;Noor&lt;/b&gt;" in page
