from __future__ import annotations

import csv
import hashlib
import json
import os
import stat
import subprocess
from dataclasses import asdict
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from luwte.base.errors import BadInput
from luwte.crypto.identity import SignatureWrong
from luwte.demo.edits import border
from luwte.demo.ewf_writer import write_e01
from luwte.demo.pictures import draw
from luwte.exchange.bundle import write_bundle
from luwte.exchange.entries import HashRecord, entry_from
from luwte.exchange.home import Home
from luwte.exchange.report import Report, read_report
from luwte.exchange.rows import WorklistRow
from luwte.lab.fingerprints import films
from luwte.lab.fingerprints.fingerprint import fingerprint_bytes
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.recognition.model import default_model, version
from luwte.lab.scan import reader
from luwte.lab.scan.folder import REPORT
from luwte.lab.scan.handover import HANDOVER, SO_FAR
from luwte.lab.scan.launch import Launch, launch
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.plan import MOST_BREAKS
from luwte.lab.scan.progress import Status
from luwte.lab.scan.request import Request
from luwte.lab.scan.tally import NOT_CARVED
from luwte.lab.scan.worklist import NAME, read_rows
from tests.support import tools
from tests.support.drawn import drawn, encoded, jpeg
from tests.support.scans import (
    KNOWN,
    Expected,
    counted,
    evidence,
    lay_out,
    record_of,
    reference,
    results,
    run_luwte,
)
from tests.support.workers import CRASHER, SLEEPER, misbehaving


@pytest.fixture
def carrier(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "carrier", evidence())


@pytest.fixture
def bundle(tmp_path: Path, home: Path) -> Path:
    return reference(tmp_path / "reference")


def run(carriers: Path | list[Path], bundle: Path, out: Path, **options: object) -> Report:
    named = carriers if isinstance(carriers, list) else [carriers]
    start = options.pop("start", launch)
    request = Request(named, bundle, out, workers=2, **options)  # type: ignore[arg-type]
    return scan(request, Home.open(), start=start)  # type: ignore[arg-type]


def check(report: Report) -> None:
    found = {name: getattr(report.coverage, name) for name in asdict(Expected())}
    assert found == asdict(Expected())
    assert report.coverage.complete
    assert sum(report.coverage.classes.values()) == report.coverage.files
    assert report.coverage.classes["unreadable"] == 2
    film = Reason.VIDEO_DAMAGED if films.installed() else Reason.VIDEO_FORMAT
    assert report.coverage.reasons == {str(Reason.DAMAGED): 1, str(film): 1}
    assert [(one.series, one.identical, one.near) for one in report.findings] == [
        ("series-0", 2, 2),
        ("series-1", 2, 2),
    ]


def verdicts(out: Path) -> dict[str, WorklistRow]:
    return {row.path: row for row in read_rows(out)}


def test_a_known_photo_in_a_border_and_on_a_screenshot_is_near(tmp_path: Path, bundle: Path) -> None:
    page = Image.new("RGB", (640, 1100), "white")
    page.paste(drawn(2), (0, 200))
    files = {
        "framed.jpg": encoded(border(drawn(1)), quality=70),
        "screenshot.png": encoded(page, "PNG"),
        "framed stranger.jpg": encoded(border(drawn(100)), quality=70),
        "pages.tif": encoded(drawn(101), "TIFF", save_all=True, append_images=[border(drawn(3))]),
    }
    out = tmp_path / "out"
    report = run(lay_out(tmp_path / "framed", files), bundle, out)
    assert {row.path: row.verdict for row in read_rows(out / NAME)} == {
        "framed.jpg": "near",
        "screenshot.png": "near",
        "pages.tif": "near",
        "framed stranger.jpg": "unknown",
    }
    assert report.coverage.near == 3


