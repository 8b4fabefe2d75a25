"""The deep pass finds what the fast one cannot, behind its results, and takes nothing of them away."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from luwte.base.errors import BadInput
from luwte.demo.ewf_writer import write_e01
from luwte.exchange.home import Home
from luwte.exchange.report import read_report
from luwte.lab.fingerprints.keypoints import Keypoints
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.fingerprints.windows import Ask, AskOf
from luwte.lab.recognition.deep import Near
from luwte.lab.recognition.verdicts import Match
from luwte.lab.reference.index import ReferenceIndex
from luwte.lab.scan.deep_ledger import TOO_SMALL
from luwte.lab.scan.handover import HANDOVER
from luwte.lab.scan.ledger import NAME as LEDGER
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.progress import Status
from luwte.lab.scan.request import Request
from luwte.lab.scan.worklist import read_rows
from tests.support import images
from tests.support.drawn import jpeg
from tests.support.recognising import RULE, BruteForce, brute_force
from tests.support.recopied import STRANGERS, copies, recopied
from tests.support.scans import contents, counted, lay_out, reference
from tests.support.workers import CRASHER, closely, failing_closely

COPIES = {*copies(), "again/cropped.jpg"}
ASKED = 9  # four copies, a crop that is less sure, four strangers; each but once


@pytest.fixture
def bundle(tmp_path: Path, home: Path) -> Path:
    return reference(tmp_path / "reference")


@pytest.fixture
def carrier(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "carrier", recopied())


def verdicts(out: Path) -> dict[str, str]:
    return {row.path: row.verdict for row in read_rows(out)}


def handed_over(out: Path) -> list[str]:
    (case,) = json.loads((out / HANDOVER).read_bytes())["value"]
    return [place["FilePath"] + place["FileName"] for item in case["Media"] for place in item["MediaFiles"]]


class Kept:
    """Keeps the recogniser that a scan used."""

    used: BruteForce

    def __call__(self, index: ReferenceIndex, home: Home) -> BruteForce:
        self.used = brute_force(index, home)
        return self.used


def test_copies_that_no_pdq_finds_are_found_by_the_deep_pass_alone(
    carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    fast = scan(Request([carrier], bundle, tmp_path / "fast", fast_only=True), Home.open(), means=brute_force)
    kept = Kept()
    deep = scan(Request([carrier], bundle, tmp_path / "deep"), Home.open(), means=kept)
    before, after = verdicts(tmp_path / "fast"), verdicts(tmp_path / "deep")
    assert {path for path, verdict in before.items() if verdict != "unknown"} == {"known/0.jpg"}
    assert {path for path, verdict in after.items() if verdict == "same_picture"} == COPIES
    assert {path for path, verdict in after.items() if verdict == "same_scene"} == {"edited/scene.jpg"}
    assert len(kept.used.asked) == ASKED
    assert (fast.depth, fast.coverage.closely, fast.coverage.not_closely) == ("fast", 0, {})
    assert (deep.depth, deep.coverage.closely) == ("deep", ASKED + 1)
    assert deep.coverage.not_closely == {TOO_SMALL: 1}
    assert (deep.coverage.same_picture, deep.coverage.same_scene) == (5, 1)
    assert deep.thresholds.model == RULE.model


def test_the_hand_over_has_the_same_scenes_first(carrier: Path, bundle: Path, tmp_path: Path) -> None:
    scan(Request([carrier], bundle, tmp_path / "out"), Home.open(), means=brute_force)
    first, *others = handed_over(tmp_path / "out")
    assert first == "edited/scene.jpg"
    assert sorted(others) == [*(f"strangers/{seed}.jpg" for seed in STRANGERS), "tiny.png"]


def test_the_report_on_disk_is_the_one_that_is_returned(carrier: Path, bundle: Path, tmp_path: Path) -> None:
    report = scan(Request([carrier], bundle, tmp_path / "out"), Home.open(), means=brute_force)
    read = read_report(tmp_path / "out" / "report.lwreport", Home.open().trusted())
    assert counted(read) == counted(report)
    assert (read.id, read.depth) == (report.id, "deep")


def test_copies_in_an_image_in_an_archive_on_it_and_in_its_free_space_are_found(
    bundle: Path, tmp_path: Path
) -> None:
    files, (path, carved) = copies(), ("edited/cropped.jpg", 8 << 20)
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w") as archive:
        for number, name in enumerate(sorted(files)[1:]):
            archive.writestr(f"{number}/{name}", files[name])
    raw = images.ext(tmp_path / "medium.raw", {"a.txt": b"a", "b.zip": inside.getvalue(), "c.jpg": jpeg(101)})
    medium = bytearray(raw.read_bytes())
    medium[carved : carved + len(files[path])] = files[path]
    raw.write_bytes(medium)
    report = scan(
        Request(write_e01(raw, tmp_path / "medium.E01"), bundle, tmp_path / "out"),
        Home.open(),
        means=brute_force,
    )
    found = {row.path: row.state for row in read_rows(tmp_path / "out") if row.verdict == "same_picture"}
    assert sorted(found.values()) == ["carved", "embedded", "embedded", "embedded"]
    assert (report.coverage.closely, report.coverage.complete) == (5, True)


class Told:
    """Keeps what a scan is doing."""

    def __init__(self) -> None:
        self.doing: list[str] = []

    def show(self, status: Status) -> None:
        self.doing.append(status.doing)


class Watching:
    """A recogniser that looks whether the results of the fast pass are there when it is asked first."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.seen: dict[str, Any] = {}

    def __call__(self, index: ReferenceIndex, home: Home) -> Watching:
        self._home = home
        return self

    key, rule = "watching", RULE

    def recogniser(self) -> Watching:
        return self

    def matches(self, keypoints: Keypoints, ask: Ask, near: Sequence[Near] = ()) -> Sequence[Match]:
        report = read_report(self.out / "report.lwreport", self._home.trusted())
        self.seen = {"pass": report.depth, "files": {file.name for file in self.out.iterdir()}}
        return []

    def film_matches(self, frames: Sequence[Keypoints], ask: AskOf) -> Sequence[Match]:
        return []


