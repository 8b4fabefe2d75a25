"""The page on what was searched: a file for whoever asks, the same with and without news, nobody else's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from luwte.base.clock import ManualClock
from luwte.desk.audit.acts import Act
from luwte.desk.audit.models import Leaf
from luwte.desk.telling import coverage_document, stating
from luwte.desk.words.claims import Language, breaches
from luwte.desk.words.readability import measure
from tests.desk.telling.channels.test_print_folder import needs_pango
from tests.support.coverage import Stage
from tests.support.desk import NOON, Someone, someone
from tests.support.exchange import entries
from tests.support.pages import enter, enter_by, words
from tests.support.stage import acting_entrance, represented

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("signed")]


@pytest.fixture
def stage(tmp_path: Path, clock: ManualClock) -> Iterator[Stage]:
    """Two searches that found something of series 0 and nothing of series 2."""
    stating._searches.cache_clear()
    found = Stage.at(tmp_path)
    statement = found.listed(entries(30))
    found.search(statement, found=True, now=NOON - timedelta(days=400))
    found.search(statement, found=True, case="C-2")
    yield found
    stating._searches.cache_clear()


@pytest.fixture
def noor() -> Someone:
    return someone(series="series 0")


def _made(client: Client, year: str = "2026") -> list[str]:
    """Ask for a file; return the addresses of the files that the page then offers."""
    answer = client.post("/gezocht/maak/", {"year": year})
    page = client.get(answer["Location"]).content.decode()
    return re.findall(r'href="(/gezocht/[0-9a-f]+/)"', page)


def test_who_asks_gets_a_file_and_after_the_next_checkpoint_a_page(stage: Stage, noor: Someone) -> None:
    stage.checkpoint()
    client = enter(noor)
    assert "Zelf zien waar wij zochten" in words(client.get("/waarom/"))
    assert re.findall(r'<option value="(\d+)"', client.get("/gezocht/").content.decode()) == ["2026", "2025"]
    (address,) = _made(client)
    answer = client.get(address)
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "application/json",
        "no-store, private, no-transform",
    )
    assert answer["Content-Disposition"] == f'attachment; filename="{address[9:17]}.json"'
    found = json.loads(answer.content)
    assert len(found["searches"]["contents"]) == 1
    assert "Een blad om te printen komt morgen." in words(client.get("/gezocht/"))
    assert client.get(f"{address}blad/").status_code == 404
    stage.checkpoint()
    assert "Blad om te printen" in words(client.get("/gezocht/"))


@needs_pango
def test_the_page_to_print_is_a_pdf(stage: Stage, noor: Someone) -> None:
    stage.checkpoint()
    client = enter(noor)
    (address,) = _made(client)
    stage.checkpoint()
    answer = client.get(f"{address}blad/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_with_and_without_news_the_page_and_the_file_have_one_size(stage: Stage, noor: Someone) -> None:
    stage.checkpoint()
    other = someone("Bo", series="series 2", email="bo@example.org")
    sizes = set()
    for person in (noor, other):
        client = enter(person)
        (address,) = _made(client)
        text = re.sub(r"[0-9a-f]{32}|value=\"\w{64}\"", "", words(client.get("/gezocht/")))
        file = re.sub(rb'"place": \d+', b"", client.get(address).content)  # any leaf of the list's tree
        sizes.add((text, len(file)))
    assert len(sizes) == 1


def test_before_the_first_checkpoint_it_says_tomorrow(stage: Stage, noor: Someone) -> None:
    client = enter(noor)
    assert client.post("/gezocht/maak/", {"year": "2026"})["Location"] == "/gezocht/?early"
    assert "Kijk morgen weer." in words(client.get("/gezocht/?early"))
    assert not Leaf.objects.filter(act=Act.COVERAGE_STATED).exists()


def test_nobody_else_reads_a_persons_file(stage: Stage, noor: Someone) -> None:
    stage.checkpoint()
    (address,) = _made(enter(noor))
    other = enter(someone("Bo", email="bo@example.org"))
    assert other.get(address).status_code == 404
    assert other.get(f"{address}blad/").status_code == 404
    _, acting = represented("Karim")
    riet = enter_by(acting_entrance(acting))
    for path in ("/gezocht/", address, f"{address}blad/"):
        assert riet.get(path).status_code == 302
        assert Client().get(path).status_code == 302
    assert riet.post("/gezocht/maak/", {"year": "2026"})["Location"] == "/"
    assert Leaf.objects.filter(act=Act.COVERAGE_STATED).count() == 1


@pytest.mark.parametrize("year", ["", "2024", "2027", "x", "-1", "9" * 5000])
def test_a_year_without_searches_makes_nothing(stage: Stage, noor: Someone, year: str) -> None:
    stage.checkpoint()
    assert _made(enter(noor), year) == []


def test_looking_makes_nothing(stage: Stage, noor: Someone) -> None:
    stage.checkpoint()
    client = enter(noor)
    assert client.get("/gezocht/maak/").status_code == 405
    client.get("/gezocht/")
    assert not Leaf.objects.filter(act=Act.COVERAGE_STATED).exists()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_its_words_claim_nothing_and_are_easy(stage: Stage, noor: Someone, language: Language) -> None:
    client = enter(noor, language)
    early = words(client.get("/gezocht/?early"))
    stage.checkpoint()
    _made(client)
    for text in (early, words(client.get("/gezocht/"))):
        assert not breaches(text, language)
        found = measure(text, language)
        if language == "nl":
            assert min(found.douma - 75, found.brouwer - 70, 10 - found.words_per_sentence) >= 0, found
            assert found.longest <= 20
        else:
            assert found.grade <= 6, found


def test_a_year_with_too_much_for_one_file_is_said_and_makes_nothing(
    stage: Stage, noor: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.checkpoint()
    monkeypatch.setattr(coverage_document, "MOST_SEARCHES", 0)
    client = enter(noor)
    assert client.post("/gezocht/maak/", {"year": "2026"})["Location"] == "/gezocht/?long"
    assert "te veel voor één bestand" in words(client.get("/gezocht/?long"))
    assert not Leaf.objects.filter(act=Act.COVERAGE_STATED).exists()
