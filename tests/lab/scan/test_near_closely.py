"""What the fast pass finds near is looked into by the deep pass: it moves or stays, and none is lost."""

from __future__ import annotations

import signal
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from luwte.demo import edits
from luwte.exchange.bundle import open_bundle, write_bundle
from luwte.exchange.entries import CONFIRMED_AS, CONFIRMED_IN
from luwte.exchange.home import Home
from luwte.exchange.report import Report, read_report
from luwte.lab.recognition.likelihood import Thresholds
from luwte.lab.recognition.model import FILE_NAME, default_model, model_bytes
from luwte.lab.recognition.verdicts import PDQ_RADIUS
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.request import Request
from luwte.lab.scan.worklist import NAME, read_rows
from tests.support.drawn import drawn, encoded, jpeg
from tests.support.recopied import coded_as, coded_reference
from tests.support.scans import contents, lay_out, reference, run_luwte

FILES = {
    "copies/small.jpg": edits.as_jpeg(edits.resize(drawn(0)), 60),
    "copies/again/small.jpg": edits.as_jpeg(edits.resize(drawn(0)), 60),
    "copies/mirrored.jpg": edits.as_jpeg(edits.mirror(drawn(1))),
    "copies/smudged.jpg": encoded(drawn(2).resize((16, 12)).resize((640, 480))),
    "strangers/a.jpg": jpeg(101),
    "known.jpg": jpeg(3),
}
RAISED = {"copies/small.jpg", "copies/again/small.jpg", "copies/mirrored.jpg"}
STAYS = "copies/smudged.jpg"


@pytest.fixture
def carrier(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "carrier", FILES)


@pytest.fixture
def bundle(tmp_path: Path, home: Path) -> Path:
    return coded_reference(tmp_path / "list.lwref")


def verdicts(out: Path) -> dict[str, str]:
    return {row.path: row.verdict for row in read_rows(out)}


def clusters(report: Report) -> dict[str, str]:
    return {one.cluster: one.verdict for one in report.clusters}