def test_the_results_of_the_fast_pass_are_there_before_anything_is_looked_at_closely(
    carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    watching, told = Watching(tmp_path / "out"), Told()
    said: list[str] = []
    scan(
        Request([carrier], bundle, tmp_path / "out"),
        Home.open(),
        means=watching,
        progress=told,
        tell=said.append,
    )
    assert watching.seen["pass"] == "fast"
    assert {"report.lwreport", "worklist.sqlite", HANDOVER, LEDGER} <= watching.seen["files"]
    assert told.doing[-1] == "looking closely at carrier"
    assert said == [
        f"The results of the fast pass are in {tmp_path / 'out'}. Now {ASKED} pictures that it did not know, "
        "or found near, are looked at closely."
    ]


def test_what_fails_closely_leaves_the_fast_results_and_says_so(
    carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    class Damaged(BruteForce):
        def recogniser(self) -> BruteForce:
            raise BadInput("The codes are damaged.")

    def damaged(index: ReferenceIndex, home: Home) -> BruteForce:
        found = brute_force(index, home)
        return Damaged(found.rotation, found.codes)

    with pytest.raises(BadInput, match="damaged"):
        scan(Request([carrier], bundle, tmp_path / "out"), Home.open(), means=damaged)
    report = read_report(tmp_path / "out" / "report.lwreport", Home.open().trusted())
    assert (report.depth, report.coverage.identical) == ("fast", 1)
    scan(Request([carrier], bundle, tmp_path / "out"), Home.open(), means=brute_force)
    scan(Request([carrier], bundle, tmp_path / "whole"), Home.open(), means=brute_force)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


def test_a_picture_that_breaks_its_worker_closely_is_counted_with_its_reason(
    bundle: Path, tmp_path: Path
) -> None:
    folder = lay_out(tmp_path / "folder", {"a.jpg": jpeg(101), "b.jpg": closely(CRASHER), **copies()})
    report = scan(
        Request([folder], bundle, tmp_path / "out", workers=1, carve=False),
        Home.open(),
        means=brute_force,
        start=failing_closely,
    )
    assert report.coverage.unreadable == 0
    assert (report.coverage.closely, report.coverage.not_closely) == (5, {Reason.STOPPED: 1})
    assert report.coverage.same_picture == len(copies())
    assert verdicts(tmp_path / "out")["b.jpg"] == "unknown"
