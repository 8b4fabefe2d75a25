"""The whole demo, the real thing: it ends well, and says plainly when it cannot begin."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from luwte.base.errors import BadInput
from luwte.demo.people import PEOPLE
from luwte.demo.run import check_port

COMMAND = [sys.executable, "-c", "from luwte.cli import main; main()", "demo"]


def test_the_demo_keeps_its_promises_from_carrier_to_person(tmp_path: Path) -> None:
    done = _demo("--exit", "--folder", str(tmp_path / "demo"))
    assert done.returncode == 0, done.stderr
    assert "All as the story promises" in done.stdout
    for person in PEOPLE:
        assert person.name in done.stdout
    for sentence in ("The same report again changed nothing", "Telling a second time sent nothing"):
        assert sentence in done.stdout
    _nothing_private_crossed_the_wall(tmp_path / "demo")
    _anyone_can_check_what_was_searched(tmp_path / "demo")


def _anyone_can_check_what_was_searched(folder: Path) -> None:
    words = [sys.executable, "-c", "from luwte.cli import main; main()", "audit", "key"]
    key = subprocess.run(
        words, env=os.environ | {"LUWTE_HOME": str(folder / "desk")}, capture_output=True, check=True
    )
    (folder / "log.key").write_bytes(key.stdout)
    verifier = Path(__file__).resolve().parents[2] / "verifier" / "verify_coverage.py"
    done = subprocess.run(
        [sys.executable, "-I", verifier, "searched.json", "log.key"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert b"2 of them used a list that held at least one of your 1 series" in done.stdout


def _nothing_private_crossed_the_wall(folder: Path) -> None:
    """No path in the reports, no name of a person outside the vault, no series in the vault."""
    for report in folder.glob("scans/*/report.lwreport"):
        assert b".jpg" not in report.read_bytes().lower()
    register, vault = (
        _text_of(folder / "desk" / "desk" / name) for name in ("desk.sqlite3", "vault.sqlite3")
    )
    for person in PEOPLE:
        assert person.name not in register + vault
        assert person.address not in register + vault
        assert person.series not in vault
        assert person.series in register


def test_a_taken_port_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=f"Port {port} on 127.0.0.1 is in use"):
            check_port(port)
        done = _demo("--port", str(port), "--folder", str(tmp_path / "demo"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"luwte: Port {port} on 127.0.0.1 is in use.")
    assert not (tmp_path / "demo").exists()


def test_a_folder_of_someone_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    done = _demo("--exit", "--folder", str(tmp_path))
    assert done.returncode == 2
    assert "no demo made" in done.stderr
    assert [child.name for child in tmp_path.iterdir()] == ["precious"]


def _demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DEMO_")}
    return subprocess.run(
        [*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False
    )


def _text_of(database: Path) -> str:
    connection = sqlite3.connect(database)
    try:
        return "\n".join(connection.iterdump())
    finally:
        connection.close()
