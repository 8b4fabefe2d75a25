"""A pair that was rejected is not asked about again: through the real command, also when a scan goes on."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path

from luwte.demo import edits
from luwte.exchange.bundle import write_bundle
from luwte.exchange.entries import Entry, RejectedPair, entry_from
from luwte.exchange.home import Home
from luwte.exchange.report import read_report
from luwte.exchange.rows import WorklistRow
from luwte.lab.fingerprints.fingerprint import fingerprint_bytes
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.post import REJECTED
from luwte.lab.scan.request import Request
from luwte.lab.scan.worklist import read_rows
from tests.support.drawn import drawn, jpeg
from tests.support.recognising import brute_force
from tests.support.recopied import recopied
from tests.support.scans import KNOWN, contents, lay_out, record_of, run_luwte

COPY = edits.as_jpeg(edits.recompress(drawn(0)), 40)
OTHER = edits.as_jpeg(edits.recompress(drawn(1)), 40)


def test_a_rejected_pair_is_counted_and_not_near_and_a_scan_that_goes_on_says_the_same(
    tmp_path: Path, home: Path
) -> None:
    keeper = Home.open()
    shown = fingerprint_bytes(COPY)
    pair = RejectedPair(shown.sha256, shown.pdq)
    entries = [entry_from(record_of(jpeg(seed), f"series-{seed}"), keeper.entry_key) for seed in (0, 1)]
    write_bundle(tmp_path / "list", [replace(entries[0], rejected=(pair,)), entries[1]], keeper)
    files = {"copy.jpg": COPY, "original.jpg": jpeg(0), "other.jpg": OTHER, "again.jpg": COPY + b"x"}
    carrier = lay_out(tmp_path / "carrier", files)
    asked = ("scan", carrier, "--no-carve", "--reference", tmp_path / "list", "--out")
    assert run_luwte(*asked, tmp_path / "whole").returncode == 0
    report = read_report(tmp_path / "whole" / "report.lwreport", keeper.trusted())
    coverage = report.coverage
    assert (coverage.identical, coverage.near, coverage.unknown) == (1, 1, 2)
    assert {problem.reason: problem.count for problem in coverage.carriers[0].problems}[REJECTED] == 2
    assert coverage.complete
    assert run_luwte(*asked, tmp_path / "cut", LUWTE_FAULT="scan.batch").returncode == -signal.SIGKILL
    assert run_luwte(*asked, tmp_path / "cut").returncode == 0
    assert contents(tmp_path / "cut") == contents(tmp_path / "whole")


def test_a_close_look_leaves_a_rejected_file_out_and_not_what_looks_like_it(
    tmp_path: Path, home: Path
) -> None:
    carrier, keeper = lay_out(tmp_path / "carrier", recopied()), Home.open()
    entries = [entry_from(record_of(jpeg(seed), f"series-{seed // 2}"), keeper.entry_key) for seed in KNOWN]

    def scanned(name: str, listed: list[Entry]) -> dict[str, WorklistRow]:
        write_bundle(tmp_path / f"{name}.list", listed, keeper)
        request = Request([carrier], tmp_path / f"{name}.list", tmp_path / name)
        scan(request, keeper, means=brute_force)
        return {row.path: row for row in read_rows(tmp_path / name)}

    before = scanned("before", entries)
    found = before["edited/cropped.jpg"]
    assert found.sha256 is not None
    assert found.pdq is not None
    copies = {path for path, row in before.items() if row.sha256 == found.sha256}
    for name, pair, expected in (
        ("by digest", RejectedPair(bytes.fromhex(found.sha256)), copies),
        ("by copy", RejectedPair(bytes(range(32)), bytes.fromhex(found.pdq)), set()),
    ):
        listed = [replace(one, rejected=(pair,)) if one.id == found.entry else one for one in entries]
        after = scanned(name, listed)
        left_out = {path for path, row in after.items() if row.verdict != before[path].verdict}
        assert left_out == expected
        assert {(after[path].verdict, after[path].pdq) for path in left_out} <= {("unknown", None)}
        assert {row.verdict for row in after.values()} >= {"identical", "same_picture"}
