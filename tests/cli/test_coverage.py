"""Receipts and coverage from the list to the verifier, each command a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from luwte.exchange.bundle import read_statement, write_bundle
from luwte.exchange.home import Home
from luwte.exchange.report import write_report
from tests.cli.test_desk import environment
from tests.support import exchange
from tests.support.desk import report

Run = Callable[..., subprocess.CompletedProcess[str]]
VERIFIER = Path(__file__).resolve().parents[2] / "verifier" / "verify_coverage.py"


@pytest.fixture
def run(home: Path, tmp_path: Path) -> Run:
    """Runs `luwte` with arguments and gives how it ended."""

    def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-c", "from luwte.cli import main; main()", *map(str, arguments)]
        done = subprocess.run(
            words,
            env=environment(home),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return done

    return command


def _did(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_whole_way_from_a_list_to_the_verifier(run: Run, home: Path, tmp_path: Path) -> None:
    house = Home.open(home)
    write_bundle(tmp_path / "known.lwref", exchange.entries(9), house, exchange.CLOCK)
    statement = read_statement(tmp_path / "known.lwref", house.trusted())
    write_report(tmp_path / "a.lwreport", report({}, house=house.identity, list=statement), house)
    assert "receipts for 3 series" in _did(run("reference", "receipts", "known.lwref", "--out", "r"))
    assert "for exactly" in _did(run("reference", "receipts", "known.lwref", "--check", "r"))
    _did(run("desk", "init"))
    assert "receipts for 3 series of list" in _did(run("desk", "lists", "receipts", "r"))
    assert "nothing changed" in _did(run("desk", "lists", "receipts", "r"))
    _did(run("desk", "intake", "a.lwreport"))
    person = _did(run("desk", "person", "add", "Noor", "--born", "1990-05-01")).strip()
    _did(run("desk", "link", person, "series 1"))
    early = run("desk", "coverage", person, "--out", "noor.json")
    assert (early.returncode, "luwte audit checkpoint" in early.stderr) == (2, True)
    _did(run("audit", "checkpoint"))
    assert "The record has it" in _did(run("desk", "coverage", person, "--out", "noor.json"))
    (tmp_path / "log.key").write_text(_did(run("audit", "key")))
    done = subprocess.run(
        [sys.executable, "-I", VERIFIER, "noor.json", "log.key"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "1 of them used a list that held at least one of your 1 series: confirmed" in done.stdout


def test_what_cannot_be_is_said_in_one_sentence(run: Run, home: Path, tmp_path: Path) -> None:
    house = Home.open(home)
    _did(run("desk", "init"))
    person = _did(run("desk", "person", "add", "Noor", "--born", "1990-05-01")).strip()
    write_bundle(tmp_path / "known.lwref", exchange.entries(9), house, exchange.CLOCK)
    write_report(tmp_path / "a.lwreport", report({}, house=house.identity), house)
    for words, said in (
        (("reference", "receipts", "a.lwreport", "--out", "r"), "not a reference bundle"),
        (("reference", "receipts", "known.lwref"), "Say what to do"),
        (("reference", "receipts", "known.lwref", "--check", "a.lwreport"), "not the receipts of a list"),
        (("desk", "lists", "receipts", "known.lwref"), "not the receipts of a list"),
        (("desk", "lists", "receipts", "nowhere"), "cannot be read"),
        (("desk", "coverage", person, "--out", "x"), "Nothing was searched by"),
        (("desk", "coverage", "nobody", "--out", "x"), "nobody"),
    ):
        done = run(*words)
        assert done.returncode == 2, (words, done)
        assert said in done.stderr, done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "x").exists()
