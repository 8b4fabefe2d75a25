"""The lists of the staff: who is not on the page stays closed; the record says whose lines were seen."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from luwte.crypto import envelope
from luwte.desk.audit.desk import DESK
from luwte.desk.pages import pagination
from luwte.desk.telling.models import CareTask
from luwte.desk.telling.subjects import subject_of
from luwte.desk.vault import sealing
from luwte.desk.vault import services as vault
from luwte.desk.vault.rules import Identity
from luwte.desk.wishes.rules import Channel
from tests.support.desk import NOON, Someone
from tests.support.pages import words
from tests.support.stage import chooser, found, stranger, tell
from tests.support.tour import care_worker

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("clock", "signed"),
]
HALF_AN_HOUR = timedelta(minutes=30)


def task(person: Someone, after: int = 0) -> CareTask:
    """Let a task that is no call wait, made `after` half hours."""
    return CareTask.objects.create(subject=person.subject, kind="deceased", made=NOON + after * HALF_AN_HOUR)


def names(page: str) -> list[str]:
    """Return who has a line on a page."""
    return re.findall(r'scope="row"><a class="nl-link" href="[^"]+">([^<]+)</a>', page)


def search(client: Client, **sent: str) -> str:
    """Return the page that a search gives."""
    return client.post("/staff/people/", sent).content.decode()


def record() -> list[dict[str, Any]]:
    """Return what the record says of the lists that were looked at, in order."""
    rows = DESK.leaf.objects.filter(act="telling.list-viewed").order_by("pk")
    return [json.loads(bytes(row.content or b"")) for row in rows]


def seen() -> list[tuple[int, set[str], bool]]:
    """Return of each such list: how many people, whose lines, whether searched by name."""
    found = [one["details"] for one in record()]
    return [(one["people"], set(one["whose"].split()), one["searched"]) for one in found]


@pytest.fixture
def opens(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Gives whose envelopes were opened, and of which table, since it was asked last."""
    kept: list[str] = []

    def open_envelope(keys: dict[str, bytes], sealed: bytes, place: str) -> bytes:
        kept.append(place)
        return envelope.open_envelope(keys, sealed, place)

    def since() -> list[str]:
        now = sorted(kept)
        kept.clear()
        return now

    monkeypatch.setattr(sealing, "open_envelope", open_envelope)
    return since


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page show three people."""
    monkeypatch.setattr(pagination, "ROWS", 3)


def test_the_work_list_opens_whom_it_shows_and_says_so(opens: Callable[[], list[str]]) -> None:
    noor, piet = stranger("Noor"), stranger("Piet")
    task(noor)
    client = care_worker()
    opens()
    assert names(client.get("/staff/").content.decode()) == ["Noor"]
    assert {one.rpartition("|")[2] for one in opens() if one.startswith("vault_person.")} == {noor.id}
    assert seen() == [(1, {noor.subject}, False)]
    assert piet.subject not in json.dumps(record())


def test_a_call_of_somebody_who_was_erased_is_not_on_the_list() -> None:
    noor, piet = stranger("Noor"), stranger("Piet")
    task(noor)
    task(piet, 1)
    vault.erase(noor.id, by="command", now=NOON)
    assert names(care_worker().get("/staff/").content.decode()) == ["Piet"]


def test_nobody_is_opened_before_somebody_asks(opens: Callable[[], list[str]]) -> None:
    stranger("Noor")
    client = care_worker()
    opens()
    page = client.get("/staff/people/")
    assert (names(page.content.decode()), opens(), seen()) == ([], [], [])
    assert "Niemand past" not in words(page)


def test_a_search_opens_names_and_then_whom_it_shows(opens: Callable[[], list[str]]) -> None:
    noor = stranger("Noor")
    stranger("Piet")
    client = care_worker()
    opens()
    assert names(search(client, name="OO")) == ["Noor"]
    kinds = [one.partition(".")[0] for one in opens()]
    assert (kinds.count("vault_person"), kinds.count("vault_address")) == (3, 1)
    assert names(search(client, name="nobody")) == []
    assert seen() == [(1, {noor.subject}, True), (0, set(), True)]


def test_by_an_outcome_nobody_else_is_opened(opens: Callable[[], list[str]]) -> None:
    chooser("Noor", channel=Channel.CARE_WORKER)
    piet = chooser("Piet")
    found("Noor", [(7, 2)])
    tell()
    client = care_worker()
    opens()
    assert names(search(client, outcome="call")) == ["Noor"]
    assert not [one for one in opens() if one.endswith(piet.id)]


def test_what_already_left_is_not_to_be_told_any_more() -> None:
    chooser("Noor")
    found("Noor", [(7, 2)])
    tell()
    client = care_worker()
    assert names(search(client, outcome="tell")) == []
    tell(NOON + HALF_AN_HOUR)
    assert names(search(client, outcome="nothing")) == ["Noor"]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("page", "who"),
    [
        ("1", "ABC"), ("2", "DEF"), ("3", "G"), ("9", "G"), ("0", "G"), ("-1", "G"),
        ("", "ABC"), ("two", "ABC"), ("9" * 6_000, "ABC"), ("1.5", "ABC"), ("\x07", "ABC"),
    ],
)  # fmt: skip
def test_a_page_that_is_not_there_is_the_first_or_the_last(page: str, who: str) -> None:
    people = {name: stranger(name) for name in "GFEDCBA"}
    client = care_worker()
    assert "".join(names(search(client, name="", page=page))) == who
    assert seen()[-1] == (len(who), {people[name].subject for name in who}, False)
    for number, name in enumerate("ABCDEFG"):
        task(people[name], number)
    assert "".join(names(client.get("/staff/", {"page": page}).content.decode())) == who


def between(page: str) -> str:
    """Return what leads from a page of a list to the others, "" when nothing does."""
    nav = re.search(r"<nav aria-label=\"Pagina's\".*?</nav>", page, re.DOTALL)
    return nav.group() if nav else ""


def buttons(page: str) -> dict[str, dict[str, str]]:
    """Return what each button between pages sends, by what it is called."""
    nav = between(page)
    hidden = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', nav)
        if name != "csrfmiddlewaretoken"
    }
    found = re.findall(r'<button [^>]*value="(\d+)"[^>]*><span[^>]*>([^<]*)</span></button>', nav)
    return {text: {**hidden, "page": number} for number, text in found}


@pytest.mark.usefixtures("small")
def test_each_page_leads_to_the_others_and_keeps_what_was_chosen() -> None:
    for number in range(20):
        stranger(f"Anna {number:02}")
    stranger("Piet")
    tell()
    client, sent = care_worker(), {"name": "anna", "outcome": "call"}
    first = buttons(search(client, **sent))
    assert list(first) == ["1", "2", "7", "Volgende pagina"]
    assert first["7"] == sent | {"page": "7"}
    middle = buttons(search(client, **sent, page="4"))
    assert list(middle) == ["Vorige pagina", *"1234567", "Volgende pagina"]
    assert middle["Vorige pagina"] == sent | {"page": "3"}
    seen, page = names(search(client, **sent)), first
    while "Volgende pagina" in page:
        text = search(client, **page["Volgende pagina"])
        seen, page = seen + names(text), buttons(text)
    assert seen == [f"Anna {number:02}" for number in range(20)]
    answer = client.post("/staff/people/", sent | {"page": "4"})
    assert "20 personen; hier staan 10 tot en met 12" in words(answer)
    assert re.findall(r'aria-current="page" aria-label="([^"]+)"', answer.content.decode()) == ["Pagina 4"]


def test_a_list_of_one_page_has_no_other_pages() -> None:
    task(stranger("Noor"))
    client = care_worker()
    assert between(client.get("/staff/").content.decode()) == ""
    assert between(search(client, name="")) == ""


def test_no_name_stands_in_an_address(opens: Callable[[], list[str]]) -> None:
    """Addresses stay in the history of a browser and in the logs of what lies between."""
    for number in range(60):
        stranger(f"Kanarienaam {number:02}")
    client = care_worker()
    opens()
    asked = client.get("/staff/people/?name=Kanarienaam&outcome=call")
    assert (asked["Location"], opens(), seen()) == ("/staff/people/", [], []), "an address looks for nobody"
    found = client.post("/staff/people/", {"name": "Kanarienaam"})
    assert found.status_code == 200, "no address to go to"
    page = found.content.decode()
    assert len(names(page)) == pagination.ROWS
    for address in re.findall(r'(?:href|action|src)="([^"]*)"', page):
        assert "anarienaam" not in address
        assert "name=" not in address
    forms = re.findall(r"<form ([^>]*)>", client.get("/staff/").content.decode() + page)
    assert [one for one in forms if 'method="post"' not in one] == []


def test_what_was_looked_for_stays_nowhere() -> None:
    stranger("Kanarienaam")
    client = care_worker()
    search(client, name="Kanarie", page="1")
    kept = str([one.get_decoded() for one in Session.objects.all()]) + json.dumps(record())
    assert "anarie" not in kept


def test_a_search_from_another_site_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = care_worker().cookies
    assert strict.post("/staff/people/", {"name": "Noor"}).status_code == 403


def test_most_people_of_a_page_fit_into_one_act() -> None:
    for number in range(pagination.ROWS + 1):
        vault.add_person(Identity(f"Noor {number:02}"), now=NOON)
    search(care_worker(), name="")
    ((number, whose, _),) = seen()
    assert number == len(whose) == pagination.ROWS
    assert whose <= {subject_of(one) for one in vault.person_ids()}
