"""Coming in without a link; nothing at the door tells who is known here."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luwte.base.clock import ManualClock
from luwte.desk.accounts.models import Kept
from luwte.desk.portal import challenge, tries
from luwte.desk.portal.pull import STEP
from luwte.desk.vault import services as vault
from luwte.desk.vault.coming_in import IN_A_ROW, MOST
from luwte.desk.vault.models import Factor
from luwte.desk.vault.services import Whose
from luwte.desk.wishes.rules import Detail
from tests.desk.portal.test_pulling import asked, seen_of
from tests.support.authenticator import FLAG, Authenticator
from tests.support.authenticator import asked as asked_of
from tests.support.desk import NOON, Someone, someone
from tests.support.pages import enter, words
from tests.support.stage import represented, told
from tests.support.ways import App, with_app

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]
DOOR = "/binnen/"
FAILED = "Fout: dat past niet."


@pytest.fixture(autouse=True)
def _no_tries() -> None:
    cache.clear()


def signed_in(client: Client) -> bool:
    return "/uit/" in client.get("/").content.decode() and "niet aangemeld" not in words(client.get("/"))


def come_in(client: Client, number: str, code: str) -> Answer:
    return client.post(DOOR, {"number": number, "code": code})


def with_passkey(person: Someone, device: Authenticator | None = None) -> Authenticator:
    """Let a person make a passkey on a page."""
    device, client = device or Authenticator(), enter(person)
    page = client.get("/mijn/toegang/sleutel/")
    answer = client.post("/mijn/toegang/sleutel/", {"credential": device.make(asked_of(page.content))})
    assert "Schrijf dit op" in words(answer) or answer.status_code == 302
    return device


def use(client: Client, device: Authenticator, **changes: object) -> Answer:
    options = asked_of(client.get(DOOR).content)
    return client.post(DOOR, {"credential": device.use(options, **changes)})  # type: ignore[arg-type]


def test_a_number_and_a_code_let_in_without_script() -> None:
    person = told("Noor", Detail.BANDS)
    app, client = with_app(person.id), Client(headers={"Accept-Language": "nl"})
    answer = come_in(client, app.number, app.code())
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "Er is een bericht voor u" in words(client.get("/"))


def test_a_recovery_code_does_it_too_and_once() -> None:
    app = with_app(someone().id)
    assert come_in(Client(), app.number, app.codes[3]).status_code == 302
    assert FAILED in words(come_in(Client(), app.number, app.codes[3]))


def test_who_comes_in_gets_a_session_of_their_own_and_ends_the_visit_before() -> None:
    noor, piet = someone("Noor"), someone("Piet")
    app, phone, client = with_app(noor.id), enter(noor), enter(piet)
    before = client.cookies["s"].value
    come_in(client, app.number, app.code())
    assert client.cookies["s"].value != before
    assert not Session.objects.filter(pk=before).exists()
    assert [signed_in(client), signed_in(phone)] == [True, False]
    assert noor.id not in str(dict(client.session.items()))


def test_the_visit_ends_as_one_by_a_link_does(clock: ManualClock) -> None:
    app, client = with_app(someone().id), Client()
    come_in(client, app.number, app.code())
    clock.advance(timedelta(hours=4))
    assert not signed_in(client)


def test_the_language_is_theirs() -> None:
    person = someone()
    vault.change_person(person.id, language="en")
    app, client = with_app(person.id), Client()
    come_in(client, app.number, app.code())
    assert '<html lang="en">' in client.get("/").content.decode()


def test_who_acts_for_a_person_comes_in_as_that() -> None:
    person, acting = represented("Noor")
    own, hers = with_app(person.id), with_app(person.id, acting)
    client, browser = Client(), Client()
    come_in(client, own.number, own.code())
    come_in(browser, hers.number, hers.code())
    assert "/pauze/" in client.get("/").content.decode()
    assert "/pauze/" not in browser.get("/").content.decode()
    assert "Er is een bericht voor u" in words(browser.get("/"))
    vault.end_mandate(acting, NOON.date() - timedelta(days=1))
    assert FAILED in words(come_in(Client(), hers.number, hers.codes[0]))


def test_a_passkey_lets_in_alone() -> None:
    person = someone()
    device = with_passkey(person)
    client = Client()
    assert use(client, device)["Location"] == "/"
    assert signed_in(client)
    assert use(Client(), device).status_code == 302


def test_who_looks_at_the_door_leaves_nothing() -> None:
    client = Client()
    before = Kept.objects.count()
    client.get(DOOR)
    assert "s" not in client.cookies
    assert (Session.objects.count(), Kept.objects.count()) == (0, before)


ANSWERS: dict[str, Callable[[Authenticator, dict[str, object]], str]] = {
    "another origin": lambda one, options: one.use(options, origin="http://testserver.example"),
    "below our name": lambda one, options: one.use(options, origin="http://a.testserver"),
    "not unlocked": lambda one, options: one.use(options, flags=FLAG.UP),
    "nobody there": lambda one, options: one.use(options, flags=FLAG.UV),
    "another host": lambda one, options: one.use(options | {"rpId": "example.org"}),
    "another challenge": lambda one, options: one.use(options | {"challenge": "A" * 75}),
    "another device": lambda _, options: Authenticator().use(options),
    "not an answer": lambda _one, _options: "{}",
    "a list": lambda _one, _options: "[]",
    "deep": lambda _one, _options: "[" * 16_000,
    "long": lambda one, options: one.use(options) + " " * 20_000,
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_no_good_answer_lets_nobody_in(name: str) -> None:
    device = with_passkey(someone())
    client = Client()
    options = asked_of(client.get(DOOR).content)
    answer = client.post(DOOR, {"credential": ANSWERS[name](device, options)})
    assert answer.status_code == 200
    assert FAILED in words(answer)
    assert not signed_in(client)
    assert use(client, device).status_code == 302, "and the true one still does"


def test_another_device_that_knows_the_id_lets_nobody_in() -> None:
    device, thief = with_passkey(someone()), Authenticator()
    thief.id = device.id
    assert FAILED in words(use(Client(), thief))


def test_an_answer_counts_once_and_not_for_long(clock: ManualClock) -> None:
    device, client = with_passkey(someone(), Authenticator(counts=False)), Client()
    options = asked_of(client.get(DOOR).content)
    answer = {"credential": device.use(options)}
    assert client.post(DOOR, answer).status_code == 302
    assert FAILED in words(Client().post(DOOR, answer)), "sent again"
    late = asked_of(client.get(DOOR).content)
    clock.advance(challenge.LASTS)
    assert FAILED in words(client.post(DOOR, {"credential": device.use(late)}))
    clock.advance(-2 * challenge.LASTS)
    assert FAILED in words(client.post(DOOR, {"credential": device.use(late)})), "of later than now"


def test_wrong_answers_leave_nothing_however_many_come() -> None:
    """What is remembered has a bounded place, shared with the codes of the staff: nobody fills it here."""
    mine, thief = with_passkey(someone()), Authenticator()
    thief.id = mine.id
    remembered = Kept.objects.filter(cache_key__contains="challenge").count()
    for device in (thief, Authenticator(), thief):
        assert FAILED in words(use(Client(), device))
    assert Kept.objects.filter(cache_key__contains="challenge").count() == remembered
    assert use(Client(), mine).status_code == 302
    assert Kept.objects.filter(cache_key__contains="challenge").count() == remembered + 1


def test_a_copy_of_a_passkey_lets_nobody_in_any_more() -> None:
    device = with_passkey(someone())
    assert use(Client(), device).status_code == 302
    device.counter = 0
    assert FAILED in words(use(Client(), device))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 600), bits=st.integers(1, 255))
def test_an_answer_with_bytes_changed_lets_nobody_in(place: int, bits: int) -> None:
    """Changed in the middle of what the browser sends, in base64 and out of it."""
    cache.clear()
    device = Authenticator()
    Factor.objects.all().delete()
    person = someone()
    with_passkey(person, device)
    client = Client()
    sent = bytearray(device.use(asked_of(client.get(DOOR).content)).encode())
    place %= len(sent)
    sent[place] = (sent[place] ^ bits) % 128
    answer = client.post(DOOR, {"credential": sent.decode()})
    assert answer.status_code in ((400,) if 0 in sent else (200, 302))
    if answer.status_code == 302:
        # What was changed stands outside of what is signed and of what names the passkey.
        assert signed_in(client)


def wrongs() -> dict[str, tuple[str, str]]:
    """Return what is given at the door that lets nobody in: number and code, by what is wrong."""
    known, used, dead, erased, waits, closed = (
        someone(name) for name in ("Noor", "Piet", "Roos", "Teun", "Wil", "Cas")
    )
    apps = {one.id: with_app(one.id) for one in (known, used, dead, erased, waits, closed)}
    person, acting = represented("Karim")
    over = with_app(person.id, acting)
    vault.end_mandate(acting, NOON.date() - timedelta(days=1))
    vault.enter_by_code(apps[used.id].number, apps[used.id].code(), NOON)
    vault.change_person(dead.id, deceased=True)
    vault.erase(erased.id, now=NOON)
    for one, failed in ((waits, IN_A_ROW), (closed, MOST)):
        Factor.objects.filter(person=one.id, kind="number").update(failed=failed, tried=NOON)

    def right(app: App) -> tuple[str, str]:
        return app.number, app.code()

    return {
        "nobody's number": ("000000000000", "123456"),
        "no number": ("", ""),
        "another code": (apps[known.id].number, "000000"),
        "another recovery code": (apps[known.id].number, "aaaaa-aaaaa"),
        "used before": right(apps[used.id]),
        "has died": right(apps[dead.id]),
        "was erased": right(apps[erased.id]),
        "has to wait": right(apps[waits.id]),
        "is closed": right(apps[closed.id]),
        "mandate is over": right(over),
    }


def test_nothing_tells_what_was_wrong_or_who_is_known_here() -> None:
    """The words, the size, the headers, the statements to both databases: one for all."""
    seen, said, stated = set(), set(), set()
    for number, code in wrongs().values():
        cache.clear()
        client = Client()
        client.get(DOOR)
        answers: list[Answer] = []
        stated.add(tuple(asked(lambda: answers.append(come_in(client, number, code)))))  # noqa: B023
        (answer,) = answers
        headers = tuple(sorted((name, len(value)) for name, value in answer.headers.items()))
        seen.add((answer.status_code, len(answer.content), headers, len(answer.cookies.output())))
        said.add(words(answer))
    assert (len(seen), len(said), len(stated)) == (1, 1, 1)
    assert len(stated.pop()) > 5, "the vault was asked"


def test_passkeys_that_let_nobody_in_look_alike_too() -> None:
    with_passkey(someone("Noor"))
    mine = with_passkey(someone("Piet"))
    gone = with_passkey(erased := someone("Roos"))
    vault.erase(erased.id, now=NOON)
    thief = Authenticator()
    thief.id = mine.id
    stated, said = set(), set()
    for device in (thief, gone, Authenticator()):
        cache.clear()
        client = Client()
        options = asked_of(client.get(DOOR).content)
        sent = {"credential": device.use(options)}
        answers: list[Answer] = []
        stated.add(tuple(asked(lambda: answers.append(client.post(DOOR, sent)))))  # noqa: B023
        said.add((words(answers[0]), len(answers[0].content)))
    assert (len(stated), len(said)) == (1, 1)


def test_the_answer_comes_after_whole_steps_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("luwte.desk.portal.pull.time.sleep", slept.append)
    with override_settings(ANSWER_SECONDS=60):
        answer = come_in(Client(), "000000000000", "123456")
    assert len(answer.content) == STEP
    assert len(slept) == 1


def test_the_door_is_as_large_for_everyone() -> None:
    assert len({seen_of(one, DOOR) for one in (Client(), Client())}) == 1


def test_one_place_tries_only_so_often_and_holds_no_other_up() -> None:
    app = with_app(someone().id)
    for number in range(tries.MOST):
        assert FAILED in words(come_in(Client(), f"{number:012}", "123456"))
    assert FAILED in words(come_in(Client(), app.number, app.code()))
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert come_in(elsewhere, app.number, app.code()).status_code == 302


def test_a_place_that_is_held_up_still_lets_a_passkey_in() -> None:
    device = with_passkey(someone())
    for _ in range(tries.MOST + 1):
        come_in(Client(), "0", "0")
    assert use(Client(), device).status_code == 302


def test_counting_tries_takes_a_bounded_place() -> None:
    """From however many places they come, and whatever numbers are tried."""
    keys, request = set(), HttpRequest()
    for number in range(5_000):
        request.META["REMOTE_ADDR"] = f"10.{number // 65_536}.{number // 256 % 256}.{number % 256}"
        keys.add(tries._key(request))
    assert 900 < len(keys) <= tries.COUNTERS


def test_a_form_from_elsewhere_is_refused() -> None:
    app, client = with_app(someone().id), Client(enforce_csrf_checks=True)
    client.get(DOOR)
    assert come_in(client, app.number, app.code()).status_code == 403
    assert vault.ways_in(Whose(Factor.objects.latest("id").person_id)).codes == 10


def test_what_was_typed_is_not_written_back() -> None:
    page = come_in(Client(), "kanarienummer", "kanariecode").content.decode()
    assert "kanarie" not in page
    assert not re.search(r'name="(?:number|code)"[^>]*value=', page)


def test_the_first_page_and_a_spent_link_lead_to_the_door() -> None:
    for answer in (Client().get("/"), Client().post("/in/unknown/")):
        assert f'href="{DOOR}"' in answer.content.decode()
