"""A licensed hasher, through the real command, with a stand-in that is installed as a package would be."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from luwte.demo import edits
from luwte.exchange.home import Home
from luwte.exchange.report import Report, read_report
from luwte.exchange.rows import WorklistRow
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.post import UNCOMPARED
from luwte.lab.scan.worklist import NAME as WORKLIST
from luwte.lab.scan.worklist import read_rows
from tests.support import stand_in_hasher as stand_in
from tests.support.drawn import drawn, encoded, jpeg
from tests.support.hashers import NAME, install
from tests.support.scans import lay_out, run_luwte

KNOWN = 0
COPY = edits.as_jpeg(edits.recompress(drawn(KNOWN)), 40)


@pytest.fixture
def bundle(tmp_path: Path, home: Path) -> Path:
    """A list that a tool with a licence made: digests of files elsewhere, and hashes, no PDQ."""
    listed = [stand_in.StandIn().hash(jpeg(seed)) for seed in (KNOWN, 20)]
    rows = [f"{number}{'a' * 31},one,{value.hex() if value else ''}" for number, value in enumerate(listed)]
    (tmp_path / "list.csv").write_text("\n".join(["md5,series,photodna", *rows, f"9{'a' * 31},one,AAEC", ""]))
    built = run_luwte("reference", "build", "--from", tmp_path / "list.csv", "--out", tmp_path / "bundle")
    assert built.returncode == 0, built.stderr
    return tmp_path / "bundle"


def scanned(
    bundle: Path, files: dict[str, bytes], out: Path, *options: str, path: Path | None = None
) -> subprocess.CompletedProcess[str]:
    carrier = lay_out(out.with_name(f"{out.name}-carrier"), files)
    variables = {} if path is None else {"PYTHONPATH": str(path)}
    return run_luwte("scan", carrier, "--reference", bundle, "--out", out, *options, **variables)


def found(out: Path) -> tuple[Report, dict[str, WorklistRow]]:
    report = read_report(out / "report.lwreport", Home.open().trusted())
    return report, {row.path: row for row in read_rows(out)}


def test_a_hasher_finds_what_only_its_hashes_know_and_only_when_asked(bundle: Path, tmp_path: Path) -> None:
    folder = install(tmp_path / "installed")
    files = {"copy.jpg": COPY, "other.jpg": jpeg(30), "a.txt": b"text"}
    assert scanned(bundle, files, tmp_path / "without", path=folder).returncode == 0
    assert found(tmp_path / "without")[0].coverage.near == 0
    ended = scanned(bundle, files, tmp_path / "out", "--hasher", NAME, path=folder)
    assert ended.returncode == 0, ended.stderr
    assert "photodna: 2 of 3 entries that carry it can be compared." in ended.stderr
    report, rows = found(tmp_path / "out")
    assert (report.coverage.near, report.coverage.identical, report.coverage.unreadable) == (1, 0, 0)
    copy = rows["copy.jpg"]
    assert (copy.verdict, copy.distance, copy.likelihood) == ("near", None, None)
    assert copy.cluster is not None
    with closing(sqlite3.connect(tmp_path / "out" / WORKLIST)) as database:
        about = dict(database.execute("SELECT name, value FROM about"))
    assert about["hasher"] == "photodna 1-stand-in, 8 bytes, threshold 4"


def test_many_hashes_are_compared_at_once_where_the_hasher_can(bundle: Path, tmp_path: Path) -> None:
    folder = install(tmp_path / "installed", "ComparesMany")
    ended = scanned(bundle, {"copy.jpg": COPY}, tmp_path / "out", "--hasher", NAME, path=folder)
    assert ended.returncode == 0, ended.stderr
    assert found(tmp_path / "out")[0].coverage.near == 1


def test_a_bad_hasher_costs_one_file_each_time_and_that_is_said(bundle: Path, tmp_path: Path) -> None:
    folder = install(tmp_path / "installed")
    words = {
        "raises": stand_in.RAISES,
        "wide": stand_in.WIDE,
        "text": stand_in.TEXT,
        "hangs": stand_in.HANGS,
        "prints": stand_in.PRINTS,
    }
    files = {f"{name}.jpg": COPY + word for name, word in words.items()} | {"copy.jpg": COPY}
    options = ("--hasher", NAME, "--deadline", "5", "--workers", "2", "--no-carve")
    ended = scanned(bundle, files, tmp_path / "out", *options, path=folder)
    assert ended.returncode == 0, ended.stderr
    report, rows = found(tmp_path / "out")
    assert report.coverage.reasons == {str(Reason.HASHER): 3, str(Reason.DEADLINE): 1}
    assert {path: row.verdict for path, row in rows.items() if row.verdict != "unknown"} == {
        "copy.jpg": "near",
        "prints.jpg": "near",
    }


def test_a_hasher_that_cannot_compare_costs_files_and_that_is_said(bundle: Path, tmp_path: Path) -> None:
    folder = install(tmp_path / "installed", "CannotCompare")
    ended = scanned(bundle, {"copy.jpg": COPY}, tmp_path / "out", "--hasher", NAME, path=folder)
    assert ended.returncode == 0, ended.stderr
    (carrier,) = found(tmp_path / "out")[0].coverage.carriers
    assert {problem.reason: problem.count for problem in carrier.problems} == {UNCOMPARED: 1}
    assert found(tmp_path / "out")[0].coverage.near == 0


def test_a_hasher_that_hangs_when_it_compares_is_ended_and_soon_not_asked_any_more(
    bundle: Path, tmp_path: Path
) -> None:
    folder = install(tmp_path / "installed", "HangsComparing")
    files = {f"{number}.jpg": COPY + bytes([number]) for number in range(40)}
    options = ("--hasher", NAME, "--deadline", "1", "--workers", "1", "--no-carve")
    ended = scanned(bundle, files, tmp_path / "out", *options, path=folder)  # 40 seconds of waiting are none
    assert ended.returncode == 0, ended.stderr
    coverage = found(tmp_path / "out")[0].coverage
    problems = {problem.reason: problem.count for problem in coverage.carriers[0].problems}
    assert problems[UNCOMPARED] == 40
    assert (coverage.files, coverage.near, coverage.unreadable) == (40, 0, 0)


@pytest.mark.parametrize("point", ["EndsComparing", "PrintsComparing"])
def test_a_hasher_that_ends_its_process_costs_that_file_and_one_that_prints_none(
    point: str, bundle: Path, tmp_path: Path
) -> None:
    folder = install(tmp_path / "installed", point)
    files = {"a.jpg": COPY, "flat.png": encoded(drawn(31).point(lambda _: 255), "PNG"), "z.jpg": COPY + b"z"}
    ended = scanned(bundle, files, tmp_path / "out", "--hasher", NAME, "--no-carve", path=folder)
    assert ended.returncode == 0, ended.stderr
    report, rows = found(tmp_path / "out")
    assert {path for path, row in rows.items() if row.verdict == "near"} == {"a.jpg", "z.jpg"}
    problems = {problem.reason: problem.count for problem in report.coverage.carriers[0].problems}
    assert problems.get(UNCOMPARED, 0) == (point == "EndsComparing")


@pytest.mark.parametrize(
    ("points", "name", "told"),
    [
        (("StandIn",), "netclean", "No package brings a hasher called netclean. Installed here: photodna"),
        (("StandIn", "ComparesMany"), NAME, "Several packages bring"),
        (("Broken",), NAME, "does not start (OSError)"),
        (("Nameless",), NAME, "does not say its version, width"),
        (("Missing",), NAME, "does not start (AttributeError)"),
    ],
)
def test_a_hasher_that_cannot_be_used_is_refused_before_anything_is_read(
    points: tuple[str, ...], name: str, told: str, bundle: Path, tmp_path: Path
) -> None:
    folder = install(tmp_path / "installed", *points)
    ended = scanned(bundle, {"copy.jpg": COPY}, tmp_path / "out", "--hasher", name, path=folder)
    assert ended.returncode == 2
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "out").exists()


def test_a_list_without_hashes_for_it_is_refused(tmp_path: Path, home: Path) -> None:
    (tmp_path / "list.csv").write_text(f"md5,photodna\n9{'a' * 31},AAEC\n")
    run_luwte("reference", "build", "--from", tmp_path / "list.csv", "--out", tmp_path / "bundle")
    folder = install(tmp_path / "installed")
    ended = scanned(tmp_path / "bundle", {"a.jpg": COPY}, tmp_path / "out", "--hasher", NAME, path=folder)
    assert ended.returncode == 2
    assert "No entry of the list carries a photodna hash of 8 bytes" in ended.stderr


def test_a_scan_with_a_hasher_does_not_go_on_from_one_without(bundle: Path, tmp_path: Path) -> None:
    folder = install(tmp_path / "installed")
    carrier = lay_out(tmp_path / "carrier", {"copy.jpg": COPY, "grey.png": encoded(drawn(31), "PNG")})
    asked = ("scan", carrier, "--reference", bundle, "--out", tmp_path / "out")
    assert run_luwte(*asked, LUWTE_FAULT="scan.read").returncode < 0
    ended = run_luwte(*asked, "--hasher", NAME, PYTHONPATH=str(folder))
    assert ended.returncode == 0, ended.stderr
    assert "Going on" not in ended.stderr
    assert found(tmp_path / "out")[0].coverage.near == 1
