"""A reader that was taken over says what it likes: the scan ends, and its carrier does not count as whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from luwte.exchange.home import Home
from luwte.exchange.report import CarrierCoverage, read_report
from luwte.lab.scan import speaking
from luwte.lab.scan.pieces import END, PIECE, piece
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.request import Request
from tests.support.readers import answering, enough, file, troubles
from tests.support.scans import reference

LARGEST = (1 << 53) - 1
WHOLE = file(0) + piece(PIECE, b"abc") + piece(END)
HELD = file(0) + piece(PIECE, b"abc") + piece(speaking.HOLDS)


@pytest.fixture
def bundle(tmp_path: Path, home: Path) -> Path:
    return reference(tmp_path / "reference")


def read_by(bundle: Path, tmp_path: Path, *answers: bytes) -> CarrierCoverage:
    """Return what the report says of a carrier of which a reader gives these `answers`."""
    carrier = tmp_path / "carrier"
    carrier.mkdir()
    scan(Request([carrier], bundle, tmp_path / "out"), Home.open(), start=answering(*answers))
    report = read_report(tmp_path / "out" / "report.lwreport", Home.open().trusted())
    return report.coverage.carriers[0]


@pytest.mark.parametrize(
    "answers",
    [
        [enough(0, ended=False)],
        [enough(number, ended=False) for number in range(40)],
        [WHOLE + enough(LARGEST - 1, ended=False)],
        [file(5) + piece(END) + enough(2)],
        [HELD + enough(0)],
        [HELD + b"".join(file(root) + piece(END) for root in range(1, 40)) + enough(40)],
        [WHOLE + enough(0), WHOLE * 2 + file(1) + piece(END) + enough(0)],
    ],
    ids=["again", "creeping", "far", "back", "open", "past", "space"],
)
def test_what_cannot_be_ends_the_carrier(answers: list[bytes], bundle: Path, tmp_path: Path) -> None:
    carrier = read_by(bundle, tmp_path, *answers)
    assert not carrier.complete
    assert "its reader said what cannot be" in {problem.reason for problem in carrier.problems}


def test_marks_that_never_agree_do_not_begin_the_carrier_anew_for_ever(bundle: Path, tmp_path: Path) -> None:
    carrier = read_by(bundle, tmp_path, WHOLE + enough(0), enough(0, mark="1" * 16))
    assert (carrier.complete, carrier.files) == (False, 1)
    assert [problem.reason for problem in carrier.problems] == ["it was another one each time it was read"]


def test_troubles_without_number_are_counted_as_far_as_a_report_can(bundle: Path, tmp_path: Path) -> None:
    """Sums beyond what a database or a report can hold would end the scan, and each that goes on."""
    many = b"".join(
        file(root) + piece(END) + troubles(root, ("x", LARGEST), (f"a/{root}", LARGEST))
        for root in range(1100)
    )
    carrier = read_by(bundle, tmp_path, many + enough(1099), enough(1099))
    assert {problem.reason: problem.count for problem in carrier.problems} == {
        "x": LARGEST,
        "another reason": LARGEST,
    }


def test_troubles_of_one_root_cannot_go_on_for_ever(bundle: Path, tmp_path: Path) -> None:
    carrier = read_by(bundle, tmp_path, troubles(0, ("x", LARGEST)) * 2000)
    assert (carrier.complete, carrier.problems[0].reason) == (False, "x")
