"""A small lab for tests: a reference list of drawn pictures, a carrier with copies of them, and scans."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from luwte.demo import edits
from luwte.exchange.bundle import write_bundle
from luwte.exchange.entries import HashRecord, entry_from
from luwte.exchange.home import Home
from luwte.exchange.report import Report, read_report, report_document
from luwte.lab.fingerprints.fingerprint import fingerprint_bytes
from luwte.lab.scan.handover import HANDOVER
from luwte.lab.scan.worklist import NAME, read_rows
from tests.support.drawn import drawn, encoded, jpeg

KNOWN = range(4)
STRANGERS = range(100, 104)
COMMAND = (sys.executable, "-c", "from luwte.cli import main; main()")


def record_of(content: bytes, series: str) -> HashRecord:
    """Return what a list would say of the picture in `content`."""
    found = fingerprint_bytes(content)
    return HashRecord(
        md5=found.md5,
        sha1=found.sha1,
        sha256=found.sha256,
        pdq=found.pdq,
        pdq_quality=found.pdq_quality,
        series=series,
    )


def reference(path: Path, *, home: Home | None = None) -> Path:
    """Write a bundle of the known pictures, two in each of two series, to `path`."""
    keeper = home or Home.open()
    records = [record_of(jpeg(seed), f"series-{seed // 2}") for seed in KNOWN]
    write_bundle(path, [entry_from(record, keeper.entry_key) for record in records], keeper)
    return path


def evidence() -> dict[str, bytes]:
    """Return the files of the test carrier by path: known ones, edited ones, strangers and rubbish."""
    files = {f"known/original-{seed}.jpg": jpeg(seed) for seed in KNOWN}
    files |= {
        "edited/recompressed.jpg": edits.as_jpeg(edits.recompress(drawn(0)), 50),
        "edited/halved.png": edits.as_png(edits.resize(drawn(1))),
        "edited/mirrored.jpg": edits.as_jpeg(edits.mirror(drawn(2))),
        "edited/turned.jpg": edits.as_jpeg(edits.turn(drawn(3))),
    }
    files |= {f"strangers/unseen-{seed}.jpg": jpeg(seed) for seed in STRANGERS}
    return files | {
        "other/broken-picture.jpg": b"\xff\xd8\xff\xe0" + bytes(200),
        "other/grey.png": encoded(drawn(50).convert("L").point(lambda _: 128), "PNG"),
        "other/empty.jpg": b"",
        "other/letter.txt": b"dear all",
        "other/film.mp4": b"\0\0\0\x18ftypmp42" + bytes(3000),
    }


@dataclass(frozen=True, slots=True)
class Expected:
    """What a scan of `evidence` must count."""

    files: int = 17
    pictures: int = 14
    videos: int = 1
    other: int = 2
    unreadable: int = 2
    identical: int = 4
    near: int = 4
    unknown: int = 9


def lay_out(folder: Path, files: dict[str, bytes]) -> Path:
    """Write `files` below `folder` and return it."""
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def counted(report: Report) -> dict[str, object]:
    """Return what two scans of the same must agree on."""
    document = report_document(report)
    coverage = {key: value for key, value in document["coverage"].items() if key not in ("started", "ended")}
    return {"coverage": coverage, "findings": document["findings"], "list": document["list"]}


def results(out: Path) -> tuple[dict[str, object], Counter[str]]:
    """Return what the report in the folder `out` counts, and its worklist, without any order."""
    report = read_report(out / "report.lwreport", Home.open().trusted())
    return counted(report), Counter(json.dumps(str(row)) for row in read_rows(out))


def contents(out: Path, home: Home | None = None) -> dict[str, object]:
    """Return all that a scan wrote into `out`, but for times and the ids that each scan draws anew."""
    report = read_report(out / "report.lwreport", (home or Home.open()).trusted())
    document = report_document(report) | {"id": None, "made": None}
    document["coverage"] |= {"started": None, "ended": None}
    handover = json.loads((out / HANDOVER).read_bytes())
    handover["value"][0]["CaseID"] = None
    worklist = (out / NAME).read_bytes()
    assert worklist.count(report.id.encode()) == 1
    return {
        "report": json.dumps(document),
        "handover": json.dumps(handover),
        "worklist": worklist.replace(report.id.encode(), bytes(32)),
        "files": sorted(file.name for file in out.iterdir()),
    }


def run_luwte(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own and return how it ended."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
