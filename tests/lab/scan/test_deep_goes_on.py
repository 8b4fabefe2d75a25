"""A deep pass that was cut off goes on; nothing is looked at twice, and the fast results stay whole."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from luwte.demo.ewf_writer import write_e01
from luwte.exchange.home import Home
from luwte.exchange.report import read_report
from luwte.lab.scan.ledger import NAME as LEDGER
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.request import Request
from luwte.lab.scan.worklist import read_rows
from tests.support import images, tools
from tests.support.drawn import jpeg
from tests.support.recopied import coded_reference, copies, recopied
from tests.support.scans import COMMAND, KNOWN, contents, lay_out, reference, run_luwte
from tests.support.workers import blind


@pytest.fixture
def carriers(tmp_path: Path) -> list[Path]:
    folder = lay_out(tmp_path / "carrier", recopied())
    found = {f"{seed}.jpg": jpeg(seed) for seed in (0, 30)} | {"pasted.jpg": copies()["edited/pasted.jpg"]}
    return [folder, *write_e01(images.ext(tmp_path / "medium.raw", found), tmp_path / "medium.E01")]


@pytest.fixture
def bundle(tmp_path: Path, home: Path) -> Path:
    return coded_reference(tmp_path / "reference")


@pytest.fixture
def enrolled(tmp_path: Path, home: Path) -> Path:
    """A list that the command made of the pictures themselves."""
    pictures = lay_out(tmp_path / "pictures", {f"{seed}.jpg": jpeg(seed) for seed in KNOWN})
    made = run_luwte("enrol", *sorted(pictures.iterdir()), "--series", "one", "--to", tmp_path / "enrolled")
    assert made.returncode == 0, made.stderr
    return tmp_path / "enrolled"


def ran(carriers: list[Path], bundle: Path, out: Path, *more: str, **variables: str) -> int:
    told = run_luwte("scan", *carriers, "--reference", bundle, "--out", out, *more, **variables)
    return told.returncode


def depth(out: Path) -> str:
    return read_report(out / "report.lwreport", Home.open().trusted()).depth


def names(out: Path) -> set[str]:
    return {file.name for file in out.iterdir()}


def found(out: Path) -> set[str]:
    return {row.path for row in read_rows(out) if row.verdict in ("same_picture", "near")}


def test_the_command_finds_copies_that_the_fast_pass_alone_does_not(
    carriers: list[Path], enrolled: Path, tmp_path: Path
) -> None:
    assert ran(carriers, enrolled, tmp_path / "fast", "--fast-only") == 0
    assert ran(carriers, enrolled, tmp_path / "deep", LUWTE_FAULT="scan.deep.batch") == -signal.SIGKILL
    assert (depth(tmp_path / "deep"), found(tmp_path / "deep")) == ("fast", set())
    assert ran(carriers, enrolled, tmp_path / "deep") == 0
    assert (depth(tmp_path / "fast"), found(tmp_path / "fast")) == ("fast", set())
    wanted = {*copies(), "again/cropped.jpg", "pasted.jpg"}
    assert (depth(tmp_path / "deep"), found(tmp_path / "deep") >= wanted) == ("deep", True)
    assert not any(path.startswith("strangers") for path in found(tmp_path / "deep"))


RESULTS = {"report.lwreport", "worklist.sqlite", "handover.vics.json"}
POINTS = ["scan.deep.batch", "scan.deep.read", "scan.deep.worklist", "scan.deep.handover"]


@pytest.mark.parametrize("point", POINTS)
def test_a_deep_pass_that_was_killed_goes_on_to_the_same_bytes(
    point: str, carriers: list[Path], bundle: Path, tmp_path: Path
) -> None:
    assert ran(carriers, bundle, tmp_path / "whole") == 0
    assert ran(carriers, bundle, tmp_path / "fast", "--fast-only") == 0
    assert ran(carriers, bundle, tmp_path / "cut", LUWTE_FAULT=point) == -signal.SIGKILL
    assert depth(tmp_path / "cut") == "fast"
    if point in ("scan.deep.batch", "scan.deep.read"):
        partial = {
            "notes.partial",
            LEDGER,
            f"{LEDGER}-wal",
            f"{LEDGER}-shm",
            "notes.partial-wal",
            "notes.partial-shm",
        }
        cut, fast = contents(tmp_path / "cut"), contents(tmp_path / "fast")
        assert set(cut.pop("files")) - partial == set(fast.pop("files")) - {LEDGER}  # type: ignore[call-overload]
        assert cut == fast, "the results of the fast pass are whole"
    assert ran(carriers, bundle, tmp_path / "cut") == 0
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")


def test_a_kill_after_the_last_report_leaves_a_finished_scan(
    carriers: list[Path], bundle: Path, tmp_path: Path
) -> None:
    assert ran(carriers, bundle, tmp_path / "out", LUWTE_FAULT="scan.deep.report") == -signal.SIGKILL
    assert depth(tmp_path / "out") == "deep"
    assert ran(carriers, bundle, tmp_path / "out") == 2
    assert names(tmp_path / "out") == RESULTS


@pytest.mark.parametrize("removed", [1, 2])
def test_what_a_kill_while_tidying_up_left_is_removed_and_no_result(
    removed: int, bundle: Path, tmp_path: Path
) -> None:
    folder, out = lay_out(tmp_path / "carrier", copies()), tmp_path / "out"
    assert ran([folder], bundle, out, LUWTE_FAULT=f"scan.remove:{removed}") == -signal.SIGKILL
    if removed == 2:
        (out / f"{LEDGER}-wal").write_bytes(b"what a log may hold")
    before = {name: (out / name).read_bytes() for name in RESULTS}
    assert depth(out) == "deep"
    again = run_luwte("scan", folder, "--reference", bundle, "--out", out)
    assert (again.returncode, "report of a finished scan" in again.stderr) == (2, True)
    assert names(out) == RESULTS
    assert {name: (out / name).read_bytes() for name in RESULTS} == before
    assert ran([folder], bundle, out, "--replace") == 0
    assert (depth(out), names(out)) == ("deep", RESULTS)


def test_a_fast_pass_alone_is_followed_by_the_deep_one_whenever_that_is_asked(
    carriers: list[Path], bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert ran(carriers, bundle, out, "--fast-only") == 0
    assert (depth(out), names(out)) == ("fast", RESULTS | {LEDGER})
    again = run_luwte("scan", *carriers, "--reference", bundle, "--out", out, "--fast-only")
    assert (again.returncode, "Leave --fast-only out" in again.stderr) == (2, True)
    fast = contents(out)
    assert ran(carriers, bundle, out, LUWTE_FAULT="scan.deep.read") == -signal.SIGKILL
    assert {**contents(out), "files": None} == {**fast, "files": None}, "nothing is written anew"
    assert ran(carriers, bundle, out) == 0
    assert ran(carriers, bundle, tmp_path / "whole") == 0
    assert contents(out) == contents(tmp_path / "whole")


def test_a_fast_pass_alone_is_begun_anew_to_be_replaced(bundle: Path, tmp_path: Path) -> None:
    folder, out = lay_out(tmp_path / "carrier", copies()), tmp_path / "out"
    assert ran([folder], bundle, out, "--fast-only") == 0
    told = run_luwte("scan", folder, "--reference", bundle, "--out", out, "--fast-only", "--replace")
    assert (told.returncode, "Going on" in told.stderr) == (0, False)


def test_a_deep_pass_over_other_carriers_does_not_follow(bundle: Path, tmp_path: Path) -> None:
    """The results in the folder are of one carrier, and are not replaced by those of another."""
    out, one = tmp_path / "out", lay_out(tmp_path / "one", copies())
    other = lay_out(tmp_path / "other", {"a.jpg": jpeg(101)})
    assert ran([one], bundle, out, "--fast-only") == 0
    before = contents(out)
    for carriers in ([other], [one, other]):
        assert ran(carriers, bundle, out) == 2
        assert contents(out) == before


def test_without_local_codes_a_fast_pass_leaves_nothing_behind(home: Path, tmp_path: Path) -> None:
    folder, plain = lay_out(tmp_path / "carrier", {"a.jpg": jpeg(0)}), reference(tmp_path / "plain")
    for more in ((), ("--fast-only",)):
        out = tmp_path / f"out{len(more)}"
        assert ran([folder], plain, out, *more, LUWTE_FAULT="scan.report") == -signal.SIGKILL
        assert LEDGER in names(out)
        assert ran([folder], plain, out, *more) == 2
        assert names(out) == RESULTS


def test_nothing_is_looked_at_twice(bundle: Path, tmp_path: Path) -> None:
    """The workers of the second scan cannot look at anything."""
    folder = lay_out(tmp_path / "carrier", copies())
    assert ran([folder], bundle, tmp_path / "whole") == 0
    assert ran([folder], bundle, tmp_path / "cut", LUWTE_FAULT="scan.deep.read") == -signal.SIGKILL
    report = scan(Request([folder], bundle, tmp_path / "cut"), Home.open(), start=blind)
    assert (report.depth, report.coverage.closely) == ("deep", len(copies()))
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")


def test_what_is_new_on_the_carrier_is_found_by_both_passes(bundle: Path, tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "carrier", copies())
    assert ran([folder], bundle, tmp_path / "cut", LUWTE_FAULT="scan.deep.read") == -signal.SIGKILL
    lay_out(folder, {"new/known.jpg": jpeg(1), "new/again.jpg": copies()["edited/cropped.jpg"]})
    assert ran([folder], bundle, tmp_path / "cut", LUWTE_FAULT="scan.read") == -signal.SIGKILL, "written anew"
    assert ran([folder], bundle, tmp_path / "cut", LUWTE_FAULT="scan.deep.batch") == 0, "all was looked at"
    assert ran([folder], bundle, tmp_path / "whole") == 0
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")


def test_another_list_does_not_take_the_place_of_what_was_found(
    carriers: list[Path], bundle: Path, tmp_path: Path
) -> None:
    assert ran(carriers, bundle, tmp_path / "cut", LUWTE_FAULT="scan.deep.batch") == -signal.SIGKILL
    before = contents(tmp_path / "cut")["report"]
    other = coded_reference(tmp_path / "other", range(3))
    assert ran(carriers, other, tmp_path / "cut") == 2
    assert {LEDGER, "notes.partial"} <= names(tmp_path / "cut")
    assert contents(tmp_path / "cut")["report"] == before


def test_the_fast_pass_alone_does_not_go_on(carriers: list[Path], bundle: Path, tmp_path: Path) -> None:
    assert ran(carriers, bundle, tmp_path / "cut", LUWTE_FAULT="scan.deep.batch") == -signal.SIGKILL
    assert ran(carriers, bundle, tmp_path / "cut", "--fast-only") == 2
    assert ran(carriers, bundle, tmp_path / "cut") == 0
    assert depth(tmp_path / "cut") == "deep"


def test_a_full_disk_in_the_deep_pass_leaves_the_fast_results_and_is_told(
    bundle: Path, tmp_path: Path
) -> None:
    folder = lay_out(tmp_path / "carrier", recopied())
    out = tmp_path / "cut"
    assert ran([folder], bundle, out, LUWTE_FAULT="scan.deep.batch") == -signal.SIGKILL
    with closing(sqlite3.connect(out / LEDGER)) as database:
        database.execute("DELETE FROM looked")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    room = 40_960  # the index of its journal takes 32 KiB; the journal itself soon more
    arguments = ["scan", str(folder), "--reference", str(bundle), "--out", str(out)]
    told = subprocess.run(
        [tools.need("prlimit"), f"--fsize={room}", *COMMAND, *arguments],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (told.returncode, told.stderr.splitlines()[-1].startswith("luwte: The ")) == (1, True)
    assert depth(out) == "fast"
    assert ran([folder], bundle, out) == 0
    assert ran([folder], bundle, tmp_path / "whole") == 0
    assert contents(out) == contents(tmp_path / "whole")
