"""What the verdicts of files come to in a report."""

from __future__ import annotations

from pathlib import Path

import pytest

from luwte.exchange.bundle import read_statement
from luwte.exchange.home import Home
from luwte.exchange.report import EntryFinding, RememberedFiles, SeriesFinding
from luwte.lab.recognition.verdicts import Verdict
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.tally import report_on
from luwte.lab.scan.units import NamedMatch
from tests.support.exchange import NOON, bundle
from tests.support.ledgers import ledger, row

ONE, OTHER = "1" * 32, "2" * 32
FILE = Seen("a.jpg", "live", 9, "picture", b"m" * 16, b"s" * 20, b"h" * 32, 4, 3, b"p" * 32, 80)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")


def match(entry: str, verdict: Verdict) -> NamedMatch:
    return NamedMatch(entry, "blue", verdict, None if verdict == "identical" else 12)


def test_the_same_picture_is_a_finding_and_the_same_scene_is_none(tmp_path: Path, home: Home) -> None:
    found: list[list[NamedMatch]] = [
        [match(ONE, "identical")],
        [match(ONE, "same_picture")],
        [match(ONE, "same_picture")],
        [match(OTHER, "near")],
        [match("3" * 32, "same_scene")],
        [],
    ]
    bundle(tmp_path / "list", home)
    statement = read_statement(tmp_path / "list", home.trusted())
    with ledger(tmp_path, [row(root, FILE, matches) for root, matches in enumerate(found)]) as made:
        report = report_on(made, None, statement, NOON, NOON, carve=True)
    coverage = report.coverage
    counted = coverage.identical, coverage.same_picture, coverage.near, coverage.same_scene, coverage.unknown
    assert counted == (1, 2, 1, 1, 1)
    assert (coverage.classes["same_picture"], coverage.classes["same_scene"]) == (2, 1)
    entries = (EntryFinding(ONE, 1, 2, 0), EntryFinding(OTHER, 0, 0, 1))
    assert report.findings == (SeriesFinding("blue", 1, 2, 1, entries),)
    assert (report.schema, report.depth, report.clusters) == (4, "fast", ())


def test_what_rests_on_decisions_is_said_by_those(tmp_path: Path, home: Home) -> None:
    both, one = f"{OTHER} {'3' * 32}", OTHER
    found = [match(ONE, "identical")._replace(remembered=said) for said in ("", one, both, one)]
    bundle(tmp_path / "list", home)
    statement = read_statement(tmp_path / "list", home.trusted())
    with ledger(tmp_path, [row(root, FILE, [one]) for root, one in enumerate(found)]) as made:
        report = report_on(made, None, statement, NOON, NOON, carve=True)
    parts = (RememberedFiles((OTHER,), 2), RememberedFiles((OTHER, "3" * 32), 1))
    assert report.findings == (SeriesFinding("blue", 4, 0, 0, (EntryFinding(ONE, 4, 0, 0, parts),)),)
