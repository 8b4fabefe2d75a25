from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
import time
from dataclasses import replace
from pathlib import Path

import pytest

from luwte.base.errors import Failure
from luwte.cli._progress import Lines, amount
from luwte.cli.scan import _complain
from luwte.exchange.home import Home
from luwte.exchange.report import CarrierCoverage, read_report
from luwte.lab.scan import walls
from luwte.lab.scan.progress import Status
from luwte.lab.scan.walls import standing
from tests.support.command import Command
from tests.support.exchange import bundle as small_bundle
from tests.support.exchange import report as made_report
from tests.support.scans import COMMAND, evidence, lay_out, reference


@pytest.fixture
def luwte(capfd: pytest.CaptureFixture[str], home: Path) -> Command:
    return Command(capfd)


def test_a_scan_ends_with_a_short_table(luwte: Command, tmp_path: Path) -> None:
    listed, out = reference(tmp_path / "list"), tmp_path / "out"
    carrier = lay_out(tmp_path / "carrier", evidence())
    ended = luwte("scan", carrier, "--reference", listed, "--out", out, "--case", "26/17", "--workers", "2")
    assert ended.code == 0
    table = dict(line.split(maxsplit=1) for line in ended.out.splitlines())
    assert (table["acute,"], table["may"], table["stays"]) == (
        f"first  {out}/handover.vics.json",
        f"leave     {out}/report.lwreport",
        f"here    {out}/worklist.sqlite",
    )
    assert table["identical"] == "4"
    assert table["near"].startswith("4 ")
    assert table["unknown"].startswith("9 ")
    assert table["unreadable"].startswith("2 (damaged picture: 1, ")
    assert ended.err == f"{standing()}\n"
    assert read_report(out / "report.lwreport", Home.open().trusted()).case == "26/17"


def test_walls_that_are_required_and_missing_end_the_scan_before_anything_is_read(
    luwte: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed, out = reference(tmp_path / "list"), tmp_path / "out"
    carrier = lay_out(tmp_path / "carrier", {"a.txt": b"text"})
    given = ("scan", carrier, "--reference", listed, "--out", out, "--walls", "required")
    held = replace(standing(), missing={"network": "bubblewrap is not installed"})
    monkeypatch.setattr(walls, "_found", [held])
    ended = luwte(*given)
    assert (ended.code, ended.out) == (1, "")
    assert "Missing: no network (bubblewrap is not installed). Install what is missing" in ended.err
    assert not out.exists()
    assert luwte(*given[:-2]).code == 0
    monkeypatch.setattr(walls, "_found", [replace(held, missing={})])
    assert luwte(*given, "--replace").code == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"--case": "a\nb"}, "cannot stand in a report as a case number"),
        ({"--reference": "gone"}, "gone cannot be read"),
        ({"carrier": "gone"}, "cannot be opened"),
        ({"--workers": "0"}, "Invalid value for '--workers'"),
        ({"--deadline": "0"}, "Invalid value for '--deadline'"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_two(
    luwte: Command, tmp_path: Path, change: dict[str, str], told: str
) -> None:
    listed = reference(tmp_path / "list")
    carrier = lay_out(tmp_path / "carrier", {"a.txt": b"text"})
    given = {"--reference": str(listed), "--out": str(tmp_path / "out")} | change
    carriers = [given.pop("carrier", str(carrier))]
    ended = luwte("scan", *carriers, *(word for pair in given.items() for word in pair))
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert not (tmp_path / "out").exists()


def test_a_path_that_leads_nowhere_is_one_sentence(luwte: Command, tmp_path: Path) -> None:
    listed = reference(tmp_path / "list")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for carrier, told in (
        (tmp_path / "loop", "Too many levels of symbolic links"),
        (tmp_path / ("n" * 300), "File name too long"),
    ):
        ended = luwte("scan", carrier, "--reference", listed, "--out", tmp_path / "out")
        assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 2)
        assert f"{carrier} cannot be opened ({told})" in ended.err


@pytest.mark.parametrize(
    ("carriers", "told"),
    [
        ([(True, "matches"), (False, "not checked")], "Carrier 2 could not be read whole"),
        ([(True, "differs")], "Carrier 1 differs from the hash"),
        ([(True, "absent")], None),
    ],
)
def test_a_carrier_that_broke_off_or_differs_ends_in_failure(
    home: Path, tmp_path: Path, carriers: list[tuple[bool, str]], told: str | None
) -> None:
    statement = small_bundle(tmp_path / "list", Home.open()).statement
    report = made_report(statement)
    coverage = [CarrierCoverage("ewf", 1, 1, 1, complete, image_hash) for complete, image_hash in carriers]
    object.__setattr__(report.coverage, "carriers", tuple(coverage))
    if told is None:
        _complain(report)
        return
    with pytest.raises(Failure, match=told):
        _complain(report)


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (2_000_000, "2.0 MB"), (3e15, "3000.0 TB")],
)
def test_amounts_are_told_as_people_read_them(count: float, told: str) -> None:
    assert amount(count) == told


def test_without_a_terminal_a_line_comes_every_few_seconds(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([100.0, 101.0, 106.0, 107.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(moments))
    lines = Lines()
    for done in (10, 600, 700):
        lines.show(Status(done, 1200, 3, "reading disk.E01"))
    told = capfd.readouterr().err
    assert told == (
        "reading disk.E01: 3 files, 0 files/s, 600 bytes of 1.2 kB, 100 bytes/s, at most about 6 s left\n"
    )


def test_what_is_read_twice_is_never_told_as_more_than_all_there_is(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([100.0, 110.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(moments))
    Lines().show(Status(1500, 1200, 3, "reading disk.E01"))
    assert capfd.readouterr().err == "reading disk.E01: 3 files, 0 files/s, 1.5 kB, 150 bytes/s\n"


def test_on_a_terminal_a_bar_shows_bytes_files_and_rate(home: Path, tmp_path: Path) -> None:
    listed = reference(tmp_path / "list")
    carrier = lay_out(tmp_path / "[odd] name", evidence())
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 140, 0, 0))
    arguments = ["scan", str(carrier), "--reference", str(listed), "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        [*COMMAND, *arguments], stderr=theirs, stdout=subprocess.PIPE, env=os.environ | {"TERM": "xterm"}
    ) as running:
        os.close(theirs)
        shown = b"".join(iter(lambda: _read(ours), b""))
        assert running.stdout is not None
        assert b"identical" in running.stdout.read()
    os.close(ours)
    assert running.returncode == 0
    assert "reading [odd] name" in shown.decode()
    assert "files/s" in shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # Linux says EIO once the other side of a terminal is closed
        return b""
