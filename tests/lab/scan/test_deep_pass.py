"""The deep pass finds what the fast one cannot, behind its results, and goes on where it was cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from luwte.demo import edits
from luwte.exchange.home import Home
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.request import Request
from luwte.lab.scan.worklist import read_rows
from tests.support.drawn import drawn, encoded, jpeg
from tests.support.recognising import BruteForce, brute_force
from tests.support.scans import lay_out, reference

EDITED = {
    "edited/cropped.jpg": edits.as_jpeg(edits.crop(drawn(0))),
    "edited/turned.jpg": encoded(drawn(1).rotate(20, fillcolor=128)),
    "edited/mirrored-crop.jpg": edits.as_jpeg(edits.mirror(edits.crop(drawn(2), 0.7))),
}


def carrier(folder: Path) -> Path:
    tiny = encoded(drawn(50).resize((60, 45)))
    strangers = {f"strangers/{seed}.jpg": jpeg(seed) for seed in range(100, 104)}
    others = {"known/0.jpg": jpeg(0), "letter.txt": b"dear all", "copy.jpg": EDITED["edited/cropped.jpg"]}
    return lay_out(folder, EDITED | strangers | others | {"tiny.jpg": tiny})


@pytest.fixture
def bundle(tmp_path: Path, home: Path) -> Path:
    return reference(tmp_path / "reference")


def verdicts(out: Path) -> dict[str, str]:
    return {row.path: row.verdict for row in read_rows(out)}


def test_edited_copies_are_found_only_by_the_deep_pass(bundle: Path, tmp_path: Path) -> None:
    folder = carrier(tmp_path / "carrier")
    scan(Request([folder], bundle, tmp_path / "fast", fast_only=True), Home.open(), means=brute_force)
    scan(Request([folder], bundle, tmp_path / "deep"), Home.open(), means=brute_force)
    fast, deep = verdicts(tmp_path / "fast"), verdicts(tmp_path / "deep")
    assert {path for path, verdict in fast.items() if verdict != "unknown"} == {"known/0.jpg"}
    found = {path for path, verdict in deep.items() if verdict == "same_picture"}
    assert found == {*EDITED, "copy.jpg"}
    assert {path: verdict for path, verdict in deep.items() if path not in found} == {
        path: verdict for path, verdict in fast.items() if path not in found
    }
