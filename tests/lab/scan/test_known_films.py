"""Videos that are enrolled, and what a scan then finds of them: from the command line to the report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from luwte.exchange.bundle import open_bundle
from luwte.exchange.home import Home
from luwte.exchange.report import Report, Thresholds, read_report
from luwte.lab.recognition.model import default_model
from luwte.lab.scan.means import rule_of
from luwte.lab.scan.worklist import read_rows
from tests.support.command import Command
from tests.support.drawn import drawn, encoded
from tests.support.films import SIZE, film, lossless
from tests.support.scans import lay_out
from tests.support.vpdq_table import path_of

FOUND = {
    "the same.mkv": "identical",
    "smaller.mp4": "near",
    "clip.avi": "near",
    "longer.mkv": "same_picture",
    "with the clip.mkv": "near",
    "one scene of it.mkv": "same_picture",
    "still.jpg": "near",
    "turned still.png": "near",
    "strangers.mkv": "unknown",
    "stranger.jpg": "unknown",
}


@pytest.fixture
def luwte(capfd: pytest.CaptureFixture[str], home: Path) -> Command:
    return Command(capfd)


def carrier(folder: Path) -> Path:
    still = drawn(12, *SIZE)
    return lay_out(
        folder,
        {
            "the same.mkv": film("mkv", 11, 12, 13, 14, 15),
            "smaller.mp4": film("mp4", 11, 12, 13, 14, 15, size=(176, 144)),
            "clip.avi": film("avi", 12, 13),
            "longer.mkv": film("mkv", 11, 12, 101, 102, 103, 104),
            "with the clip.mkv": film("mkv", 105, 106, 21, 22, 107, 108),
            "one scene of it.mkv": film("mkv", 105, 15, 106),
            "still.jpg": encoded(still, quality=60),
            "turned still.png": encoded(still.transpose(Image.Transpose.ROTATE_90), "PNG"),
            "strangers.mkv": film("mkv", 105, 106),
            "stranger.jpg": encoded(drawn(105, *SIZE)),
        },
    )


def scanned(luwte: Command, folder: Path, reference: Path) -> tuple[Report, dict[str, str]]:
    out = folder / "out"
    assert luwte("scan", carrier(folder / "carrier"), "--reference", reference, "--out", out).code == 0
    report = read_report(out / "report.lwreport", Home.open().trusted())
    return report, {row.path: row.verdict for row in read_rows(out)}


def test_a_known_film_is_found_as_a_copy_a_clip_a_part_and_a_still(luwte: Command, tmp_path: Path) -> None:
    known = lay_out(
        tmp_path / "known", {"film.mkv": film("mkv", 11, 12, 13, 14, 15), "clip.mkv": film("mkv", 21, 22)}
    )
    reference = tmp_path / "known.lwref"
    for name, series in (("film.mkv", "S1"), ("clip.mkv", "S2")):
        assert luwte("enrol", known / name, "--series", series, "--to", reference).code == 0
    report, found = scanned(luwte, tmp_path, reference)
    assert found == FOUND
    rule = rule_of(default_model())
    assert report.thresholds == Thresholds(31, 50, 80, rule.model, rule.same_picture, rule.near)
    coverage = report.coverage
    assert (coverage.identical, coverage.same_picture, coverage.near, coverage.unknown) == (1, 2, 5, 2)
    assert coverage.closely == 6  # the two stills, which are near, too
    assert {finding.series: (finding.identical, finding.near) for finding in report.findings} == {
        "S1": (1, 4),
        "S2": (0, 1),
    }
    shown = luwte("report", "show", tmp_path / "out" / "report.lwreport").out
    assert "a video by 80 %" in " ".join(shown.split())


def test_pictures_and_videos_of_one_list_do_not_get_in_each_others_way(
    luwte: Command, tmp_path: Path
) -> None:
    known = lay_out(
        tmp_path / "known",
        {"film.mkv": film("mkv", 11, 12, 13, 14, 15), "scene.jpg": encoded(drawn(105, *SIZE))},
    )
    reference = tmp_path / "known.lwref"
    luwte("enrol", known / "film.mkv", known / "scene.jpg", "--series", "S1", "--to", reference)
    _, found = scanned(luwte, tmp_path, reference)
    shown = ("with the clip.mkv", "one scene of it.mkv", "strangers.mkv")
    assert found == FOUND | dict.fromkeys(shown, "near") | {"stranger.jpg": "identical"}


def cropped(*seeds: int) -> bytes:
    """A video of the middle of each scene, turned a little: a crop that no hash of a whole frame finds."""
    parts = (drawn(seed, *SIZE).rotate(8).crop((60, 50, 300, 240)) for seed in seeds)
    return lossless(np.asarray(part.convert("L")) for part in parts for _ in range(20))


def test_a_crop_of_a_known_film_is_found_by_the_deep_pass_alone(luwte: Command, tmp_path: Path) -> None:
    known = lay_out(tmp_path / "known", {"film.mkv": film("h264", 11, 12, 13, 14, 15)})
    reference = tmp_path / "known.lwref"
    assert luwte("enrol", known / "film.mkv", "--series", "S1", "--to", reference).code == 0
    (entry,) = open_bundle(reference, Home.open()).entries()
    assert 5 <= len(entry.frame_codes) <= 8
    assert "1 of these are videos" in " ".join(luwte("reference", "show", reference).out.split())
    files = {
        "crop.mkv": cropped(12, 14, 15),
        "one.mkv": cropped(101, 14, 102),
        "other.mkv": cropped(101, 102, 103),
    }
    lay_out(tmp_path / "carrier", files)
    found = {}
    for out, asked in ((tmp_path / "fast", ["--fast-only"]), (tmp_path / "deep", [])):
        assert luwte("scan", tmp_path / "carrier", "--reference", reference, "--out", out, *asked).code == 0
        found[out.name] = {row.path: row.verdict for row in read_rows(out)}
    assert set(found["fast"].values()) == {"unknown"}
    assert (found["deep"]["crop.mkv"], found["deep"]["other.mkv"]) == ("same_picture", "unknown")
    assert found["deep"]["one.mkv"] in ("near", "same_picture"), "frames of one scene may be two of the list"


def test_a_video_that_another_tool_looked_at_is_searched_for(luwte: Command, tmp_path: Path) -> None:
    reference = tmp_path / "known.lwref"
    table = path_of("a clip of it")
    built = luwte("reference", "build", "--from", table, "--series", "S1", "--out", reference)
    assert (built.code, "videos   1 of the entries" in built.out) == (0, True)
    (entry,) = open_bundle(reference, Home.open()).entries()
    assert (entry.series, len(entry.frames)) == ("S1", 9 * 32)
    lay_out(
        tmp_path / "carrier", {"a.png": encoded(drawn(5, 256, 192), "PNG"), "b.png": encoded(drawn(7), "PNG")}
    )
    assert luwte("scan", tmp_path / "carrier", "--reference", reference, "--out", tmp_path / "out").code == 0
    assert {row.path: row.verdict for row in read_rows(tmp_path / "out")} == {
        "a.png": "near",
        "b.png": "unknown",
    }
    listed = lay_out(tmp_path / "lists", {"film.txt": table.read_bytes()}) / "film.txt"
    refused = luwte("scan", listed, "--reference", reference, "--out", tmp_path / "other")
    assert (refused.code, "holds the frames of a video" in refused.err) == (2, True)
