"""Care workers alone see who waits and why; they see of a finding only what they are to tell."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings

from luwte.base.clock import ManualClock
from luwte.desk.findings.services import register
from luwte.desk.telling.channels.port import Fate
from luwte.desk.telling.models import CareTask, Contact, SafetyAlert
from luwte.desk.telling.reading import why
from luwte.desk.telling.values import Reason
from luwte.desk.vault import services as vault
from luwte.desk.wishes import services as wishes
from luwte.desk.wishes.models import Hold
from luwte.desk.wishes.rules import Channel, Detail, Quiet
from tests.support.desk import NOON, KeepingChannel, Someone, report, someone
from tests.support.pages import enter, enter_by, words
from tests.support.stage import alerted, chooser, everyone, found, represented, stranger, tell, told
from tests.support.tour import PASSWORD, care_worker

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]


def page_of(person: Someone) -> str:
    return words(care_worker().get(f"/staff/person/{person.id}/"))


def mailed(who: str, fate: Fate) -> Someone:
    person = chooser(who, channel=Channel.EMAIL)
    found(who, [(7, 2)])
    tell(mail=KeepingChannel(fate))
    return person


def taken(client: Client, person: Someone) -> str:
    """Take the call about a person, as the button does; return where its form goes."""
    page = client.get(f"/staff/person/{person.id}/").content.decode()
    path = re.search(r'action="(/staff/call/[0-9a-f]{32}/)"', page)
    assert path is not None, "there is no call"
    client.post(path.group(1), {"act": "accept"})
    return path.group(1)


def called(who: str = "Noor") -> Someone:
    """Add a person who chose a call, with news, in the queue."""
    person = chooser(who, channel=Channel.CARE_WORKER)
    found(who, [(7, 2)])
    tell()
    return person


def shown_to_tell(client: Client, person: Someone) -> list[str]:
    page = client.get(f"/staff/person/{person.id}/").content.decode()
    return re.findall(r'name="told" value="([0-9a-f]{32})"', page)


def paths(person: Someone) -> list[tuple[str, str]]:
    return [
        ("get", "/staff/"),
        ("get", "/staff/people/"),
        ("get", f"/staff/person/{person.id}/"),
        ("post", f"/staff/person/{person.id}/link/"),
        ("post", f"/staff/person/{person.id}/lift/"),
        ("post", f"/staff/person/{person.id}/acting/0/link/"),
        ("post", "/staff/call/0/"),
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
    user = User.objects.create_user("iemand", password=PASSWORD)
    client = Client()
    client.post("/staff/sign-in/", {"username": "iemand", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    client.force_login(user)
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
    todo = page[page.index("Wie op u wacht") : page.index("Mensen zoeken")]
    order = [
        name
        for name in re.findall(r"^\w+$", todo, re.MULTILINE)
        if name in ("Imke", "Joris", "Farid", "Demi")
    ]
    assert order[:2] == ["Farid", "Demi"]
    assert sorted(order[2:]) == ["Imke", "Joris"], "what came at the same moment comes in any order"


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
    page = words(care_worker().post("/staff/people/", {"name": ""}))
    line = re.search(rf"^{who}\n(.*)\n(.*)", page, re.MULTILINE)
    assert line is not None
    assert line.group(1) == outcome
    assert why in line.group(2)


@pytest.mark.parametrize(
    ("sent", "names"),
    [
        ({"name": "an"}, ["Anna", "Hanna"]),
        ({"outcome": "call"}, ["Demi", "Farid"]),
        ({"name": "ANNA", "outcome": "withhold"}, ["Hanna"]),
        ({"name": "'\"<b>"}, []),
        ({"outcome": "tell"}, []),
        ({"outcome": "nonsense"}, []),
        ({"outcome": "\x07"}, []),
    ],
)
def test_the_list_can_be_narrowed(sent: dict[str, str], names: list[str]) -> None:
    everyone()
    tell()
    rest = words(care_worker().post("/staff/people/", sent))
    known = ["Anna", "Bilal", "Chris", "Demi", "Eva", "Farid", "Gijs", "Hanna", "Imke", "Joris"]
    assert [who for who in known if re.search(rf"^{who}$", rest, re.MULTILINE)] == names


def test_a_finding_shows_only_to_who_is_to_tell_it() -> None:
    people = everyone()
    tell()
    for who, person in people.items():
        assert f"{who}-1" not in page_of(person), who
    client = care_worker()
    taken(client, people["Farid"])
    page = words(client.get(f"/staff/person/{people['Farid'].id}/"))
    assert "Farid-1" in page
    assert "ten minste 7 keer" in page
    other = words(care_worker(name="els").get(f"/staff/person/{people['Farid'].id}/"))
    assert "Farid-1" not in other
    assert "zorg belt." in other


@pytest.mark.parametrize("detail", list(Detail))
def test_the_call_says_as_much_as_was_chosen(detail: Detail) -> None:
    person = chooser("Noor", detail, channel=Channel.CARE_WORKER)
    found("Noor", [(7, 2)])
    tell()
    client = care_worker()
    taken(client, person)
    page = words(client.get(f"/staff/person/{person.id}/"))
    assert ("meer dan 5" in page) == (detail == Detail.BANDS)
    assert ("Noor-1" in page) == (detail == Detail.EVERYTHING)


def test_a_call_is_recorded_once() -> None:
    person, client = called(), care_worker()
    path = taken(client, person)
    form = {"act": "told", "told": shown_to_tell(client, person)}
    first = client.post(path, form, follow=True)
    assert "Het gesprek is vastgelegd." in words(first)
    assert "Een gesprek met deze persoon" not in words(first)
    again = client.post(path, form, follow=True)
    assert "iemand heeft hem gedaan" in words(again)
    assert Contact.objects.get().receipt == "called by zorg"
    assert (CareTask.objects.get().outcome, CareTask.objects.get().done_by) == ("reached", "zorg")


def test_what_came_in_during_the_call_is_not_recorded_as_told() -> None:
    person, client = called(), care_worker()
    path = taken(client, person)
    form = {"act": "told", "told": shown_to_tell(client, person)}
    register(report({"series-Noor": {"late": (1, 0)}}, case="Noor-late"), NOON)
    client.post(path, form)
    assert Contact.objects.get().items.get(finding__case__number="Noor-1")
    (waiting,) = why(person.id, NOON + timedelta(days=31)).reasons
    assert (waiting.reason, waiting.findings) == (Reason.CALL_CHOSEN, 1)


@pytest.mark.parametrize("told", [[], ["ff" * 16]])
def test_a_call_of_which_nothing_was_shown_is_not_recorded(told: list[str]) -> None:
    person, client = called(), care_worker()
    answer = client.post(taken(client, person), {"act": "told", "told": told}, follow=True)
    assert "Er is nu niets te vertellen" in words(answer)
    assert not Contact.objects.exists()
    assert CareTask.objects.get().done is None


def test_only_who_took_the_call_records_it() -> None:
    person, client = called(), care_worker()
    path = taken(client, person)
    form = {"act": "told", "told": shown_to_tell(client, person)}
    answer = care_worker(name="els").post(path, form, follow=True)
    assert "Dit gesprek is niet van u." in words(answer)
    assert not Contact.objects.exists()
    second = care_worker(name="els").post(path, {"act": "accept"}, follow=True)
    assert "Iemand anders nam dit gesprek." in words(second)


@pytest.mark.parametrize(
    ("act", "over", "said"),
    [
        ("reached", True, ""),
        ("not_wanted", True, ""),
        ("no_answer", False, "Nam de vorige keer niet op."),
        ("later", False, "Vroeg om op een ander moment te bellen."),
    ],
)
def test_a_call_that_told_nothing_is_recorded(act: str, over: bool, said: str) -> None:
    person, client = called(), care_worker()
    page = words(client.post(taken(client, person), {"act": act}, follow=True))
    assert "Het gesprek is vastgelegd." in page
    assert said in page
    assert (CareTask.objects.get().done is not None) is over
    assert not Contact.objects.exists()


def test_a_call_is_booked_shown_and_given_back() -> None:
    person, client = called(), care_worker()
    path = taken(client, person)
    booked = words(client.post(path, {"act": "book", "slot": "2026-03-05T14:30"}, follow=True))
    assert "Het tijdstip ligt vast." in booked
    assert "5 maart 2026, 14:30" in booked
    assert "5 maart 2026, 14:30" in words(client.get("/staff/"))
    client.post(path, {"act": "give_back"})
    assert (CareTask.objects.get().accepted_by, CareTask.objects.get().slot) == ("", None)


@pytest.mark.parametrize("slot", ["", "gisteren", "2026-03-01T10:00", "2026-02-31T10:00"])
def test_a_time_that_is_none_or_over_is_not_booked(slot: str) -> None:
    person, client = called(), care_worker()
    page = words(client.post(taken(client, person), {"act": "book", "slot": slot}, follow=True))
    assert "Dit tijdstip is voorbij." in page
    assert CareTask.objects.get().slot is None


def test_an_act_that_does_not_exist_is_refused() -> None:
    person, client = called(), care_worker()
    assert client.post(taken(client, person), {"act": "gone"}).status_code == 400


def test_full_hands_are_told_and_see_no_button() -> None:
    first, second, client = called("Noor"), called("Piet"), care_worker()
    with override_settings(CALLS_OPEN=1):
        taken(client, first)
        page = client.get("/staff/")
        assert "U kunt nog 0 gesprekken nemen." in words(page)
        assert "Dit gesprek nemen" not in words(page)
        path = taken(client, second)
        answer = client.post(path, {"act": "accept"}, follow=True)
    assert "U heeft al genoeg gesprekken." in words(answer)


def test_a_call_with_a_representative_tells_them_and_not_the_person() -> None:
    person, _ = represented("Noor", Detail.EVERYTHING, channel="care_worker")
    client = care_worker()
    assert "Een gesprek met Riet" in words(client.get(f"/staff/person/{person.id}/"))
    path = taken(client, person)
    client.post(path, {"act": "told", "told": shown_to_tell(client, person)})
    assert sorted(Contact.objects.values_list("recipient", flat=True)) != ["person", "person"]
    assert Contact.objects.get(channel="care_worker").recipient != "person"


def test_an_alert_of_safety_is_told_by_phone_and_so_confirmed() -> None:
    person = alerted("Noor")
    CareTask.objects.create(subject=person.subject, kind="safety", reason="due", made=NOON)
    client = care_worker()
    assert "komt vrij uit de gevangenis" not in page_of(person)
    path = taken(client, person)
    assert "Iemand uit uw zaak komt vrij uit de gevangenis." in words(
        client.get(f"/staff/person/{person.id}/")
    )
    client.post(path, {"act": "told", "told": shown_to_tell(client, person)})
    assert SafetyAlert.objects.get().confirmed is not None
    assert not CareTask.objects.filter(done=None).exists()


def test_a_pause_after_a_sign_of_harm_ends_by_a_human_after_a_call(clock: ManualClock) -> None:
    person = chooser("Noor")
    enter(person).post("/niet-goed/")
    client, lift = care_worker(), f"/staff/person/{person.id}/lift/"
    page = words(client.get(f"/staff/person/{person.id}/"))
    assert "Na een teken dat het niet goed gaat." in page
    assert "U kunt de pauze stoppen als deze persoon is gebeld en bereikt." in page
    early = words(client.post(lift, follow=True))
    assert "Niemand heeft deze persoon sindsdien bereikt." in early
    clock.advance(timedelta(hours=1))
    client.post(taken(client, person), {"act": "reached"})
    assert Hold.objects.get().lifted is None
    assert "De pauze is gestopt." in words(client.post(lift, follow=True))
    assert Hold.objects.get().lifted == clock.now()
    assert CareTask.objects.get(kind="harm_lifted").done_by == "zorg"
    clock.advance(timedelta(hours=1))
    enter(person, now=clock.now()).post("/niet-goed/")
    assert "Niemand heeft deze persoon sindsdien bereikt." in words(client.post(lift, follow=True))


def test_who_acts_for_a_person_stands_on_the_page_with_what_holds() -> None:
    person, acting = represented("Noor")
    page = page_of(person)
    assert "Riet, ouder" in page
    assert "Mag vandaag voor deze persoon optreden." in page
    vault.end_mandate(acting, NOON.date() - timedelta(days=1))
    assert "Mag vandaag niet voor deze persoon optreden." in page_of(person)
    path = f"/staff/person/{person.id}/acting/{acting}/link/"
    answer = care_worker().post(path, follow=True)
    assert "Deze vertegenwoordiger mag nu niets zien." in words(answer)


def test_a_link_for_a_representative_works_once_and_of_another_person_not() -> None:
    person, acting = represented("Noor")
    client, other = care_worker(), stranger("Piet")
    assert client.post(f"/staff/person/{other.id}/acting/{acting}/link/").status_code == 404
    page = words(client.post(f"/staff/person/{person.id}/acting/{acting}/link/"))
    path = re.search(r"/in/[\w-]+/", page)
    assert path is not None
    assert "bericht" in words(enter_by(path.group()).get("/"))
    assert Client().post(path.group()).status_code == 410


def test_pauses_and_quiet_stand_on_the_page() -> None:
    person = chooser("Noor")
    wishes.hold(person.subject, set_by="Wim", reason="opname", ends=NOON + timedelta(days=9), now=NOON)
    quiet = Quiet(person.subject, date(2026, 5, 1), date(2026, 5, 20))
    wishes.add_quiet(quiet, set_by="Wim", now=NOON)
    page = page_of(person)
    assert "Een hulpverlener zette een pauze. opname Tot 11 maart 2026." in page
    assert "Van 1 mei 2026 tot en met 20 mei 2026 sturen wij u niets." in page


@pytest.mark.parametrize("kind", ["deceased", "server_silent"])
def test_another_task_is_done_or_solved(kind: str) -> None:
    person = stranger("Noor")
    task = CareTask.objects.create(subject=person.subject, kind=kind, made=NOON)
    outcome = "done" if kind == "deceased" else "solved"
    page = care_worker().get(f"/staff/person/{person.id}/").content.decode()
    assert f'name="outcome" value="{outcome}"' in page
    care_worker().post(f"/staff/task/{task.id}/", {"outcome": outcome})
    task.refresh_from_db()
    assert (task.outcome, task.done_by) == (outcome, "zorg")


def test_a_call_is_not_ended_as_another_task() -> None:
    called()
    task = CareTask.objects.get()
    care_worker().post(f"/staff/task/{task.id}/", {"outcome": "done"})
    task.refresh_from_db()
    assert task.done is None


@pytest.mark.parametrize(("outcome", "state"), [("arrived", "done"), ("not_arrived", "withheld")])
def test_an_unknown_outcome_is_settled(outcome: str, state: str) -> None:
    person = mailed("Noor", Fate.UNKNOWN)
    assert "Het is niet bekend of een bericht is aangekomen." in page_of(person)
    task = CareTask.objects.get()
    answer = care_worker().post(f"/staff/task/{task.id}/", {"outcome": outcome}, follow=True)
    assert "De taak is klaar." in words(answer)
    task.refresh_from_db()
    assert (task.done_by, Contact.objects.get().state) == ("zorg", state)


def test_a_refused_address_is_solved_once() -> None:
    person = mailed("Noor", Fate.REFUSED)
    assert "Een adres werkt niet." in page_of(person)
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
    assert client.post("/staff/person/0/lift/").status_code == 404
    assert client.post("/staff/person/0/link/").status_code == 404
    assert client.post("/staff/person/0/acting/0/link/").status_code == 404
    assert words(client.post("/staff/call/0/", {"act": "accept"}, follow=True)).startswith("Deze taak")


@pytest.mark.parametrize("path", ["/staff/sign-out/", "/staff/task/0/", "/staff/call/0/"])
def test_a_form_from_elsewhere_is_refused(path: str) -> None:
    client = care_worker()
    client.handler.enforce_csrf_checks = True
    assert client.post(path).status_code == 403


def test_a_name_is_shown_as_text() -> None:
    person = stranger("<b>Noor</b>")
    page = care_worker().get(f"/staff/person/{person.id}/").content.decode()
    assert "<b>Noor</b>" not in page
    assert "&lt;b&gt;Noor&lt;/b&gt;" in page


def test_a_care_worker_ends_every_visit_about_a_person() -> None:
    noor = someone("Noor")
    visitor, worker = enter(noor), care_worker()
    page = worker.post(f"/staff/person/{noor.id}/visits/", follow=True)
    assert "is nu afgemeld" in words(page)
    assert "niet aangemeld" in words(visitor.get("/", follow=True))
    assert worker.post("/staff/person/nobody/visits/").status_code == 404
