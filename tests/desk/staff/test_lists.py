"""The lists of the staff: who is not on the page stays closed; the record says whose lines were seen."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
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
    assert names(client.get("/staff/people/?name=OO").content.decode()) == ["Noor"]
    kinds = [one.partition(".")[0] for one in opens()]
    assert (kinds.count("vault_person"), kinds.count("vault_address")) == (3, 1)
    assert names(client.get("/staff/people/?name=nobody").content.decode()) == []
    assert seen() == [(1, {noor.subject}, True), (0, set(), True)]


def test_by_an_outcome_nobody_else_is_opened(opens: Callable[[], list[str]]) -> None:
    chooser("Noor", channel=Channel.CARE_WORKER)
    piet = chooser("Piet")
    found("Noor", [(7, 2)])
    tell()
    client = care_worker()
    opens()
    assert names(client.get("/staff/people/?outcome=call").content.decode()) == ["Noor"]
    assert not [one for one in opens() if one.endswith(piet.id)]


def test_what_already_left_is_not_to_be_told_any_more() -> None:
    chooser("Noor")
    found("Noor", [(7, 2)])
    tell()
    client = care_worker()
    assert names(client.get("/staff/people/?outcome=tell").content.decode()) == []
    tell(NOON + HALF_AN_HOUR)
    assert names(client.get("/staff/people/?outcome=nothing").content.decode()) == ["Noor"]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("page", "who"),
    [
        ("1", "ABC"), ("2", "DEF"), ("3", "G"), ("9", "G"), ("0", "G"), ("-1", "G"),
        ("", "ABC"), ("two", "ABC"), ("9" * 6_000, "ABC"), ("1.5", "ABC"), ("%00", "ABC"),
    ],
)  # fmt: skip
def test_a_page_that_is_not_there_is_the_first_or_the_last(page: str, who: str) -> None:
    people = {name: stranger(name) for name in "GFEDCBA"}
    client = care_worker()
    assert "".join(names(client.get(f"/staff/people/?name=&page={page}").content.decode())) == who
    assert seen()[-1] == (len(who), {people[name].subject for name in who}, False)
    for number, name in enumerate("ABCDEFG"):
        task(people[name], number)
    assert "".join(names(client.get(f"/staff/?page={page}").content.decode())) == who


def links(client: Client, path: str) -> dict[str, str]:
    """Return the addresses of the links between pages, by what they are called."""
    page = client.get(path).content.decode()
    nav = re.search(r"<nav aria-label=\"Pagina's\".*?</nav>", page, re.DOTALL)
    if nav is None:
        return {}
    found = re.findall(r"<a ([^>]*)>([^<]*)</a>", nav.group())
    address = {text: re.search(r'href="([^"]*)"', inside) for inside, text in found}
    return {text: html.unescape(one.group(1)) for text, one in address.items() if one}


@pytest.mark.usefixtures("small")
def test_each_page_leads_to_the_others_and_keeps_what_was_chosen() -> None:
    for number in range(20):
        stranger(f"Anna {number:02}")
    stranger("Piet")
    tell()
    client, path = care_worker(), "/staff/people/?name=anna&outcome=call"
    first = links(client, path)
    assert list(first) == ["1", "2", "7", "Volgende pagina"]
    assert first["7"] == "?name=anna&outcome=call&page=7"
    middle = links(client, f"{path}&page=4")
    assert list(middle) == ["Vorige pagina", *"1234567", "Volgende pagina"]
    assert middle["Vorige pagina"] == "?name=anna&outcome=call&page=3"
    everyone = [
        name for number in range(1, 8) for name in names(client.get(f"{path}&page={number}").content.decode())
    ]
    assert everyone == [f"Anna {number:02}" for number in range(20)]
    page = client.get(f"{path}&page=4")
    assert "20 personen; hier staan 10 tot en met 12" in words(page)
    assert re.findall(r'aria-current="page" aria-label="([^"]+)"', page.content.decode()) == ["Pagina 4"]


def test_a_list_of_one_page_has_no_other_pages() -> None:
    task(stranger("Noor"))
    for path in ("/staff/", "/staff/people/?name="):
        assert links(care_worker(), path) == {}


def test_most_people_of_a_page_fit_into_one_act() -> None:
    for number in range(pagination.ROWS + 1):
        vault.add_person(Identity(f"Noor {number:02}"), now=NOON)
    client = care_worker()
    client.get("/staff/people/?name=")
    ((number, whose, _),) = seen()
    assert number == len(whose) == pagination.ROWS
    assert whose <= {subject_of(one) for one in vault.person_ids()}
