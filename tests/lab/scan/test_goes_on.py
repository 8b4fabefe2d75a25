"""A scan that was cut off goes on: nothing is looked at twice, and the result is that of a whole scan."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from luwte.base.errors import Failure
from luwte.demo.ewf_writer import write_e01
from luwte.exchange.bundle import write_bundle
from luwte.exchange.entries import entry_from
from luwte.exchange.home import Home
from luwte.exchange.report import read_report
from luwte.lab.scan.ledger import NAME as LEDGER
from luwte.lab.scan.notes import NAME as NOTES
from luwte.lab.scan.notes import Notes
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.request import Request
from tests.support import images
from tests.support.drawn import jpeg
from tests.support.scans import KNOWN, contents, evidence, lay_out, record_of, reference, run_luwte
from tests.support.workers import blind


@pytest.fixture
def carriers(tmp_path: Path) -> list[Path]:
    folder = lay_out(tmp_path / "carrier", evidence() | {"copy.jpg": jpeg(101)})
    raw = images.ext(tmp_path / "medium.raw", {f"{seed}.jpg": jpeg(seed) for seed in (0, 30, 31)})
    return [folder, *write_e01(raw, tmp_path / "medium.E01")]


@pytest.fixture
def bundle(tmp_path: Path, home: Path) -> Path:
    return reference(tmp_path / "reference")


def ran(carriers: list[Path], bundle: Path, out: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return run_luwte("scan", *carriers, "--reference", bundle, "--out", out, "--case", "7", **variables)


@pytest.mark.parametrize("point", ["scan.batch", "scan.read", "scan.worklist", "scan.handover"])
def test_a_scan_that_was_killed_goes_on_to_the_same_bytes(
    point: str, carriers: list[Path], bundle: Path, tmp_path: Path
) -> None:
    assert ran(carriers, bundle, tmp_path / "whole").returncode == 0
    killed = ran(carriers, bundle, tmp_path / "cut", LUWTE_FAULT=point)
    assert killed.returncode == -signal.SIGKILL
    assert (tmp_path / "cut" / NOTES).exists()
    again = ran(carriers, bundle, tmp_path / "cut")
    assert again.returncode == 0
    assert "Going on from a scan that was cut off" in again.stderr
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")


def test_a_kill_after_the_report_leaves_a_finished_scan(
    carriers: list[Path], bundle: Path, tmp_path: Path
) -> None:
    assert ran(carriers, bundle, tmp_path / "out", LUWTE_FAULT="scan.report").returncode == -signal.SIGKILL
    assert (tmp_path / "out" / "report.lwreport").exists()
    again = ran(carriers, bundle, tmp_path / "out")
    assert (again.returncode, "holds the report of a finished scan" in again.stderr) == (2, True)


def test_nothing_is_looked_at_twice(bundle: Path, tmp_path: Path) -> None:
    """The workers of the second scan cannot look at anything."""
    sound = {path: content for path, content in evidence().items() if not path.startswith("other/")}
    carriers = [lay_out(tmp_path / "sound", sound | {"letter.txt": b"dear all"})]
    assert ran(carriers, bundle, tmp_path / "whole").returncode == 0
    assert ran(carriers, bundle, tmp_path / "cut", LUWTE_FAULT="scan.read").returncode == -signal.SIGKILL
    told: list[str] = []
    request = Request(carriers, bundle, tmp_path / "cut", case="7")
    report = scan(request, Home.open(), start=blind, tell=told.append)
    assert (report.coverage.identical, report.coverage.near, report.coverage.unreadable) == (4, 4, 0)
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")
    assert told == ["Going on from a scan that was cut off: 13 files are done."]


@pytest.fixture
def image(tmp_path: Path) -> Path:
    files = {f"{seed}.jpg": jpeg(seed) for seed in range(12)}
    return images.ext(tmp_path / "medium.raw", files)


def spoil(image: Path, content: bytes) -> None:
    """Write over all of `content` in `image`, and leave no trace of that."""
    status, medium = image.stat(), image.read_bytes()
    place = medium.index(content[:4096])
    image.write_bytes(medium[:place] + bytes(len(content)) + medium[place + len(content) :])
    os.utime(image, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_what_is_done_is_not_even_read_again(image: Path, bundle: Path, tmp_path: Path) -> None:
    """The pictures that the first scan saw are not there any more when the second one comes."""
    assert ran([image], bundle, tmp_path / "whole").returncode == 0
    assert ran([image], bundle, tmp_path / "cut", LUWTE_FAULT="scan.read").returncode == -signal.SIGKILL
    for seed in KNOWN:
        spoil(image, jpeg(seed))
    assert ran([image], bundle, tmp_path / "cut").returncode == 0
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")


def test_a_carrier_that_was_changed_is_read_anew(image: Path, bundle: Path, tmp_path: Path) -> None:
    assert ran([image], bundle, tmp_path / "cut", LUWTE_FAULT="scan.read").returncode == -signal.SIGKILL
    for seed in KNOWN:
        spoil(image, jpeg(seed))
    os.utime(image)
    again = scan(Request([image], bundle, tmp_path / "cut"), Home.open())
    assert (again.coverage.files, again.coverage.identical) == (12, 0)


@pytest.mark.parametrize("fault", ["scan.lease:2", "scan.read"])
def test_another_medium_in_its_place_is_read_anew_even_where_little_or_nothing_is_left(
    fault: str, image: Path, bundle: Path, tmp_path: Path
) -> None:
    """A card reader keeps its name, and so may the medium in it its size and the number of its files."""
    other = images.ext(tmp_path / "other.raw", {f"z{seed}.jpg": jpeg(seed) for seed in range(60, 72)})
    assert other.stat().st_size == image.stat().st_size
    assert ran([image], bundle, tmp_path / "cut", LUWTE_FAULT=fault).returncode == -signal.SIGKILL
    status = image.stat()
    image.write_bytes(other.read_bytes())
    os.utime(image, ns=(status.st_atime_ns, status.st_mtime_ns))
    again = scan(Request([image], bundle, tmp_path / "cut"), Home.open())
    assert (again.coverage.files, again.coverage.identical) == (12, 0)


def test_a_folder_in_which_something_was_put_in_place_of_what_is_done_is_read_anew(
    bundle: Path, tmp_path: Path
) -> None:
    folder = lay_out(tmp_path / "folder", {"a.jpg": jpeg(7), "b.jpg": jpeg(8)})
    assert ran([folder], bundle, tmp_path / "cut", LUWTE_FAULT="scan.read").returncode == -signal.SIGKILL
    (folder / "a.jpg").write_bytes(jpeg(0))
    again = scan(Request([folder], bundle, tmp_path / "cut"), Home.open())
    assert (again.coverage.files, again.coverage.identical) == (2, 1)


def test_a_folder_that_grew_at_its_end_is_read_on(bundle: Path, tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "folder", {"a.jpg": jpeg(7), "b.jpg": jpeg(8)})
    assert ran([folder], bundle, tmp_path / "cut", LUWTE_FAULT="scan.read").returncode == -signal.SIGKILL
    (folder / "c.jpg").write_bytes(jpeg(0))
    again = scan(Request([folder], bundle, tmp_path / "cut"), Home.open())
    assert (again.coverage.files, again.coverage.identical, again.coverage.complete) == (3, 1, True)


def test_other_options_begin_anew(image: Path, bundle: Path, tmp_path: Path) -> None:
    assert ran([image], bundle, tmp_path / "cut", LUWTE_FAULT="scan.read").returncode == -signal.SIGKILL
    told: list[str] = []
    scan(Request([image], bundle, tmp_path / "cut", carve=False), Home.open(), tell=told.append)
    assert told == ["Going on from a scan that was cut off: 12 need no second look."]


def test_a_carrier_that_is_not_asked_for_any_more_leaves_no_trace(
    carriers: list[Path], bundle: Path, tmp_path: Path
) -> None:
    assert ran(carriers[:1], bundle, tmp_path / "whole").returncode == 0
    assert ran(carriers, bundle, tmp_path / "cut", LUWTE_FAULT="scan.read").returncode == -signal.SIGKILL
    again = ran(carriers[:1], bundle, tmp_path / "cut")
    assert (again.returncode, "Going on" in again.stderr) == (0, True)
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")


@pytest.mark.parametrize("point", ["scan.lease", "scan.batch"])
@pytest.mark.parametrize("times", [1, 2, 3, 4])
def test_a_scan_that_is_killed_again_and_again_comes_to_its_end(
    point: str, times: int, carriers: list[Path], bundle: Path, tmp_path: Path
) -> None:
    assert ran(carriers, bundle, tmp_path / "whole").returncode == 0
    for passage in range(1, times + 1):
        killed = ran(carriers, bundle, tmp_path / "cut", LUWTE_FAULT=f"{point}:{passage}")
        assert killed.returncode in (-signal.SIGKILL, 0)
        if killed.returncode == 0:
            break
    else:
        assert ran(carriers, bundle, tmp_path / "cut").returncode == 0
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")


def test_files_that_changed_and_new_ones_are_looked_at(
    carriers: list[Path], bundle: Path, tmp_path: Path
) -> None:
    assert ran(carriers, bundle, tmp_path / "cut", LUWTE_FAULT="scan.read").returncode == -signal.SIGKILL
    (carriers[0] / "strangers" / "unseen-100.jpg").write_bytes(jpeg(1))
    (carriers[0] / "new.jpg").write_bytes(jpeg(2))
    report = scan(Request(carriers, bundle, tmp_path / "cut", case="7"), Home.open())
    assert report.coverage.identical == 7


def test_another_list_begins_anew(carriers: list[Path], bundle: Path, tmp_path: Path) -> None:
    assert ran(carriers, bundle, tmp_path / "cut", LUWTE_FAULT="scan.read").returncode == -signal.SIGKILL
    record, keeper = record_of(jpeg(100), "other"), Home.open()
    other = tmp_path / "other"
    write_bundle(other, [entry_from(record, keeper.entry_key)], keeper)
    again = ran(carriers, other, tmp_path / "cut")
    assert (again.returncode, "Going on" in again.stderr) == (0, False)
    report = read_report(tmp_path / "cut" / "report.lwreport", Home.open().trusted())
    assert (report.coverage.identical, report.coverage.near) == (1, 0)


def test_damaged_notes_are_begun_anew(carriers: list[Path], bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / NOTES).write_bytes(b"no database" * 1000)
    assert ran(carriers, bundle, tmp_path / "cut").returncode == 0
    assert not (tmp_path / "cut" / NOTES).exists()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE done SET last_mark = CAST(x'a0' AS TEXT)",
        "UPDATE file SET kind = CAST(x'a0' AS TEXT)",
        "DROP TABLE match",
    ],
)
def test_a_ledger_whose_content_was_damaged_is_told_in_a_sentence(
    damage: str, image: Path, bundle: Path, tmp_path: Path
) -> None:
    """SQLite itself sees damage of the form alone."""
    out = tmp_path / "cut"
    assert ran([image], bundle, out, LUWTE_FAULT="scan.read").returncode == -signal.SIGKILL
    with closing(sqlite3.connect(out / LEDGER)) as database, database:
        database.execute(damage)
    with pytest.raises(Failure, match="choose another folder"):
        scan(Request([image], bundle, out, case="7"), Home.open())
    assert not (out / "report.lwreport").exists()


def test_notes_hold_no_code_of_a_picture_that_matched_nothing(
    carriers: list[Path], bundle: Path, tmp_path: Path
) -> None:
    assert ran(carriers, bundle, tmp_path / "cut", LUWTE_FAULT="scan.read").returncode == -signal.SIGKILL
    with closing(sqlite3.connect(tmp_path / "cut" / NOTES)) as database:
        rows = database.execute("SELECT pdq, pdq_quality, matches FROM looked").fetchall()
    assert {matches != "[]" for *_, matches in rows} == {True, False}
    assert all((pdq is None) == (quality is None) == (matches == "[]") for pdq, quality, matches in rows)


def test_notes_are_for_their_owner_alone(tmp_path: Path) -> None:
    notes = Notes(tmp_path / NOTES, "key")
    assert (tmp_path / NOTES).stat().st_mode & 0o777 == 0o600
    notes.discard()
    assert list(tmp_path.iterdir()) == []


def test_the_blind_are_blind(tmp_path: Path, bundle: Path) -> None:
    """What the test above relies on."""
    lay_out(tmp_path / "folder", {"a.jpg": jpeg(0), "b.jpg": jpeg(50)})
    report = scan(Request([tmp_path / "folder"], bundle, tmp_path / "out"), Home.open(), start=blind)
    assert report.coverage.unreadable == 2
