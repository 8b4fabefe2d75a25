"""The list from elsewhere holds what was fingerprinted, and strangers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from luwte.demo import lists
from luwte.demo.contents import Album
from luwte.demo.people import PEOPLE
from luwte.lab.fingerprints.digests import digest

SERIES = PEOPLE[0].series


def test_a_list_holds_each_known_picture_with_its_series_and_strangers(tmp_path: Path) -> None:
    pictures = lists.write_pictures(tmp_path, "lists", Album(2), [SERIES])
    lines = [_fingerprint(tmp_path, path) for path, _ in pictures]
    count = lists.write_list(tmp_path / "list.csv", "\n".join(map(json.dumps, lines)), pictures, seed=2)
    with (tmp_path / "list.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == count == PEOPLE[0].enrolled + lists.STRANGERS
    assert [row["md5"] for row in rows if row["series"] == SERIES] == [line["md5"] for line in lines]
    assert len({row["pdq"] for row in rows[PEOPLE[0].enrolled :]}) == lists.STRANGERS


def test_a_manifest_names_files_beside_it(tmp_path: Path) -> None:
    pictures = lists.write_pictures(tmp_path, "enrolled", Album(2), [SERIES])
    lists.write_manifest(tmp_path / "enrolled" / "manifest.csv", pictures)
    with (tmp_path / "enrolled" / "manifest.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["series"] for row in rows} == {SERIES}
    assert all((tmp_path / "enrolled" / row["path"]).is_file() for row in rows)


def _fingerprint(folder: Path, path: str) -> dict[str, str]:
    found = digest([(folder / path).read_bytes()])
    pdq = found.sha256.hex()
    return {"path": path, "md5": found.md5.hex(), "sha1": found.sha1.hex(), "sha256": pdq, "pdq": pdq}
