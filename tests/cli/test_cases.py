"""`luwte desk case`: told, shown and refused in sentences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from luwte.base.clock import ManualClock
from luwte.cli import _cases
from luwte.desk.cases.judging import Why
from luwte.desk.cases.models import CaseStep, VictimStatus
from luwte.desk.findings.services import register as take_in
from luwte.desk.project import ready
from tests.support.command import Command
from tests.support.desk import NOON, entry_id, make_keys, report, someone

pytestmark = [pytest.mark.django_db(databases=["default", "vault"]), pytest.mark.usefixtures("standing_desk")]


@pytest.fixture
def standing_desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with keys, at noon; its databases are those of this test."""
    make_keys(home)
    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)
    monkeypatch.setattr(_cases, "SystemClock", lambda: ManualClock(NOON))


@pytest.fixture
def luwte(capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs the command."""
    return Command(capfd)


def sheet(folder: Path, *entries: str, **change: object) -> Path:
    """Write a charge sheet with these entries."""
    count = {
        "article": "252 Sr", "offence": "possession", "first": "2024-01-05", "last": "2024-03-01",
        "entries": [entry_id(one) for one in entries],
    } | change  # fmt: skip
    path = folder / "sheet.json"
    path.write_text(json.dumps({"counts": [count]}))
    return path


def test_a_case_is_told_and_shown(luwte: Command, tmp_path: Path) -> None:
    noor = someone("Noor", series="s-1")
    take_in(report({"s-1": {"a": (1, 0), "b": (1, 0)}}, case="C-1"), NOON)
    luwte("desk", "case", "agency", "C-1", "om midden-nederland", "--law", "NL", "--reference", "16/1-26")
    luwte(
        "desk", "case", "charge", "C-1", str(sheet(tmp_path, "a")), "--on", "2026-02-02", "--defendant", "D1"
    )
    move = luwte("desk", "case", "step", "C-1", "hearing_moved", "--on", "2026-06-29", "--hearing", "7")
    assert "It waits: nobody told that this hearing was set." in move.err
    assert "waits  (nobody told" in luwte("desk", "case", "show", "C-1").out
    given = [
        "--on",
        "2026-06-15",
        "--hearing",
        "7",
        "--court",
        "RBMNE",
        "--time",
        "09:30",
        "--known",
        "2026-01-05",
    ]
    luwte("desk", "case", "step", "C-1", "hearing_set", *given)
    luwte("desk", "case", "status", "C-1", noor.id, "recognised", "--by", "RBMNE", "--on", "2026-02-03")
    said = luwte("desk", "case", "show", "C-1").out
    for part in (
        "agency     om midden-nederland  NL  16/1-26", "defendant  D1",
        f"victim     {noor.subject}  recognised",
        "hearing    7  2026-06-29", "charge     D1  252 Sr  possession", f"uncharged  {entry_id('b')}",
        "next       2026-06-29", "hearing_moved  7  stands",
    ):  # fmt: skip
        assert part in said, part
    assert "Noor" not in said
    assert luwte("desk", "case", "gaps").out.split() == ["2026-06-29", "C-1", "1", "entries"]
    assert VictimStatus.objects.get().subject == noor.subject


def test_a_correction_and_a_dismissal(luwte: Command) -> None:
    first = luwte("desk", "case", "step", "C-1", "judgment", "--on", "2026-02-10").out.strip()
    luwte("desk", "case", "step", "C-1", "judgment", "--on", "2026-02-11", "--corrects", first)
    early = luwte("desk", "case", "step", "C-1", "appeal_decided", "--on", "2026-02-12").out.strip()
    assert "Dismissed" in luwte("desk", "case", "dismiss", early, "--reason", "of another case").out
    said = luwte("desk", "case", "show", "C-1").out
    assert f"corrects {first}" in said
    assert early not in said


@pytest.mark.parametrize(
    ("given", "match"),
    [
        (["show", "C-9"], "No case 'C-9' stands in the register"),
        (["step", "C-1", "hearing_set", "--on", "2206-06-15", "--hearing", "7"], "Check its year"),
        (["step", "C-1", "hearing_set", "--on", "2036-01-01"], "which hearing"),
        (["step", "C-1", "arrested", "--on", "2026-01-01"], "no such step"),
        (["step", "C-1", "judgment", "--on", "2026-01-01", "--corrects", "ab" * 16], "No step 'abab"),
        (["step", "C-1", "judgment", "--on", "2026-01-01", "--defendant", "Jansen"], "somebody's name"),
        (["step", "C-1", "judgment", "--on", "2026-01-01", "--on", "2026-01-02"], "more than once"),
        (["agency", "C-1", "om", "--law", "XX"], "Choose NL or US"),
        (["dismiss", "ab" * 16, "--reason", "x"], "does not wait"),
        (["charge", "C-1", "nowhere.json", "--on", "2026-01-01"], "cannot be read"),
    ],
)
def test_what_cannot_be_is_refused(luwte: Command, given: list[str], match: str) -> None:
    done = luwte("desk", "case", *given)
    assert (done.code, match in done.err) == (2, True), done.err
    assert not CaseStep.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "{}", '{"counts": 1}', '{"counts": [1]}', '{"counts": [{}]}', "\xff", "[" * 100_000,
        '{"counts": [{"article": 1, "offence": "x", "first": "2024-01-01", "last": "2024-01-01"}]}',
        '{"counts": [{"article": "a", "offence": "x", "first": "2024-13-01", "last": "2024-01-01"}]}',
        '{"counts": [{"article": "a", "offence": "x", "first": "2024-01-01", "last": "2024-01-01", "e": 1}]}',
        '{"counts": [{"article": "a", "offence": "x", "first": "2024-01-01", "last": "2024-01-01", '
        '"entries": 1}]}',
        '{"counts": [' + " " * 2_100_000 + "]}",
    ],
    ids=range(13),
)  # fmt: skip
def test_a_file_that_is_no_charge_sheet_is_refused(luwte: Command, tmp_path: Path, content: str) -> None:
    path = tmp_path / "sheet.json"
    path.write_text(content, encoding="latin-1")
    done = luwte("desk", "case", "charge", "C-1", str(path), "--on", "2026-01-01")
    assert (done.code, str(path) in done.err) == (2, True), done.err
    assert len(done.err.splitlines()) == 1
    assert not CaseStep.objects.exists()


def test_a_command_says_each_reason_for_waiting() -> None:
    assert set(_cases.WAITS) == set(Why)
