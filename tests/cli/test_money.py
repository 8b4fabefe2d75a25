"""`luwte desk money` as a clerk uses it: from a loss to a file for the fund."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from luwte.cli.desk import desk
from luwte.desk.cases import services as cases
from tests.support.desk import NOON, make_keys, someone

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.usefixtures("stands"),
]
FLAGS = {
    "loss": "--head therapy --amount 1200.50 --currency EUR --on 2025-01-01 --proof file-1",
    "award": "--scheme claim --case C-1 --defendant d-1 --court Rb --amount 9000 --currency EUR"
    " --ordered 2025-01-12",
    "ask": "--scheme advance --amount 7500 --currency EUR --on 2025-10-01 --reason art-36f",
}


@pytest.fixture
def stands(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that stands, in the tables of this test, with keys and one case."""
    from luwte.desk.project import ready

    monkeypatch.setattr(ready, "start", lambda: None)
    monkeypatch.setattr(ready, "require_ready", lambda **_: None)
    make_keys(home)
    cases.case_for("C-1", NOON)


def money(command: str, *words: str, code: int = 0) -> str:
    """Run a command of money; return what it printed, or what it says is wrong."""
    found = CliRunner().invoke(desk, ["money", command, *words])
    said = found.output + (str(found.exception) if found.exception else "")
    wrong = code if isinstance(found.exception, SystemExit) or not found.exception else 1
    assert found.exit_code == wrong, said
    return said.strip()


def test_from_a_loss_to_a_file_for_whoever_pays(tmp_path: Path) -> None:
    mila = someone("Mila").id
    money("loss", mila, *FLAGS["loss"].split())
    award = money("award", mila, *FLAGS["award"].split())
    assert award == money("award", mila, *FLAGS["award"].split())
    money("final", mila, award, "--on", "2025-01-27")
    came = money("receive", mila, award, *["--amount", "1500", "--on", "2025-02-01", "--reference", "cjib-1"])
    assert "EUR 1500.00 of what was awarded, EUR 0.00 of interest" in came
    payout = money("ask", mila, *FLAGS["ask"].split(), "--award", award, "--by", "wim")
    assert payout in money("waiting")
    for name in ("wim", " Wim"):
        assert "cannot decide" in money("decide", payout, "--approve", "--by", name, code=2)
    assert money("decide", payout, "--approve", "--by", "ria") == "Approved: EUR 7500.00 by advance."
    money("paid", payout, "--on", "2025-10-09", "--reference", "bank-1")
    assert money("waiting") == ""
    shown = money("show", mila)
    for line in ("lost      EUR 1200.50", "paid EUR 1500.00, open EUR 7500.00", "received  EUR 9000.00",
                 "advance: EUR 7500.00, paid"):  # fmt: skip
        assert line in shown
    out = tmp_path / "fund.csv"
    words = f"--scheme advance --from 2025-01-01 --to 2025-12-31 --out {out}"
    assert money("export", *words.split()).endswith("1 payouts.")
    assert "750000,EUR" in out.read_text()
    assert mila not in out.read_text()


def test_what_was_not_paid_after_all_is_owed_again() -> None:
    mila = someone("Mila").id
    award = money("award", mila, *FLAGS["award"].split())
    came = money("receive", mila, award, *["--amount", "9000.01", "--on", "2025-02-01", "--reference", "r"])
    assert came.endswith("EUR 0.01 too much")
    money("take-back", mila, came.split()[0], "--on", "2025-02-03", "--reason", "bounced")
    assert "open EUR 9000.00" in money("show", mila)
    assert money("show", someone("Noor").id) == "Nothing is written down."


@pytest.mark.parametrize(
    ("command", "old", "new", "says"),
    [
        ("loss", "1200.50", "1200,50", "no amount"), ("loss", "1200.50", "-3", "no amount"),
        ("loss", "1200.50", "0", "no amount"), ("loss", "2025-01-01", "2199-01-01", "cannot be"),
        ("award", "C-1", "C-9", "No case 'C-9'"), ("award", "d-1", "x" * 65, "at most 64"),
        ("ask", "7500", "7500", "Say which award"),
    ],
)  # fmt: skip
def test_bad_input_gets_one_sentence(command: str, old: str, new: str, says: str) -> None:
    words = FLAGS[command].replace(old, new).split()
    if command == "ask":
        words += ["--by", "wim"]
    said = money(command, someone("Mila").id, *words, code=2)
    assert says in said


def test_a_person_who_is_not_there() -> None:
    assert "f" * 32 in money("show", "f" * 32, code=2)
