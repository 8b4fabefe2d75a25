from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from luwte.exchange.home import Home
from luwte.exchange.report import Report
from luwte.lab.fingerprints.fingerprint import Fingerprint, fingerprint_bytes
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.crew import Answer, Crew, Job
from luwte.lab.scan.handover import HANDOVER
from luwte.lab.scan.pipeline import scan
from luwte.lab.scan.request import Request
from luwte.lab.scan.spared import Spared
from luwte.lab.scan.worklist import read_rows
from tests.support.drawn import jpeg
from tests.support.known_good import rds
from tests.support.scans import lay_out, reference, run_luwte
from tests.support.workers import SLEEPER, misbehaving

FOUND = fingerprint_bytes(jpeg(1))
DIGESTED = replace(FOUND, width=None, height=None, pdq=None, pdq_quality=None, variants=None)


def test_a_copy_of_what_was_looked_at_is_known() -> None:
    spared = Spared()
    assert spared.known(DIGESTED) is None
    spared.remember(FOUND)
    assert spared.known(DIGESTED) == FOUND
    assert spared.known(replace(DIGESTED, sha256=b"x" * 32)) is None
    assert spared.known(replace(DIGESTED, size=1)) is None


def test_a_look_that_failed_and_a_file_that_has_none_are_not_remembered() -> None:
    spared = Spared()
    for found in (replace(FOUND, error=str(Reason.DAMAGED)), replace(FOUND, kind="other")):
        spared.remember(found)
    assert spared.known(DIGESTED) is None


def test_memory_is_bounded_and_the_longest_unused_goes() -> None:
    spared = Spared(most=3 << 10)
    files = [replace(FOUND, size=number) for number in range(4)]
    for found in files[:3]:
        spared.remember(found)
        spared.remember(found)
    assert spared.known(files[0]) is not None
    spared.remember(files[3])
    assert [spared.known(found) is not None for found in files] == [True, False, True, True]


def test_what_is_known_good_is_not_looked_at() -> None:
    asked: list[Fingerprint] = []

    def is_good(found: Fingerprint) -> bool:
        asked.append(found)
        return found.size == FOUND.size

    spared = Spared(is_good)
    assert spared.known(DIGESTED) is DIGESTED
    assert spared.known(replace(DIGESTED, size=1)) is None
    assert len(asked) == 2


def test_a_crew_does_not_look_at_what_is_spared() -> None:
    """A look at this file would take an hour."""
    with Crew(1, deadline=60, start=misbehaving, spares=Spared(lambda found: found.size < 20)) as crew:
        crew.submit(Job(0, [SLEEPER]))
        spared = crew.answer(60)
        crew.submit(Job(1, [jpeg(1)]))
        looked = crew.answer(60)
    assert isinstance(spared, Answer)
    assert spared.fingerprint is not None
    assert (spared.fingerprint.kind, spared.fingerprint.error) == ("picture", None)
    assert looked == Answer(1, FOUND, None)


def scanned(folder: Path, good: list[bytes]) -> tuple[Report, dict[str, str]]:
    lists = [rds(folder / "good.db", good)]
    request = Request(
        [folder / "carrier"], folder / "reference", folder / "out", known_good=lists, replace=True
    )
    report = scan(request, Home.open())
    return report, {row.path: row.counted_as for row in read_rows(folder / "out")}


def test_a_scan_skips_known_software_and_never_what_is_on_the_list(tmp_path: Path, home: Path) -> None:
    reference(tmp_path / "reference")
    software, letter = jpeg(70), b"a letter of the vendor's"
    files = {"known.jpg": jpeg(0), "logo.jpg": software, "copy.jpg": software, "letter.txt": letter}
    lay_out(tmp_path / "carrier", files | {"mine.jpg": jpeg(71)})
    report, classes = scanned(tmp_path, [jpeg(0), software, letter])
    assert classes == {
        "known.jpg": "identical",
        "logo.jpg": "known_good",
        "copy.jpg": "known_good",
        "letter.txt": "known_good",
        "mine.jpg": "unknown_imagery",
    }
    assert (report.coverage.classes["known_good"], sum(report.coverage.classes.values())) == (3, 5)
    assert [row["MD5"] for row in handed_over(tmp_path / "out")] == [
        fingerprint_bytes(jpeg(71)).md5.hex().upper()
    ]
    rows = {row.path: row for row in read_rows(tmp_path / "out")}
    assert rows["logo.jpg"].kind == "picture"


def test_a_broken_list_of_known_software_is_refused_before_anything_is_read(
    tmp_path: Path, home: Path
) -> None:
    reference(tmp_path / "reference")
    lay_out(tmp_path / "carrier", {"a.jpg": jpeg(1)})
    ran = run_luwte(
        "scan", tmp_path / "carrier", "--reference", tmp_path / "reference", "--out", tmp_path / "out",
        "--known-good", tmp_path / "absent.db",
    )  # fmt: skip
    assert (ran.returncode, (tmp_path / "out").exists()) == (2, False)
    assert "There is no list of known files" in ran.stderr


def handed_over(out: Path) -> list[dict[str, Any]]:
    media: list[dict[str, Any]] = json.loads((out / HANDOVER).read_bytes())["value"][0]["Media"]
    return media
