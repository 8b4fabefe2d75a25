"""`luwte audit` and `luwte witness` as people use them: each command is a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from luwte.exchange.home import Home
from luwte.exchange.report import write_report
from tests.cli.test_desk import environment
from tests.support.desk import report
from tests.support.owner import as_owner

pytestmark = pytest.mark.desk
Run = Callable[..., subprocess.CompletedProcess[str]]
WITNESS = "court.example/luwte"


@pytest.fixture
def run(home: Path) -> Run:
    """Runs `luwte` with arguments and gives how it ended."""

    def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-c", "from luwte.cli import main; main()", *map(str, arguments)]
        done = subprocess.run(
            words, env=environment(home), capture_output=True, text=True, timeout=120, check=False
        )
        assert "Traceback" not in done.stderr
        return done

    return command


@pytest.fixture
def desk(run: Run, home: Path, tmp_path: Path) -> Path:
    """The home of a desk that took a report in."""
    assert run("desk", "init").returncode == 0
    house, file = Home.open(home), tmp_path / "a.lwreport"
    write_report(file, report({"s-1": {"a": (1, 0)}}, house=house.identity), house)
    assert run("desk", "intake", file).returncode == 0
    return home


def test_the_whole_way_of_a_record(run: Run, desk: Path, home: Path, tmp_path: Path) -> None:
    for name, words in {
        "today.txt": ("audit", "checkpoint"), "log.key": ("audit", "key"),
        "witness.key": ("witness", "init", WITNESS),
        "ask.txt": ("audit", "request", WITNESS),
    }.items():  # fmt: skip
        done = run(*words)
        assert done.returncode == 0, done.stderr
        (tmp_path / name).write_text(done.stdout)
    sign = ("witness", "sign", tmp_path / "ask.txt", "--key", tmp_path / "log.key")
    signed = run(*sign, "--out", tmp_path / "s.txt")
    assert signed.returncode == 0, signed.stderr
    kept = run("audit", "cosigned", tmp_path / "s.txt", "--key", tmp_path / "witness.key")
    assert kept.stdout == f"{WITNESS} signed the checkpoint of 1 acts.\n"
    tiles = run("audit", "tiles", tmp_path / "public")
    assert tiles.stdout.startswith("1 new files")
    assert WITNESS in (tmp_path / "public" / "checkpoint").read_text()
    whole = run("audit", "verify", "--checkpoint", tmp_path / "today.txt")
    assert (whole.returncode, whole.stdout.splitlines()[0]) == (0, "1 acts, 1 checkpoints.")
    assert "is whole" in whole.stdout


def test_a_record_that_was_changed_ends_with_one(run: Run, desk: Path, tmp_path: Path) -> None:
    run("audit", "checkpoint", "--out", tmp_path / "today.txt")
    as_owner(desk, "DELETE FROM audit_leaf", "DELETE FROM audit_place")
    done = run("audit", "verify", "--checkpoint", tmp_path / "today.txt")
    assert done.returncode == 1
    assert "The log ends at 0; a checkpoint of 1 was given out." in done.stderr, (
        "where a unit's journal has it"
    )
    assert "not whole" in done.stderr


def test_the_file_of_a_checkpoint_is_not_written_over_by_an_older_state(
    run: Run, desk: Path, tmp_path: Path
) -> None:
    file = tmp_path / "today.txt"
    assert run("audit", "checkpoint", "--out", file).returncode == 0
    kept = file.read_bytes()
    assert run("audit", "checkpoint", "--out", file).returncode == 0
    as_owner(desk, "DELETE FROM audit_leaf", "DELETE FROM audit_place", "DELETE FROM audit_checkpoint")
    done = run("audit", "checkpoint", "--out", file)
    assert (done.returncode, done.stdout) == (1, "")
    assert "does not continue the checkpoint of 1 acts" in done.stderr
    assert file.read_bytes() == kept
    other = tmp_path / "letter.txt"
    other.write_text("to the mayor")
    assert run("audit", "checkpoint", "--out", other).returncode == 2
    assert other.read_text() == "to the mayor"


def test_whom_the_desk_trusts_is_on_record(run: Run, desk: Path, tmp_path: Path) -> None:
    lab = tmp_path / "lab.json"
    lab.write_text(json.dumps(Home.open(tmp_path / "lab").public_document()))
    key = json.loads(lab.read_text())["id"]
    before = _placed(run)
    assert run("keys", "trust", lab).returncode == 0
    assert run("keys", "forget", key).returncode == 0
    assert run("keys", "forget", key).returncode == 2, "what changes nothing is no act"
    assert _placed(run) - before == 2


def test_what_cannot_be_recorded_is_not_trusted(run: Run, desk: Path, tmp_path: Path) -> None:
    lab = tmp_path / "lab.json"
    lab.write_text(json.dumps(Home.open(tmp_path / "lab").public_document()))
    as_owner(desk, "DROP TABLE audit_waiting")
    assert run("keys", "trust", lab).returncode != 0
    assert not list((desk / "trusted").glob("*.json"))


def _placed(run: Run) -> int:
    run("audit", "checkpoint")
    return int(run("audit", "verify").stdout.split()[0])


def test_what_is_no_checkpoint_no_key_no_request_ends_with_two(run: Run, desk: Path, tmp_path: Path) -> None:
    noise = tmp_path / "noise"
    noise.write_bytes(b"\xff\x00 nothing")
    run("witness", "init", WITNESS)
    for words in (
        ("audit", "verify", "--checkpoint", noise), ("audit", "cosigned", noise, "--key", noise),
        ("witness", "sign", noise, "--key", noise), ("audit", "request", WITNESS),
        ("audit", "tiles", tmp_path / "public"), ("witness", "init", WITNESS),
        ("witness", "key", "--folder", tmp_path / "nowhere"),
    ):  # fmt: skip
        done = run(*words)
        assert done.returncode == 2, (words, done)
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
