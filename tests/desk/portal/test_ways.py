"""Setting up a way to come back, seeing it, taking it away; and how long a visit lasts."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from luwte.base.clock import ManualClock
from luwte.crypto.one_time import code_at, step_of
from luwte.desk.portal import visit
from luwte.desk.vault import services as vault
from luwte.desk.vault.services import Whose
from luwte.desk.wishes.rules import Detail
from tests.support.authenticator import Authenticator, asked
from tests.support.desk import NOON, Someone, someone
from tests.support.pages import enter, enter_by, words
from tests.support.stage import acting_entrance, represented
from tests.support.tour import care_worker
from tests.support.ways import with_app

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("clock")]
WAYS = "/mijn/toegang/"
APP, PASSKEY, CODES, AWAY = (f"{WAYS}{one}/" for one in ("app", "sleutel", "codes", "weg"))


@pytest.fixture(autouse=True)
def _no_challenge() -> None:
    cache.clear()


def key_on(client: Client) -> str:
    found = re.search(r'name="key" value="([A-Z2-7]{32})"', client.get(APP).content.decode())
    assert found is not None
    return found.group(1)


def add_app(client: Client, now: datetime = NOON + timedelta(minutes=1)) -> list[str]:
    """Set up an app as the pages say; return the recovery codes that are shown."""
    key = key_on(client)
    answer = client.post(APP, {"key": key, "code": code_at(key, step_of(now))})
    return re.findall(r"<li>([0-9a-z]{5}-[0-9a-z]{5})</li>", answer.content.decode())


def number_on(client: Client) -> str:
    found = re.search(r"\d{4} \d{4} \d{4}", words(client.get(WAYS)))
    return found.group() if found else ""


def ways(person: Someone, representative: str | None = None) -> list[str]:
    return [one.kind for one in vault.ways_in(Whose(person.id, representative)).ways]


def test_an_app_is_set_up_and_lets_in() -> None:
    person = someone()
    client = enter(person)
    assert "Uw nummer" not in words(client.get(WAYS))
    codes = add_app(client)
    assert len(codes) == 10
    number, browser = number_on(client), Client()
    assert browser.post("/binnen/", {"number": number, "code": codes[0]}).status_code == 302
    assert "U hebt nog 9 codes op papier." in words(browser.get(WAYS))


def test_nothing_of_it_is_kept_in_the_session() -> None:
    client = enter(someone())
    codes = add_app(client)
    kept = str([one.get_decoded() for one in Session.objects.all()])
    assert not any(one in kept for one in (*codes, number_on(client).replace(" ", "")))


def test_the_codes_are_shown_once() -> None:
    client = enter(someone())
    (code, *_) = add_app(client)
    for path in (WAYS, APP, PASSKEY):
        assert code not in client.get(path, follow=True).content.decode()


def test_a_wrong_code_says_so_and_keeps_the_key() -> None:
    person = someone()
    client = enter(person)
    key = key_on(client)
    page = client.post(APP, {"key": key, "code": "x"})
    assert "Fout: die code past niet." in words(page)
    assert key in page.content.decode()
    for bad in ("", "<b>", "A" * 40):
        again = client.post(APP, {"key": bad, "code": "123456"})
        assert "Fout" in words(again)
        assert not bad or bad not in again.content.decode()
    assert ways(person) == []


def test_a_passkey_is_made_and_names_nobody() -> None:
    person = someone("Noor Geheim")
    client, device = enter(person), Authenticator()
    page = client.get(PASSKEY)
    options = asked(page.content)
    assert "Geheim" not in page.content.decode()
    assert person.id not in page.content.decode()
    assert (options["user"]["name"], options["user"]["displayName"], options["rp"]["name"]) == (
        "Berichten",
    ) * 3
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert "Schrijf dit op" in words(client.post(PASSKEY, {"credential": device.make(options)}))
    assert ways(person) == ["passkey"]
    again = asked(client.get(PASSKEY).content)
    assert len(again["excludeCredentials"]) == 1
    assert again["user"]["id"] != options["user"]["id"]


def test_a_passkey_that_was_made_for_another_page_is_refused() -> None:
    noor, piet = someone("Noor"), someone("Piet")
    first, second, device = enter(noor), enter(piet), Authenticator()
    made = device.make(asked(first.get(PASSKEY).content))
    assert "Fout" in words(second.post(PASSKEY, {"credential": made}))
    at_the_door = asked(Client().get("/binnen/").content)
    made = device.make(at_the_door | {"rp": {"id": "testserver"}})
    assert "Fout" in words(first.post(PASSKEY, {"credential": made}))
    for made in (
        "",
        "{}",
        "null",
        device.make(asked(first.get(PASSKEY).content), origin="http://x.testserver"),
    ):
        assert "Fout" in words(first.post(PASSKEY, {"credential": made}))
    assert (ways(noor), ways(piet)) == ([], [])


def test_a_way_is_taken_away() -> None:
    person = someone()
    client = enter(person)
    codes = add_app(client)
    number = number_on(client)
    device = Authenticator()
    client.post(PASSKEY, {"credential": device.make(asked(client.get(PASSKEY).content))})
    assert ways(person) == ["app", "passkey"]
    found = re.findall(r'name="way" value="([0-9a-f]{32})"', client.get(WAYS).content.decode())
    client.post(AWAY, {"way": found[0]})
    assert ways(person) == ["passkey"]
    client.post(AWAY, {"way": "all"})
    assert ways(person) == []
    assert Client().post("/binnen/", {"number": number, "code": codes[0]}).status_code == 200
    assert "niet aangemeld" not in words(client.get("/", follow=True)), "this visit goes on"


def test_nobody_takes_away_what_is_anothers() -> None:
    noor, client = someone("Noor"), enter(someone("Piet"))
    with_app(noor.id)
    client.post(AWAY, {"way": vault.ways_in(Whose(noor.id)).ways[0].id})
    client.post(AWAY, {"way": "all"})
    client.post(AWAY)
    assert ways(noor) == ["app"]


def test_new_codes_take_the_place_of_the_old() -> None:
    person = someone()
    client = enter(person)
    assert client.post(CODES).status_code == 302, "there is nothing they could stand in for"
    old = add_app(client)
    page = client.post(CODES)
    new = re.findall(r"<li>([0-9a-z]{5}-[0-9a-z]{5})</li>", page.content.decode())
    assert len(new) == 10
    assert not set(new) & set(old)
    assert len(page.content) == 32_768


def test_who_acts_has_ways_of_their_own() -> None:
    person, acting = represented("Noor")
    client = enter_by(acting_entrance(acting))
    assert f'href="{WAYS}"' in client.get("/").content.decode()
    codes = add_app(client)
    assert (ways(person), ways(person, acting)) == ([], ["app"])
    browser = Client()
    browser.post("/binnen/", {"number": number_on(client), "code": codes[0]})
    assert "/pauze/" not in browser.get("/").content.decode()
    assert "Er is een bericht voor u" in words(browser.get("/"))


def later(clock: ManualClock, client: Client) -> None:
    clock.advance(visit.FRESH)
    assert client.get("/").status_code == 200


def test_later_in_a_visit_nobody_changes_ways_but_to_take_all_away(clock: ManualClock) -> None:
    person = someone()
    client = enter(person)
    add_app(client, clock.now())
    later(clock, client)
    page = words(client.get(WAYS))
    assert "Kom dan eerst nog een keer binnen." in page
    assert "Haal dit weg" not in page
    way = vault.ways_in(Whose(person.id)).ways[0].id
    for path in (APP, PASSKEY):
        assert client.get(path)["Location"] == WAYS
        assert client.post(path, {"credential": "{}"})["Location"] == WAYS
    assert client.post(CODES)["Location"] == WAYS
    client.post(AWAY, {"way": way})
    assert ways(person) == ["app"]
    client.post(AWAY, {"way": "all"})
    assert ways(person) == []
    assert client.get(APP)["Location"] == WAYS, "whoever sits there now sets up none of their own"


def test_the_first_way_may_be_set_up_late_in_a_visit(clock: ManualClock) -> None:
    person = someone()
    client = enter(person)
    later(clock, client)
    assert add_app(client, clock.now())
    assert ways(person) == ["app"]


def test_changing_ways_is_seen_under_who_looked() -> None:
    person, acting = represented("Noor")
    calm = words(enter(person).get("/mijn/bekeken/"))
    hers = enter_by(acting_entrance(acting))
    add_app(hers)
    assert words(enter(person).get("/mijn/bekeken/")) == calm, "how who acts lives is theirs"
    client = enter(person)
    add_app(client)
    said = "U, of iemand die als u was aangemeld, veranderde hoe u binnenkomt."
    assert said in words(client.get("/mijn/bekeken/"))


def test_a_care_worker_ends_all_of_it_on_the_persons_page() -> None:
    person, acting = represented("Noor")
    client = enter(person)
    add_app(client)
    with_app(person.id, acting)
    worker = care_worker()
    assert "Apps en passkeys" in words(worker.get(f"/staff/person/{person.id}/"))
    worker.post(f"/staff/person/{person.id}/visits/")
    assert (ways(person), ways(person, acting)) == ([], [])
    page = words(enter(person).get("/mijn/bekeken/"))
    assert "Iemand die hier werkt veranderde hoe u binnenkomt." in page


def test_the_file_of_ones_data_says_which_ways_there_are_and_gives_no_secret() -> None:
    person = someone()
    app = with_app(person.id)
    file = enter(person).post("/mijn/gegevens/blad/").content.decode()
    assert '"kind": "app"' in file
    for secret in (app.secret, app.number, *app.codes):
        assert secret not in file


def test_pages_are_one_step_large() -> None:
    client = enter(someone())
    assert {len(client.get(path).content) for path in (WAYS, APP, PASSKEY)} == {32_768}
    add_app(client)
    assert len(client.get(WAYS).content) == 32_768


def footer(client: Client, path: str = "/") -> str:
    return words(client.get(path), "footer")


def test_each_page_says_until_when_the_visit_lasts_and_how_to_stay(clock: ManualClock) -> None:
    """Half an hour without a click, four hours in all; the clock of the tests stands at 13:01 in a winter."""
    client = enter(someone())
    assert "U blijft aangemeld tot 13:31 uur." in footer(client)
    page = client.get("/waarom/").content.decode()
    assert 'href="/waarom/">Blijf langer</a>' in page
    assert 'data-soon="1800"' in page
    clock.advance(timedelta(minutes=20))
    assert "U blijft aangemeld tot 13:51 uur." in footer(client)
    clock.advance(visit.LONGEST - timedelta(minutes=30))
    page = client.get("/").content.decode()
    assert "U blijft aangemeld tot 17:01 uur." in page
    assert "Blijf langer" not in page
    assert 'data-soon="600"' in page


def test_who_is_not_signed_in_is_told_of_no_end() -> None:
    for path in ("/", "/binnen/", "/verlaten/", "/veilig/"):
        assert "aangemeld tot" not in Client().get(path).content.decode()


def test_the_end_is_the_same_for_everyone() -> None:
    person, acting = represented("Noor", Detail.EVERYTHING)
    assert "aangemeld tot 13:31" in footer(enter(person))
    assert "aangemeld tot 13:31" in footer(enter_by(acting_entrance(acting)))
