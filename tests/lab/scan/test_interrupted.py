"""A scan that is killed, interrupted or out of disk leaves no report, and the same command then works."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from luwte.exchange.home import Home
from luwte.exchange.report import read_report
from luwte.lab.scan import worker
from luwte.lab.scan.handover import HANDOVER
from luwte.lab.scan.worklist import NAME
from tests.support import tools
from tests.support.drawn import jpeg
from tests.support.recopied import coded_reference, copies
from tests.support.scans import COMMAND, contents, evidence, lay_out, reference, results, run_luwte


@pytest.fixture
def carrier(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "carrier", evidence())


@pytest.fixture
def bundle(tmp_path: Path, home: Path) -> Path:
    return reference(tmp_path / "reference")


def arguments(carrier: Path, bundle: Path, out: Path) -> list[str]:
    return ["scan", str(carrier), "--reference", str(bundle), "--out", str(out), "--workers", "1"]


@pytest.mark.parametrize("point", ["scan.batch", "scan.read", "scan.worklist", "scan.handover"])
def test_after_a_kill_there_is_no_report_and_the_rerun_equals(
    point: str, carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    assert run_luwte(*arguments(carrier, bundle, whole)).returncode == 0
    killed = run_luwte(*arguments(carrier, bundle, cut), LUWTE_FAULT=point)
    assert killed.returncode == -signal.SIGKILL
    assert not (cut / "report.lwreport").exists()
    assert run_luwte(*arguments(carrier, bundle, cut)).returncode == 0
    assert results(cut) == results(whole)
    assert {file.name for file in cut.iterdir()} == {"report.lwreport", HANDOVER, NAME}


def test_a_kill_while_replacing_leaves_no_old_report_beside_a_new_worklist(
    carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run_luwte(*arguments(carrier, bundle, out)).returncode == 0
    before = results(out)
    killed = run_luwte(*arguments(carrier, bundle, out), "--replace", LUWTE_FAULT="scan.read")
    assert killed.returncode == -signal.SIGKILL
    assert results(out) == before
    run_luwte(*arguments(carrier, bundle, out), "--replace", LUWTE_FAULT="scan.worklist")
    assert not (out / "report.lwreport").exists()
    assert run_luwte(*arguments(carrier, bundle, out)).returncode == 0


def members(group: int) -> list[int]:
    """Return the processes whose parent is `group`, with their children."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue
            if parent == group:
                found += [int(folder.name), *members(int(folder.name))]
    return found


def _heeding() -> None:
    """Heed an interrupt even where the tests themselves were started in the background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_everything_at_once(kind: signal.Signals, bundle: Path, tmp_path: Path) -> None:
    slow = lay_out(tmp_path / "slow", {f"{seed}.jpg": jpeg(seed) for seed in range(4)})
    for number in range(3000):
        (slow / f"{number}.txt").write_text(str(number))
    out = tmp_path / "out"
    with subprocess.Popen(
        [*COMMAND, *arguments(slow, bundle, out)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=_heeding,
    ) as running:
        until = time.monotonic() + 60
        while not (out / "worklist.partial").exists() or len(members(running.pid)) < 2:
            assert time.monotonic() < until
            assert running.poll() is None
            time.sleep(0.01)
        children = members(running.pid)
        running.send_signal(kind)
        _, told = running.communicate(timeout=30)
    assert running.returncode == 130
    assert told.splitlines()[-1].startswith("luwte: Interrupted.")
    assert [line.split(":")[0] for line in told.splitlines() if line] == [
        "Walls around foreign bytes",
        "luwte",
    ]
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    assert {file.name for file in out.iterdir()} <= {"notes.partial", "worklist.partial"}


@pytest.mark.parametrize("room", [0, 20_000, 70_000])
def test_a_full_disk_is_told_and_leaves_no_report(
    room: int, carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    told = subprocess.run(
        [tools.need("prlimit"), f"--fsize={room}", *COMMAND, *arguments(carrier, bundle, out)],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},  # a compiled module would be cut off, too
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 1
    assert told.stderr.splitlines()[-1].startswith(("luwte: The worklist ", "luwte: The notes "))
    assert told.stderr.count("\n") == 2
    assert not (out / "report.lwreport").exists()
    assert run_luwte(*arguments(carrier, bundle, out)).returncode == 0
    assert run_luwte(*arguments(carrier, bundle, tmp_path / "whole")).returncode == 0
    assert contents(out) == contents(tmp_path / "whole")


def test_a_folder_that_cannot_be_written_is_told(carrier: Path, bundle: Path) -> None:
    told = run_luwte(*arguments(carrier, bundle, Path("/proc/luwte")))
    assert told.returncode == 1
    assert told.stderr.splitlines()[-1].startswith("luwte: /proc/luwte could not be written")
    assert "Traceback" not in told.stderr


def test_an_interrupt_in_the_deep_pass_keeps_the_fast_results_and_the_next_scan_goes_on(
    home: Path, tmp_path: Path
) -> None:
    listed = coded_reference(tmp_path / "reference")
    many = {f"{number}.jpg": jpeg(101) + str(number).encode() for number in range(400)}
    carrier, out = lay_out(tmp_path / "carrier", many | copies()), tmp_path / "out"
    with subprocess.Popen(
        [*COMMAND, *arguments(carrier, listed, out)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=_heeding,
    ) as running:
        until = time.monotonic() + 90
        while not any(_looks_closely(child) for child in members(running.pid)):
            assert time.monotonic() < until
            assert running.poll() is None
            time.sleep(0.01)
        children = members(running.pid)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert told.splitlines()[-1].startswith("luwte: Interrupted.")
    assert [line for line in told.splitlines() if "Traceback" in line or "Error" in line] == []
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    assert read_report(out / "report.lwreport", Home.open().trusted()).depth == "fast"
    again = run_luwte(*arguments(carrier, listed, out))
    assert (again.returncode, "Going on" in again.stderr) == (0, True)
    assert run_luwte(*arguments(carrier, listed, tmp_path / "whole")).returncode == 0
    assert contents(out) == contents(tmp_path / "whole")


def _looks_closely(process: int) -> bool:
    try:
        return worker.CLOSELY.encode() in Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
