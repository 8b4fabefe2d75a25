"""A disk that is full or can only be read: one sentence for each command, nothing lost, and on it goes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults.conftest import CHECKOUT
from tests.support.worlds import DAY, Process, people, reported

WALL = shutil.which("bwrap")
pytestmark = pytest.mark.embedded
BYTES = 24 << 20
walled = pytest.mark.skipif(WALL is None, reason="bubblewrap is not on this machine")
FULL = ("The disk of the desk's database is full. Free some space", "The disk is full: ")
READ_ONLY = ("The desk's database can only be read", "could not be written (Read-only file system)")


def inside(*words: str, walls: Sequence[str]) -> str:
    """Run Python behind walls of bubblewrap and return what it printed."""
    assert WALL is not None
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("LUWTE_", "DJANGO_"))}
    command = [WALL, "--dev-bind", "/", "/", *walls, "--chdir", str(CHECKOUT), sys.executable, *words]
    done = subprocess.run(command, env=ours, capture_output=True, text=True, check=False)
    if "bwrap:" in done.stderr:
        pytest.skip(f"bubblewrap cannot work here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A desk with two people, and the commands that write: intake, tell, wish, rotate, erase, checkpoint."""
    folder = tmp_path_factory.mktemp("disk")
    desk = Process(folder / "home")
    desk("desk", "init")
    noor, mila = people(desk)
    return desk.home, [
        f"desk intake {reported(desk.home, folder / 'r.lwreport')}",
        "desk tell",
        f"desk wish set {mila} --by Wim --conversation second --assessment a --rhythm weekly",
        "keys rotate",
        f"desk person erase {noor} --yes",
        "audit checkpoint",
    ]


def words(commands: list[str]) -> str:
    return json.dumps([one.split() for one in commands])


def refused(ends: list[list[str | int]], sentences: tuple[str, ...]) -> None:
    """Each command ended with code 1 and one of the sentences, alone."""
    for code, printed, complained in ends:
        assert (code, printed) == (1, ""), complained
        assert any(sentence in str(complained) for sentence in sentences), complained
        assert len(str(complained).strip().splitlines()) == 1


@walled
def test_each_writer_says_that_the_disk_is_full_and_goes_on_when_there_is_room(
    prepared: tuple[Path, list[str]], tmp_path: Path
) -> None:
    template, commands = prepared
    small = tmp_path / "small"
    small.mkdir()
    after = ["audit verify", "audit verify --log vault", "desk person list"]
    walls = ["--size", str(BYTES), "--tmpfs", str(small)]
    said = inside(
        "-m",
        "tests.support.small_disk",
        str(template),
        str(small / "home"),
        DAY,
        words(commands + after),
        walls=walls,
    )
    full, roomy = json.loads(said)
    refused(full[: len(commands)], FULL)
    assert [code for code, *_ in roomy] == [0] * len(roomy), roomy
    intake, told, *_ = [printed for _, printed, _ in roomy]
    assert "findings for 2 people" in intake
    assert "1 done" in told
    *_, desk, vault, listed = [printed for _, printed, _ in roomy]
    assert "is whole" in desk
    assert "is whole" in vault
    assert "Noor" not in listed


@walled
def test_each_writer_says_that_the_disk_can_only_be_read(prepared: tuple[Path, list[str]]) -> None:
    home, commands = prepared
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    walls = ["--ro-bind", str(home), str(home), "--setenv", "LUWTE_HOME", str(home)]
    refused(json.loads(inside("-c", DAY, words(commands), walls=walls)), READ_ONLY)
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