def test_copies_that_were_near_become_the_same_picture_and_are_counted_once(
    carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    fast = scan(Request([carrier], bundle, tmp_path / "fast", fast_only=True), Home.open())
    deep = scan(Request([carrier], bundle, tmp_path / "deep"), Home.open())
    before, after = verdicts(tmp_path / "fast"), verdicts(tmp_path / "deep")
    assert {path for path, verdict in before.items() if verdict == "near"} == RAISED | {STAYS}
    assert {path for path, verdict in after.items() if verdict == "same_picture"} == RAISED
    assert after[STAYS] == "near"
    assert (fast.coverage.near, fast.coverage.same_picture) == (4, 0)
    assert (deep.coverage.near, deep.coverage.same_picture) == (1, 3)
    assert (deep.coverage.closely, deep.coverage.not_closely) == (5, {})
    assert sum(one.near + one.same_picture for one in deep.findings) == 4
    assert clusters(fast).keys() == clusters(deep).keys()
    assert sorted(clusters(deep).values()) == ["near", "same_picture", "same_picture"]
    read_report(tmp_path / "deep" / "report.lwreport", Home.open().trusted())


def likelihoods(out: Path) -> dict[str, int]:
    with sqlite3.connect(out / NAME) as database:
        query = "SELECT path, max(likelihood) FROM file JOIN match ON match.file = file.id GROUP BY path"
        return dict(database.execute(query).fetchall())


def test_what_does_not_align_where_it_should_becomes_less_likely_and_stays_near(
    bundle: Path, tmp_path: Path
) -> None:
    """A stranger whose distance is small: here a copy, to a list whose codes are another picture's."""
    wrong = tmp_path / "wrong.lwref"
    coded_as(wrong, {0: 5, 1: 6})
    carrier = lay_out(tmp_path / "carrier", {"a.jpg": FILES["copies/small.jpg"]})
    fast = scan(Request([carrier], wrong, tmp_path / "fast", fast_only=True), Home.open())
    deep = scan(Request([carrier], wrong, tmp_path / "deep"), Home.open())
    assert (fast.coverage.near, deep.coverage.near, deep.coverage.unknown) == (1, 1, 0)
    assert likelihoods(tmp_path / "deep")["a.jpg"] < likelihoods(tmp_path / "fast")["a.jpg"]


FURTHER = {
    "a.jpg": encoded(drawn(0).crop((19, 14, 621, 466))),
    "b.jpg": encoded(drawn(1).crop((19, 14, 621, 466))),
    "c.jpg": encoded(drawn(2).rotate(3)),
}


def test_a_short_list_without_codes_finds_what_is_further_off_than_the_fields_rule_and_says_so(
    home: Path, tmp_path: Path
) -> None:
    carrier = lay_out(tmp_path / "carrier", FURTHER | {"stranger.jpg": jpeg(101)})
    listed = reference(tmp_path / "list.lwref")
    found = scan(Request([carrier], listed, tmp_path / "out"), Home.open())
    assert (found.coverage.near, found.coverage.unknown, found.depth) == (3, 1, "fast")
    assert found.thresholds.pdq_radius > PDQ_RADIUS
    with sqlite3.connect(tmp_path / "out" / NAME) as database:
        told = database.execute("SELECT distance, likelihood FROM match").fetchall()
    assert min(distance for distance, _ in told) > PDQ_RADIUS
    assert min(likelihood for _, likelihood in told) >= 1000 * default_model().thresholds.near
    (home / FILE_NAME).write_bytes(
        model_bytes(replace(default_model(), thresholds=Thresholds(1.0, 0.99999999)))
    )
    narrow = scan(Request([carrier], listed, tmp_path / "narrow"), Home.open())
    assert (narrow.coverage.near, narrow.thresholds.pdq_radius) == (0, PDQ_RADIUS)


def test_what_the_wide_net_found_is_looked_into_where_its_entry_has_codes(
    bundle: Path, tmp_path: Path
) -> None:
    carrier = lay_out(tmp_path / "carrier", FURTHER)
    deep = scan(Request([carrier], bundle, tmp_path / "out"), Home.open())
    assert (deep.coverage.same_picture, deep.coverage.near) == (3, 0)


def test_what_is_near_a_copy_whose_origin_was_withdrawn_stays_near_under_the_id_of_that(
    bundle: Path, tmp_path: Path
) -> None:
    origin, keeper = "0" * 32, Home.open()
    said = {CONFIRMED_AS: origin, CONFIRMED_IN: "1" * 32}
    entries = list(open_bundle(bundle, keeper).entries())
    copies = [replace(one, attributes=said, codes=b"") for one in entries if one.series == "series-0"]
    write_bundle(bundle, copies + [one for one in entries if one.series != "series-0"], keeper)
    carrier = lay_out(tmp_path / "carrier", {"a.jpg": FILES["copies/small.jpg"]})
    report = scan(Request([carrier], bundle, tmp_path / "out"), keeper)
    assert (report.coverage.near, report.coverage.closely, report.coverage.not_closely) == (1, 1, {})
    assert [(row.verdict, row.entry, row.series) for row in read_rows(tmp_path / "out")] == [
        ("near", origin, "series-0")
    ]


@pytest.mark.parametrize("point", ["scan.deep.batch", "scan.deep.read", "scan.deep.worklist"])
def test_a_scan_that_is_cut_off_goes_on_to_the_same(
    point: str, carrier: Path, bundle: Path, tmp_path: Path
) -> None:
    command = ("scan", carrier, "--reference", bundle, "--out", tmp_path / "out")
    assert run_luwte(*command, LUWTE_FAULT=point).returncode == -signal.SIGKILL
    assert run_luwte(*command).returncode == 0
    scan(Request([carrier], bundle, tmp_path / "whole"), Home.open())
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")
