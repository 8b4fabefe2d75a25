from __future__ import annotations

import json
from pathlib import Path

import pytest

from luwte.exchange.bundle import read_statement
from luwte.exchange.home import Home
from luwte.exchange.report import CarrierProblem, report_document, write_report
from tests.support.commands import run
from tests.support.exchange import bundle, coverage, report


@pytest.fixture
def made(home: Path, tmp_path: Path) -> Path:
    lab = Home.open()
    bundle(tmp_path / "list", lab)
    statement = read_statement(tmp_path / "list", lab.trusted())
    problems = (CarrierProblem("bad sectors", 3),)
    write_report(tmp_path / "r.lwreport", report(statement, coverage=coverage(None, problems)), lab)
    return tmp_path / "r.lwreport"


def test_json_is_the_body_and_its_signer(made: Path, tmp_path: Path) -> None:
    lab = Home.open()
    found = json.loads(run("report", "show", str(made), "--json").out)
    assert found.pop("signer") == lab.identity.public.id
    statement = read_statement(tmp_path / "list", lab.trusted())
    assert found == report_document(
        report(statement, coverage=coverage(None, (CarrierProblem("bad sectors", 3),)))
    )


def test_a_person_can_read_it(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    told = run("report", "show", str(made))
    assert told.code == 0
    for words in (
        "2026/0123-A",
        "unreadable: cut off",
        "bad sectors (3)",
        "series 1",
        "2026-11-23T12:00:00Z",
    ):
        assert words in told.out


def test_a_changed_report_is_refused(made: Path) -> None:
    made.write_bytes(made.read_bytes().replace(b'"files": 10', b'"files": 99', 1))
    told = run("report", "show", str(made))
    assert (told.code, told.out) == (2, "")
    assert "not as its maker signed it" in told.err


def test_another_house_must_trust_the_lab_first(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lab.json").write_text(run("keys", "show").out)
    monkeypatch.setenv("LUWTE_HOME", str(tmp_path / "desk"))
    told = run("report", "show", str(made))
    assert (told.code, "luwte keys trust" in told.err) == (2, True)
    run("keys", "trust", str(tmp_path / "lab.json"))
    assert run("report", "show", str(made)).code == 0