def test_a_folder_is_read_recognised_and_reported(carrier: Path, bundle: Path, tmp_path: Path) -> None:
    report = run(carrier, bundle, tmp_path / "out", case="2026-17")
    check(report)
    rows = verdicts(tmp_path / "out")
    assert {path.partition("/")[0]: row.verdict for path, row in rows.items()} == {
        "known": "identical",
        "edited": "near",
        "strangers": "unknown",
        "other": "unknown",
    }
    for path, content in evidence().items():
        assert rows[path].sha256 == hashlib.sha256(content).hexdigest()
        assert (rows[path].pdq is not None) == (rows[path].verdict != "unknown")
    assert {(row.verdict == "near") == (row.cluster is not None) for row in rows.values()} == {True}
    assert len({row.cluster for row in rows.values()}) == 1 + len(KNOWN)
    assert {cluster.cluster for cluster in report.clusters} == {row.cluster for row in rows.values()} - {None}
    likely = {row.cluster: row.likelihood or 0 for row in rows.values() if row.verdict == "near"}
    assert {cluster.cluster: cluster.likelihood for cluster in report.clusters} == likely
    assert min(likely.values()) > 500
    assert report.thresholds.model == version(default_model())
    assert (report.case, report.tool.split()[0]) == ("2026-17", "luwte")
    assert read_report(tmp_path / "out" / "report.lwreport", Home.open().trusted()).id == report.id
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "handover.vics.json",
        "report.lwreport",
        "worklist.sqlite",
    }


def test_a_zip_gives_the_same(carrier: Path, bundle: Path, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "carrier.zip", "w") as archive:
        for name, content in evidence().items():
            archive.writestr(name, content)
    report = run(tmp_path / "carrier.zip", bundle, tmp_path / "out")
    check(report)
    assert report.coverage.carriers[0].kind == "zip"


def test_an_ext4_image_gives_the_same_raw_and_as_e01(carrier: Path, bundle: Path, tmp_path: Path) -> None:
    image = tmp_path / "disk.raw"
    tools.run("mke2fs", "-q", "-t", "ext4", "-d", carrier, image, "16M")
    write_e01(image, tmp_path / "disk.E01", segment_size=1 << 20)
    for path, kind, image_hash in ((image, "raw", "not checked"), (tmp_path / "disk.E01", "ewf", "matches")):
        report = run(path, bundle, tmp_path / kind)
        check(report)
        told = report.coverage.carriers[0]
        assert (told.kind, told.image_hash, told.file_systems) == (kind, image_hash, ("ext4",))
        assert told.size == image.stat().st_size
    assert (
        run(tmp_path / "disk.E01", bundle, tmp_path / "unchecked", verify=False)
        .coverage.carriers[0]
        .image_hash
        == "not checked"
    )


def test_several_carriers_add_up(carrier: Path, bundle: Path, tmp_path: Path) -> None:
    second = lay_out(tmp_path / "second", {"again.jpg": jpeg(0), "new.jpg": jpeg(101)})
    coverage = run([carrier, second], bundle, tmp_path / "out").coverage
    assert [one.files for one in coverage.carriers] == [17, 2]
    assert (coverage.files, coverage.identical, coverage.unknown) == (19, 5, 10)
    assert coverage.bytes == sum(len(content) for content in evidence().values()) + len(jpeg(0)) + len(
        jpeg(101)
    )


