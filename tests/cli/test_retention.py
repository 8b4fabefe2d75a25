"""`luwte desk retention`: a dry run by default, deletion, proof, holds, and where it may run."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from luwte.base.clock import ManualClock
from luwte.base.errors import BadInput
from luwte.cli import _retention
from luwte.cli._retention import retention
from luwte.desk.audit.models import Leaf
from luwte.desk.cases import holding
from luwte.desk.cases.errors import HoldImpossible
from luwte.desk.cases.models import Case
from luwte.desk.findings.models import Finding
from luwte.desk.project import ready
from luwte.desk.retention.errors import ClockWrong, NothingProven, TermWrong
from luwte.desk.wishes.rules import Channel, Choice
from tests.support.accounts import Worker, by
from tests.support.desk import make_keys, someone
from tests.support.retention import DAY, LATE, told
from tests.support.words import sign_all

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
    pytest.mark.usefixtures("old_desk"),
]
TODAY = (LATE + 60 * DAY).date().isoformat()


@pytest.fixture
def old_desk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with one case whose term is over."""
    make_keys(home)
    sign_all(LATE)
    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)
    monkeypatch.setattr(_retention, "SystemClock", lambda: ManualClock(LATE + 60 * DAY))
    told(someone(series="s-1", choice=Choice(True, channel=Channel.EMAIL)))


def run(*arguments: str) -> None:
    retention.main(list(arguments), standalone_mode=False)


def test_it_shows_and_deletes_nothing_unless_told_to(capsys: pytest.CaptureFixture[str]) -> None:
    run()
    shown = capsys.readouterr().out
    assert "cases.Case" in shown
    assert "1 would go, the oldest of 2026-03-02" in shown
    assert "Wpg 8" in shown
    assert "Nothing was deleted" in shown
    assert Case.objects.exists()


def test_it_deletes_and_proves_it(capsys: pytest.CaptureFixture[str]) -> None:
    finding = Finding.objects.get().id
    with pytest.raises(NothingProven):
        run("--proof", finding)
    with pytest.raises(ClockWrong, match="--today"):
        run("--apply")
    run("--apply", "--today", TODAY)
    assert "each step is in the record" in capsys.readouterr().out
    assert not Case.objects.exists()
    run("--apply", "--today", TODAY)
    assert "Nothing was over its term" in capsys.readouterr().out
    run("--proof", finding)
    assert "findings.Finding: deleted with" in capsys.readouterr().out


def test_the_authority_chooses_in_a_file_beside_the_databases(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from luwte.desk.project import folder

    monkeypatch.setattr(folder, "desk_folder", lambda: home / "desk")
    file = home / "desk" / "retention.toml"
    file.write_text('"cases.Case" = "11 years"')
    for words in ((), ("--apply", "--today", TODAY)):
        with pytest.raises(TermWrong, match="10 years at most"):
            run(*words)
    assert Case.objects.exists()
    file.write_text('"cases.Case" = "2 years"')
    run()
    assert "2 years from the last thing" in capsys.readouterr().out


def test_what_was_deleted_names_the_table_by_which_it_was(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever kept what `--table` wrote can show later by which terms something went."""
    from luwte.desk.project import folder

    def written() -> str:
        capsys.readouterr()
        run("--table")
        return sha256(capsys.readouterr().out.encode()).hexdigest()

    monkeypatch.setattr(folder, "desk_folder", lambda: home / "desk")
    file, finding = home / "desk" / "retention.toml", Finding.objects.get().id
    shipped = written()
    file.write_text('"cases.Case" = "9 years"\n')
    table = written()
    assert table != shipped
    file.write_text('# terms of ours\n"cases.Case"="9 years"')
    assert written() == table, "the same terms, however they are laid out"
    run()
    assert f"The digest of this table is {table}." in capsys.readouterr().out
    run("--apply", "--today", TODAY)
    steps = Leaf.objects.filter(act="retention.cleared")
    assert {json.loads(bytes(one.content or b""))["details"]["table"] for one in steps} == {table}
    run("--proof", finding)
    assert f"table {table}, the one that holds;" in capsys.readouterr().out
    file.unlink()
    run("--proof", finding)
    assert f"table {table}, not the one that holds now;" in capsys.readouterr().out


def test_a_case_is_held_and_released(capsys: pytest.CaptureFixture[str]) -> None:
    run("hold", "C-1", "--reason", "an appeal", "--by", "Wim")
    run("holds")
    assert "C-1  2037" in capsys.readouterr().out
    run("--apply", "--today", TODAY)
    assert Case.objects.exists()
    with pytest.raises(HoldImpossible):
        run("hold", "C-1", "--reason", "an appeal", "--by", "Wim")
    run("release", "C-1", "--reason", "it is over", "--by", "Ria")
    run("holds")
    assert "No case is held." in capsys.readouterr().out


def test_a_hold_is_set_under_an_account_once_there_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    ria = Worker("ria")
    with pytest.raises(BadInput, match="do not belong together"):
        run("hold", "C-1", "--reason", "an appeal", *by("Wim", next(ria.codes)))
    assert not holding.holds()
    run("hold", "C-1", "--reason", "an appeal", *ria.by())
    run("holds")
    assert "ria: an appeal" in capsys.readouterr().out
    row = Leaf.objects.get(act="cases.held")
    assert f'"by":"staff:{ria.user.pk}"'.encode() in bytes(row.content or b"")


def test_a_hold_is_ended_under_an_account_once_there_is_one() -> None:
    run("hold", "C-1", "--reason", "an appeal", "--by", "Wim")
    ria = Worker("ria")
    with pytest.raises(BadInput, match="do not belong together"):
        run("release", "C-1", "--reason", "over", *by("Wim", next(ria.codes)))
    assert holding.holds()
    run("release", "C-1", "--reason", "over", *ria.by())
    assert not holding.holds()
    row = Leaf.objects.get(act="cases.released")
    assert f'"by":"staff:{ria.user.pk}"'.encode() in bytes(row.content or b"")


@pytest.mark.parametrize(
    "words",
    [
        ("--apply", "holds"),
        ("--apply", "--proof", "x"),
        ("--today", TODAY, "holds"),
        ("--table", "holds"),
        ("--apply", "--table"),
    ],
)
def test_what_does_not_go_together(words: tuple[str, ...]) -> None:
    with pytest.raises(BadInput):
        run(*words)
    assert Case.objects.exists()
