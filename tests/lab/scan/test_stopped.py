"""The files on which a process stopped or ran out of time, as the examiner sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from luwte.exchange.home import Home
from luwte.exchange.rows import WorklistRow
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan import stopped
from luwte.lab.scan.crew import BROKEN_WORKER
from luwte.lab.scan.feeding import BROKEN_INSIDE, BROKEN_READER
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.request import Request
from luwte.lab.scan.worklist import read_rows
from tests.support.command import Command
from tests.support.drawn import jpeg
from tests.support.scans import lay_out, reference
from tests.support.workers import CRASHER, SLEEPER, misbehaving


@pytest.fixture
def luwte(capfd: pytest.CaptureFixture[str], home: Path) -> Command:
    return Command(capfd)


def test_they_are_listed_with_reason_digest_and_places(luwte: Command, tmp_path: Path) -> None:
    files = {
        "good.jpg": jpeg(0),
        "crash.jpg": CRASHER,
        "sleep.jpg": SLEEPER,
        "bad.jpg": b"\xff\xd8\xff\xe0" + bytes(99),
    }
    request = Request(
        [lay_out(tmp_path / "carrier", files)], reference(tmp_path / "list"), tmp_path / "out", deadline=2.0
    )
    report = scan(request, Home.open(), start=misbehaving)
    assert stopped.count(report.coverage.reasons) == 2
    digests = {row.path: row.sha256 for row in read_rows(tmp_path / "out")}
    ended = luwte("worklist", "stopped", tmp_path / "out")
    where = tmp_path / "carrier"
    assert ended.code == 0
    assert sorted(ended.out.splitlines()) == [
        f"{Reason.STOPPED}\t{digests['crash.jpg']}\tcrash.jpg\t{where}",
        f"{Reason.DEADLINE}\t{digests['sleep.jpg']}\tsleep.jpg\t{where}",
    ]
    assert ended.err == "2 files stopped a process or took longer than the deadline.\n"


def row(path: str, error: str | None, sha256: str | None = None, carrier: str = "/disk") -> WorklistRow:
    of_match = ("near", 3, "e", "s")
    return WorklistRow(
        path, "live", 1, None, None, sha256, "picture", None, *of_match, error, "unreadable", carrier
    )


def test_a_file_that_matches_two_series_is_listed_once() -> None:
    rows = [row("a", Reason.STOPPED, "11"), row("a", Reason.STOPPED, "11"), row("b", Reason.DAMAGED)]
    rows += [row("a", BROKEN_WORKER), row("c", BROKEN_READER), row("d", None), row("e", BROKEN_INSIDE)]
    found = [(one.path, one.error) for one in stopped.stopped(rows)]
    assert found == [("a", Reason.STOPPED), ("a", BROKEN_WORKER), ("c", BROKEN_READER), ("e", BROKEN_INSIDE)]


def test_a_file_on_two_carriers_is_listed_for_each() -> None:
    rows = [row("a", Reason.STOPPED, "11", carrier) for carrier in ("/disk", "/stick")]
    assert list(stopped.stopped(rows)) == rows