def test_a_scan_without_carving_says_so_of_each_carrier_with_bytes(
    carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("1a" * 16 + "\n")
    for carve, told in ((False, [NOT_CARVED]), (True, [])):
        request = Request([carrier, listed], bundle, tmp_path / f"out {carve}", carve=carve)
        whole, row = scan(request, Home.open()).coverage.carriers
        assert [problem.reason for problem in whole.problems if problem.reason == NOT_CARVED] == told
        assert row.problems == ()
        assert read_report(request.out / REPORT, [Home.open().identity.public]).coverage.carriers[0] == whole


def test_the_report_says_nothing_by_which_a_file_could_be_known(
    carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    run(carrier, bundle, tmp_path / "out")
    content = (tmp_path / "out" / "report.lwreport").read_bytes().lower()
    assert b"series-1" in content
    secrets = {str(carrier).encode(), carrier.name.encode() + b"/"}
    for path, body in evidence().items():
        found = fingerprint_bytes(body)
        secrets |= {part.encode() for part in (path, Path(path).name, Path(path).stem)}
        hashes = [found.md5, found.sha1, found.sha256, found.pdq]
        secrets |= {form for value in hashes if value for form in (value, value.hex().encode())}
    for secret in secrets - {b"empty", b"grey", b"film", b"letter", b"known", b"other"}:
        assert secret not in content


def test_a_list_of_hashes_is_a_carrier(bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["path", "size", "md5", "pdq", "quality"])
        for name, content in evidence().items():
            found = fingerprint_bytes(content)
            pdq = found.pdq.hex() if found.pdq else ""
            rows.writerow([name, len(content), found.md5.hex(), pdq, found.pdq_quality])
    report = run(path, bundle, tmp_path / "out")
    coverage = report.coverage
    # Turned and mirrored copies need the picture itself: its other seven forms cannot be had from one hash.
    assert (coverage.files, coverage.identical, coverage.near) == (17, 4, 2)
    assert (coverage.pictures, coverage.videos, coverage.carriers[0].kind) == (15, 1, "list")
    assert coverage.complete


@pytest.mark.parametrize("text", ["{}\n", "{}  pictures/a.jpg\n", "MD5\n{}\n"])
def test_a_list_that_names_no_sizes_finds_what_is_identical(text: str, bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "hashes.txt"
    path.write_text(text.format(hashlib.md5(jpeg(0)).hexdigest()))
    coverage = run(path, bundle, tmp_path / "out").coverage
    assert (coverage.files, coverage.bytes, coverage.identical) == (1, 0, 1)
    assert [row.size for row in read_rows(tmp_path / "out")] == [None]


def test_a_list_with_bad_rows_is_used_and_the_rows_are_told(bundle: Path, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    good = hashlib.md5(jpeg(0)).hexdigest()
    path.write_text(f"md5,size\n{good},5\nxyz,5\n{good},6\n")
    coverage = run(path, bundle, tmp_path / "out").coverage
    assert (coverage.identical, coverage.complete) == (2, False)
    assert [(one.reason, one.count) for one in coverage.carriers[0].problems] == [
        ("row of the list that cannot be used", 1)
    ]


def test_a_picture_of_two_series_is_found_for_both(home: Path, tmp_path: Path) -> None:
    keeper = Home.open()
    records = [record_of(jpeg(0), series) for series in ("one", "two")]
    write_bundle(tmp_path / "list", [entry_from(record, keeper.entry_key) for record in records], keeper)
    carrier = lay_out(tmp_path / "carrier", {"a.jpg": jpeg(0)})
    report = run(carrier, tmp_path / "list", tmp_path / "out")
    assert [(one.series, one.identical) for one in report.findings] == [("one", 1), ("two", 1)]
    assert report.coverage.identical == 1
    assert {row.series for row in read_rows(tmp_path / "out")} == {"one", "two"}


def test_an_empty_file_is_nobodys_picture_whatever_the_list_says(home: Path, tmp_path: Path) -> None:
    keeper = Home.open()
    empty = HashRecord(md5=hashlib.md5(b"").digest(), sha256=hashlib.sha256(b"").digest(), series="one")
    write_bundle(tmp_path / "list", [entry_from(empty, keeper.entry_key)], keeper)
    carrier = lay_out(tmp_path / "carrier", {"empty": b""})
    assert run(carrier, tmp_path / "list", tmp_path / "out").findings == ()


def test_files_that_break_their_workers_cost_themselves_alone(bundle: Path, tmp_path: Path) -> None:
    known = {f"{seed}.jpg": jpeg(seed) for seed in KNOWN}
    carrier = lay_out(
        tmp_path / "carrier", known | {"a.jpg": CRASHER, "b.jpg": SLEEPER, "c.jpg": CRASHER + b"2"}
    )
    coverage = run(carrier, bundle, tmp_path / "out", start=misbehaving, deadline=1.0).coverage
    assert (coverage.files, coverage.identical, coverage.unreadable) == (7, 4, 3)
    assert coverage.reasons == {str(Reason.STOPPED): 2, str(Reason.DEADLINE): 1}
    assert coverage.complete


def dying_reader(at_file: int) -> Launch:
    """The true reader, which is killed at its n-th file."""

    def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
        if module == reader.MODULE:
            os.environ["LUWTE_FAULT"] = f"reader.file:{at_file}"
        try:
            return launch(module, *arguments)
        finally:
            os.environ.pop("LUWTE_FAULT", None)

    return start


def test_a_carrier_that_kills_its_reader_costs_itself_and_not_the_scan(
    carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    second = lay_out(tmp_path / "second", {"one.jpg": jpeg(0)})
    coverage = run([carrier, second], bundle, tmp_path / "out", start=dying_reader(6)).coverage
    broken, whole = coverage.carriers
    assert (broken.complete, whole.complete, coverage.complete) == (False, True, False)
    assert [(one.reason, one.count) for one in broken.problems] == [("its reader stopped", 2)]
    assert (broken.files, whole.files) == (17, 1)
    assert coverage.reasons["content on which its reader broke off"] == 2
    assert len(list(read_rows(tmp_path / "out"))) == 18


def test_a_carrier_that_kills_each_reader_is_left_after_some(
    carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    coverage = run(carrier, bundle, tmp_path / "out", start=dying_reader(1)).coverage
    assert (coverage.files, coverage.complete) == (MOST_BREAKS, False)
    assert coverage.reasons == {"content on which its reader broke off": MOST_BREAKS}


def damaged_folder(carrier: Path, image: Path) -> Path:
    tools.run("mke2fs", "-q", "-t", "ext4", "-b", "1024", "-d", carrier, image, "16M")
    block = int(tools.run("debugfs", "-R", "blocks known", image).split()[0])
    with image.open("r+b") as file:
        file.seek(1024 * block)
        file.write(os.urandom(1024))
    return image


def test_a_live_folder_that_cannot_be_listed_is_no_whole_search(
    carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    image = damaged_folder(carrier, tmp_path / "disk.raw")
    ended = run_luwte("scan", image, "--reference", bundle, "--out", tmp_path / "out")
    assert (ended.returncode, "INCOMPLETE" in ended.stdout) == (1, True)
    assert "Carrier 1 could not be read whole; the report says so" in ended.stderr
    coverage = read_report(tmp_path / "out" / "report.lwreport", Home.open().trusted()).coverage
    carved = [row.path for row in read_rows(tmp_path / "out") if row.state == "carved"]
    assert (coverage.files, len(carved)) == (13 + 4, 4), carved
    assert (coverage.complete, coverage.carriers[0].complete) == (False, False)
    assert [(one.reason, one.count) for one in coverage.carriers[0].problems] == [
        ("a folder of the file system is damaged", 1)
    ]


def test_a_second_scan_gives_the_same(carrier: Path, bundle: Path, tmp_path: Path) -> None:
    run(carrier, bundle, tmp_path / "one")
    run(carrier, bundle, tmp_path / "two")
    assert results(tmp_path / "one") == results(tmp_path / "two")


def test_finished_results_are_replaced_only_when_asked(carrier: Path, bundle: Path, tmp_path: Path) -> None:
    first = run(carrier, bundle, tmp_path / "out")
    with pytest.raises(BadInput, match="holds the report of a finished scan"):
        run(carrier, bundle, tmp_path / "out")
    second = run(carrier, bundle, tmp_path / "out", replace=True)
    assert second.id != first.id
    assert counted(second) == counted(first)
    assert read_report(tmp_path / "out" / "report.lwreport", Home.open().trusted()).id == second.id


def test_two_scans_do_not_write_into_one_folder(carrier: Path, bundle: Path, tmp_path: Path) -> None:
    class Impatient:
        told: str | None = None

        def show(self, status: Status) -> None:
            if self.told is None:
                with pytest.raises(BadInput) as caught:
                    run(carrier, bundle, tmp_path / "out")
                self.told = str(caught.value)

    progress = Impatient()
    scan(Request([carrier], bundle, tmp_path / "out", workers=1), Home.open(), progress=progress)
    assert progress.told is not None
    assert "Another scan is writing" in progress.told


def other_home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "elsewhere")


def test_what_cannot_be_used_is_refused_before_anything_is_made(
    carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    strange = reference(tmp_path / "strange", home=other_home(tmp_path))
    changed = tmp_path / "changed"
    changed.write_bytes(bundle.read_bytes()[:-1] + b"?")
    (tmp_path / "file").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    tries: list[tuple[list[Path], Path, Path, str]] = [
        ([carrier], strange, out, "not trusted here"),
        ([carrier], changed, out, "not as its maker signed it"),
        ([carrier], tmp_path / "none", out, "cannot be read"),
        ([carrier], carrier / "other" / "letter.txt", out, "not a reference bundle"),
        ([carrier], tmp_path / "pipe", out, "is a pipe, a socket or a device"),
        ([tmp_path / "pipe"], bundle, out, "is a pipe, a socket or a device"),
        ([tmp_path / "gone"], bundle, out, "gone"),
        ([carrier, tmp_path / "gone"], bundle, out, "gone"),
        ([carrier, carrier / ".." / carrier.name], bundle, out, "named twice"),
        ([carrier], bundle, carrier / "out", "inside the carrier"),
        ([carrier], bundle, tmp_path / "file", "is a file"),
    ]
    for carriers, listed, target, told in tries:
        with pytest.raises((BadInput, SignatureWrong), match=told) as caught:
            run(carriers, listed, target)
        assert caught.value.exit_code == 2
        assert not out.exists()


def test_a_list_for_others_cannot_be_opened_here(carrier: Path, home: Path, tmp_path: Path) -> None:
    elsewhere = other_home(tmp_path)
    strange = reference(tmp_path / "strange", home=elsewhere)
    (tmp_path / "public.json").write_text(json.dumps(elsewhere.public_document()))
    Home.open().trust(tmp_path / "public.json")
    with pytest.raises(BadInput, match="encrypted for other keys"):
        run(carrier, strange, tmp_path / "out")


def test_drawn_strangers_are_not_taken_for_each_other(home: Path, tmp_path: Path) -> None:
    keeper = Home.open()
    records = [record_of(jpeg(seed), "one") for seed in range(200, 230)]
    write_bundle(tmp_path / "list", [entry_from(record, keeper.entry_key) for record in records], keeper)
    others = {f"{seed}.png": b"" for seed in range(300, 320)}
    carrier = lay_out(tmp_path / "carrier", others)
    for seed in range(300, 320):
        draw(seed, 320, 240).save(carrier / f"{seed}.png")
    assert run(carrier, tmp_path / "list", tmp_path / "out").coverage.near == 0


def locked_zip(path: Path) -> Path:
    """Write a zip of one member that says that it is encrypted."""
    with ZipFile(path, "w") as archive:
        archive.writestr("a.jpg", jpeg(0))
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    path.write_bytes(content)
    return path


def test_an_encrypted_carrier_beside_others_is_in_the_coverage(
    carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    coverage = run([locked_zip(tmp_path / "a.zip"), carrier], bundle, tmp_path / "out").coverage
    locked, whole = coverage.carriers
    assert (locked.kind, locked.files, locked.complete, coverage.complete) == ("zip", 0, False, False)
    assert [problem.reason for problem in locked.problems] == ["the carrier is encrypted (zip password)"]
    assert (whole.files, whole.complete) == (17, True)


def test_an_encrypted_carrier_alone_is_refused_in_one_sentence(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"a\.zip is encrypted \(zip password\)"):
        run(locked_zip(tmp_path / "a.zip"), bundle, tmp_path / "out")


def test_what_is_acute_on_a_carrier_does_not_wait_for_the_next_one(
    carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    second, out, found = lay_out(tmp_path / "second", {"one.jpg": jpeg(0)}), tmp_path / "out", []

    def tell(text: str) -> None:
        if text.startswith("Acute"):
            (case,) = json.loads((out / SO_FAR).read_bytes())["value"]
            found.append((text, {item["MD5"] for item in case["Media"]}, (out / HANDOVER).exists()))

    scan(Request([carrier, second], bundle, out), Home.open(), tell=tell)
    ((text, first, too_early),) = found
    assert text == f"Acute, from the carriers read so far: {len(first)} in {out / SO_FAR}"
    assert not too_early
    (case,) = json.loads((out / HANDOVER).read_bytes())["value"]
    assert {item["MD5"] for item in case["Media"]} == first
    assert not (out / SO_FAR).exists()
