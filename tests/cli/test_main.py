"""How every command ends when something goes wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from luwte.exchange.home import Home
from tests.support.commands import run


def test_a_name_cannot_steer_the_terminal(home: Path) -> None:
    told = run("keys", "trust", "a\nb\x1b[31m\u202ec\udcff")
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith(r"luwte: a\nb\x1b[31m\u202ec\udcff cannot be read")
    assert told.err[:-1].isprintable()


def test_the_end_of_a_file_is_no_interrupt(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off() -> None:
        raise EOFError("marshal data too short")

    monkeypatch.setattr(Home, "open", cut_off)
    told = run("keys", "show")
    assert (told.code, "an error of its own (EOFError)" in told.err) == (1, True)


def test_a_password_that_nobody_types_is_an_interrupt(home: Path) -> None:
    luwte = [sys.executable, "-c", "from luwte.cli import main; main()"]
    subprocess.run([*luwte, "desk", "init"], capture_output=True, check=True)
    command = [*luwte, "desk", "staff", "reset", "wim", "--by", "ada"]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True, check=False
    )
    assert (done.returncode, b"Interrupted" in done.stderr) == (130, True)
