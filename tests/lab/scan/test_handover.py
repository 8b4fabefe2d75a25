from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from luwte.exchange.rows import WorklistRow
from luwte.lab.scan.folder import clear
from luwte.lab.scan.handover import HANDOVER, acute, write_handover
from luwte.lab.scan.seen import Seen
from luwte.lab.scan.units import NamedMatch
from tests.support.ledgers import row, worklist

CODE = bytes(range(100, 132))
ROW = WorklistRow(
    "a/b.jpg",
    "live",
    3,
    "0" * 32,
    None,
    None,
    "picture",
    None,
    "unknown",
    None,
    None,
    None,
    None,
    "unknown_imagery",
    "/evidence/a.E01",
)


@pytest.mark.parametrize(
    ("changes", "handed"),
    [
        ({}, True),
        ({"kind": "video"}, True),
        ({"counted_as": "unreadable"}, True),
        ({"state": "deleted"}, True),
        ({"kind": "other"}, False),
        ({"counted_as": "identical"}, False),
        ({"counted_as": "near"}, False),
        ({"counted_as": "known_good"}, False),
    ],
)
def test_unknown_imagery_and_nothing_else_is_handed_over(changes: dict[str, Any], handed: bool) -> None:
    assert list(acute([replace(ROW, **changes)])) == [replace(ROW, **changes)] * handed


def written(folder: Path, case: str | None) -> tuple[int, dict[str, Any]]:
    stranger = Seen("in/new.jpg", "deleted", 7, "picture", md5=bytes(range(16)), pdq=CODE, pdq_quality=90)
    known = replace(stranger, path="in/known.jpg")
    match = NamedMatch("0" * 32, "series-1", "identical", None)
    broken = Seen("in/broken.jpg", "live", 9, "picture", error="cannot be read")
    path = worklist(folder, [row(0, stranger), row(1, known, [match]), row(2, broken)], {})
    count = write_handover(path, folder / HANDOVER, case)
    return count, json.loads((folder / HANDOVER).read_bytes())["value"][0]


def test_a_hand_over_is_a_vics_case_with_digests_and_places(tmp_path: Path) -> None:
    count, case = written(tmp_path, "26/17")
    (item,) = case["Media"]
    assert (count, case["TotalMediaFiles"], case["CaseNumber"]) == (1, 1, "26/17")
    assert (item["MD5"], item["Category"], item["Tags"]) == (bytes(range(16)).hex().upper(), 0, "")
    (place,) = item["MediaFiles"]
    assert (place["FilePath"], place["FileName"], place["Deleted"]) == ("in/", "new.jpg", True)
    assert stat.S_IMODE((tmp_path / HANDOVER).stat().st_mode) == 0o600


def test_a_hand_over_holds_no_perceptual_code_of_who_is_not_known(tmp_path: Path) -> None:
    written(tmp_path, None)
    content = (tmp_path / HANDOVER).read_text()
    assert "PDQ" not in content
    assert CODE.hex().upper() not in content.upper()


def test_a_case_without_a_number_has_none(tmp_path: Path) -> None:
    assert written(tmp_path, None)[1]["CaseNumber"] == ""


def test_the_hand_over_of_an_earlier_scan_goes_with_its_report(tmp_path: Path) -> None:
    (tmp_path / HANDOVER).touch()
    clear(tmp_path)
    assert list(tmp_path.iterdir()) == []
