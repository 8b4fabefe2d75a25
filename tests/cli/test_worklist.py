from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from luwte.exchange.home import Home
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.request import Request
from tests.support.command import Command
from tests.support.drawn import jpeg
from tests.support.scans import evidence, lay_out, reference


@pytest.fixture
def luwte(capfd: pytest.CaptureFixture[str], home: Path) -> Command:
    return Command(capfd)


@pytest.fixture
def scanned(home: Path, tmp_path: Path) -> Path:
    carrier = lay_out(tmp_path / "carrier", {"a.jpg": jpeg(0), "b.jpg": jpeg(101), "c.txt": b"text"})
    scan(Request([carrier], reference(tmp_path / "list"), tmp_path / "out", workers=1), Home.open())
    return tmp_path / "out"


def test_json_lines_carry_what_the_examiner_needs(luwte: Command, scanned: Path) -> None:
    ended = luwte("worklist", "export", scanned, "--format", "jsonl")
    rows = {row["path"]: row for row in map(json.loads, ended.out.splitlines())}
    wanted = {"path", "state", "size", "md5", "sha256", "pdq", "verdict", "distance", "entry", "series"}
    assert all(wanted <= set(row) for row in rows.values())
    assert {path: row["verdict"] for path, row in rows.items()} == {
        "a.jpg": "identical",
        "b.jpg": "unknown",
        "c.txt": "unknown",
    }
    assert rows["a.jpg"]["series"] == "series-0"
    assert len(rows["a.jpg"]["pdq"]) == 64
    assert rows["b.jpg"]["pdq"] is None
    assert rows["b.jpg"]["sha256"]


@pytest.mark.parametrize("form", ["jsonl", "csv", "vics", "case"])
def test_every_format_goes_to_a_file_or_to_standard_output(
    luwte: Command, scanned: Path, tmp_path: Path, form: str
) -> None:
    printed = luwte("worklist", "export", scanned / "worklist.sqlite", "--format", form)
    ended = luwte("worklist", "export", scanned, "--format", form, "--out", tmp_path / "export")
    assert (printed.code, ended.code, ended.out) == (0, 0, "")
    content = (tmp_path / "export").read_text()
    assert content
    if form == "csv":
        assert len(list(csv.DictReader(content.splitlines()))) == 3
    if form in ("vics", "case"):
        assert json.loads(content)


@pytest.mark.parametrize("name", ["worklist.sqlite", "report.lwreport"])
def test_the_results_themselves_are_never_written_over(luwte: Command, scanned: Path, name: str) -> None:
    before = (scanned / name).read_bytes()
    for file in (scanned, scanned / "worklist.sqlite"):
        ended = luwte("worklist", "export", file, "--format", "csv", "--out", scanned / name)
        assert (ended.code, "a result of the scan itself" in ended.err) == (2, True)
    assert (scanned / name).read_bytes() == before


def test_what_cannot_be_used_is_refused(luwte: Command, scanned: Path, tmp_path: Path) -> None:
    assert luwte("worklist", "export", tmp_path / "gone").code == 2
    assert luwte("worklist", "export", scanned / "report.lwreport").code == 2
    assert luwte("worklist", "export", scanned, "--format", "xml").code == 2
    assert luwte("worklist", "export", scanned, "--out", tmp_path / "gone" / "file").code == 2


def test_the_scan_and_its_export_agree_on_every_file(luwte: Command, home: Path, tmp_path: Path) -> None:
    carrier = lay_out(tmp_path / "carrier", evidence())
    scan(Request([carrier], reference(tmp_path / "list"), tmp_path / "out", workers=1), Home.open())
    ended = luwte("worklist", "export", tmp_path / "out")
    assert {json.loads(line)["path"] for line in ended.out.splitlines()} == set(evidence())


@pytest.mark.parametrize("form", ["jsonl", "csv", "vics", "case"])
def test_every_format_says_on_which_of_several_carriers_a_file_is(
    luwte: Command, home: Path, tmp_path: Path, form: str
) -> None:
    carriers = [lay_out(tmp_path / name, {"a.jpg": jpeg(101)}) for name in ("disk", "stick")]
    scan(Request(carriers, reference(tmp_path / "list"), tmp_path / "out", workers=1), Home.open())
    lines = luwte("worklist", "export", tmp_path / "out", "--format", form).out.splitlines()
    assert [sum(str(carrier) in line for line in lines) for carrier in carriers] == [1, 1]
