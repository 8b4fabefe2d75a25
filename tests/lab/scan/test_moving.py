"""Pictures that move, raw files and videos on a carrier, from the file to the report, in real workers."""

from __future__ import annotations

import json
from pathlib import Path

from luwte.exchange.home import Home
from luwte.exchange.report import Report
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.folder import REPORT
from luwte.lab.scan.handover import HANDOVER
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.request import Request
from luwte.lab.scan.worklist import read_rows
from tests.support.drawn import drawn, encoded, jpeg
from tests.support.films import film
from tests.support.raws import embedded, sensor, tiff
from tests.support.scans import lay_out, reference


def scanned(folder: Path, files: dict[str, bytes]) -> tuple[Report, dict[str, tuple[str | None, ...]]]:
    """Scan `files` for the drawn pictures 0 to 3: the report, and of each file kind, verdict and error."""
    out = folder / "out"
    request = Request([lay_out(folder / "files", files)], reference(folder / "list"), out, workers=1)
    report = scan(request, Home.open())
    assert (out / REPORT).exists()
    return report, {row.path: (row.kind, row.verdict, row.error) for row in read_rows(out)}


def pages(form: str, *seeds: int) -> bytes:
    first, *rest = (drawn(seed) for seed in seeds)
    return encoded(first, form, save_all=True, append_images=rest)


def test_a_frame_a_page_or_a_preview_that_is_known_makes_the_file_near(tmp_path: Path) -> None:
    report, found = scanned(
        tmp_path,
        {
            "strangers.gif": pages("GIF", 100, 101),
            "moves.gif": pages("GIF", 100, 0),
            "scan.tif": pages("TIFF", 100, 101, 1),
            "photo.nef": tiff({0x100: 160}, nested=(embedded(jpeg(2)), sensor())),
        },
    )
    assert found == {
        "strangers.gif": ("picture", "unknown", None),
        "moves.gif": ("picture", "near", None),
        "scan.tif": ("picture", "near", None),
        "photo.nef": ("picture", "near", None),
    }
    assert (report.coverage.classes["near"], report.coverage.classes["unknown_imagery"]) == (3, 1)


def test_a_scene_that_is_known_makes_the_video_near_and_others_go_to_the_hand_over(tmp_path: Path) -> None:
    files = {
        "known.mp4": film("mp4", 100, 0, 101),
        "strangers.mkv": film("mkv", 100, 101),
        "broken.mp4": film("mp4", 100, 0, 101)[:2000],
    }
    report, found = scanned(tmp_path, files)
    assert found == {
        "known.mp4": ("video", "near", None),
        "strangers.mkv": ("video", "unknown", None),
        "broken.mp4": ("video", "unknown", Reason.VIDEO_DAMAGED),
    }
    coverage = report.coverage
    assert (coverage.videos, coverage.unreadable, sum(coverage.classes.values())) == (3, 1, 3)
    assert [coverage.classes[name] for name in ("near", "unknown_imagery", "unreadable")] == [1, 1, 1]
    handed = json.dumps(json.loads((tmp_path / "out" / HANDOVER).read_bytes()))
    assert [name in handed for name in files] == [False, True, True]
