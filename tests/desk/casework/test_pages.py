"""Every page of casework: no person in it, no script, private, in words, and none that claims too much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from luwte.desk.casework import words
from luwte.desk.casework.roles import Role
from luwte.desk.casework.uploads import _WHY
from luwte.desk.findings import lists
from luwte.desk.findings.models import Quarantine, ReportReceipt
from luwte.desk.findings.provenance import Of, signer_of
from luwte.desk.review import proposals
from luwte.desk.review.hours import Why
from luwte.desk.review.proposals import Change
from luwte.desk.review.rules import Answer, Outcome
from luwte.desk.words.claims import Language, breaches
from luwte.exchange.home import Home
from luwte.exchange.report import write_report
from tests.support.casework import heard, worker
from tests.support.desk import NOON, cluster, cluster_id, entry_id, report, someone
from tests.support.pages import text_of
from tests.support.review import reported

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answered

NAME, SERIES = "Kanarienaam", "Kanarieserie"
A, B, X = entry_id("a"), entry_id("b"), cluster_id("x")
FLOOR = {"change": "floor", "only": "20", "first": "900", "more": "1000", "sample": "0"}
LIMITS = {
    "change": "limits", "from_hour": "8", "to_hour": "18", "minutes_a_day": "60", "items_a_day": "1",
    "minutes_in_a_row": "20", "pause": "10",
}  # fmt: skip


def sent(folder: Path, house: Home) -> BytesIO:
    """Return a report of the series that bears the name."""
    folder.mkdir(exist_ok=True)
    write_report(folder / "r", report({SERIES: {"c": (1, 0)}}, case="C-3", house=house.identity), house)
    return BytesIO((folder / "r").read_bytes())


def every_page(language: str, folder: Path) -> Iterator[tuple[str, Answered]]:
    """Give each page of casework at a desk where somebody is shown by all there is."""
    someone(NAME, series=SERIES, email="kanarie@example.org")
    reported(cluster("x", "a", 3, series=SERIES), cluster("y", "b", 2, series=SERIES))
    heard()
    Quarantine.objects.create(entry=B, since=NOON, cases=9, baseline=0.2)
    lists.declare_foreign(Of.SERIES, SERIES, "elders", "wim", NOON)
    lists.declare_own(Of.SERIES, SERIES, NOON)
    lists.dispute(A, "wim", "why", NOON)
    wim = worker("wim", *Role, language=language)
    yield "review, held", wim.post("/staff/review/", {"act": "next"})
    lists.settle_dispute(A, False, "wim", NOON)
    yield "work list", wim.get("/staff/")
    yield "review", wim.get("/staff/review/")
    wim.post("/staff/review/", {"act": "next"})
    yield "question", wim.get("/staff/review/")
    yield "answered", wim.post("/staff/review/", {"act": "confirmed", "cluster": X}, follow=True)
    yield "undo", wim.get("/staff/review/undo/")
    yield "undo, what follows", wim.get("/staff/review/undo/", {"cluster": X})
    yield "quarantine", wim.get("/staff/quarantine/")
    yield "judged", wim.get("/staff/quarantine/?judged")
    yield "lists", wim.get("/staff/lists/")
    signer = signer_of(ReportReceipt.objects.all()[0])
    yield "whose lists", wim.get(f"/staff/lists/{signer}/")
    yield "entry", wim.get(f"/staff/entry/{B}/")
    proposals.ask(Change.RELEASE, B, "why", by="casework:0", now=NOON)
    yield "entry, asked", wim.get(f"/staff/entry/{B}/")
    yield "intake", wim.get("/staff/intake/")
    yield "report", wim.post("/staff/intake/", {"report": sent(folder, Home.open())}, follow=True)
    yield "report refused", wim.post("/staff/intake/", {"report": BytesIO(b"x")}, follow=True)
    yield "intake, some", wim.get("/staff/intake/")
    yield "limits", wim.get("/staff/limits/")
    yield "limits, tried", wim.get("/staff/limits/", LIMITS)
    yield "floor, tried", wim.get("/staff/limits/", FLOOR)
    proposals.ask(Change.FLOOR, Change.FLOOR, "why", by="casework:0", now=NOON, first=900)
    yield "floor, asked", wim.get("/staff/limits/")
    yield "work list, more", wim.get("/staff/")
    yield "numbers", wim.get("/staff/numbers/")
    yield "account", wim.get("/staff/account/")


@pytest.mark.django_db(databases=["default", "vault"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_page_names_a_person_asks_for_a_script_or_claims_too_much(
    language: Language, tmp_path: Path
) -> None:
    seen = 0
    with translation.override(language):
        for name, page in every_page(language, tmp_path / "made"):
            text, seen = page.content.decode(), seen + 1
            assert page.status_code == 200, name
            assert f'<html lang="{language}">' in text, name
            assert "kanarie" not in text.lower(), name
            assert "<script" not in text, name
            assert " style=" not in text, name
            assert not re.search(r"<(?:img|video|picture|canvas)\b", text), name
            assert page["Cache-Control"] == "no-store, private, no-transform", name
            assert "script-src" not in page["Content-Security-Policy"], name
            assert not breaches(text_of(text, "main"), language), name
    assert seen > 20


def test_pages_of_faults_stand_in_the_frame_of_casework() -> None:
    wim = worker("wim", Role.REVIEWER)
    for path, status in (("/nowhere/", 404), ("/staff/limits/", 403)):
        page = wim.get(path)
        assert page.status_code == status
        assert b"/uit/" not in page.content, "casework has no way out for people in distress"


def test_there_are_words_for_everything() -> None:
    assert set(words.roles()) == set(Role)
    assert set(words.not_now()) == set(Why)
    assert set(words.answers()) == set(Answer)
    assert set(words.outcomes()) == {"", *(one.value for one in Outcome)}
    assert set(words.changes()) == set(words.follows()) == set(Change)
    assert {why for _, why in _WHY} | {"other", "large", "empty"} == set(words.refused())
