"""Each export format, on the same rows: hostile file names, unreadable files, matches of each kind."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.exchange.exporters import FORMATS, writer
from luwte.exchange.importers import open_list
from luwte.exchange.rows import WorklistRow
from tests.support.exchange import row

UNREADABLE = row(
    md5=None, sha1=None, sha256=None, pdq=None, verdict="unknown", entry=None, series=None, error="cut off"
)
ROWS = [
    row(),
    row(path="C:/b.jpg", state="deleted", verdict="near", distance=12, cluster="c1" * 16),
    UNREADABLE,
    row(path='c\udc80\n".jpg', state="carved", verdict="unknown", pdq=None, entry=None, series=None),
]

LEGIBLE = 'c\\udc80\n".jpg'


def export(name: str, rows: list[WorklistRow]) -> tuple[bytes, int]:
    file = io.BytesIO()
    count = writer(name)(iter(rows), file)
    return file.getvalue(), count


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_no_rows_are_a_good_file_too(name: str) -> None:
    content, count = export(name, [])
    assert count == 0
    if name in ("vics", "case"):
        json.loads(content)


def test_a_size_that_is_not_known_is_not_told_as_nought() -> None:
    found = {name: export(name, [row(size=None)])[0] for name in FORMATS}
    (media,) = json.loads(found["vics"])["value"][0]["Media"]
    assert (json.loads(found["jsonl"])["size"], media["MediaSize"]) == (None, None)
    (line,) = csv.DictReader(io.StringIO(found["csv"].decode(), newline=""))
    assert line["size"] == ""
    assert b"sizeInBytes" not in found["case"]


def test_json_lines_have_the_promised_keys_first() -> None:
    content, count = export("jsonl", ROWS)
    found = [json.loads(line) for line in content.splitlines()]
    assert count == len(found) == 4
    promised = ["path", "state", "size", "md5", "sha256", "pdq", "verdict", "distance", "entry", "series"]
    assert list(found[0])[:10] == promised
    assert found[1] == {name: getattr(ROWS[1], name) for name in found[1]}
    assert (found[2]["md5"], found[2]["error"]) == (None, "cut off")
    assert found[3]["path"] == LEGIBLE


def test_csv_reads_back() -> None:
    content, count = export("csv", ROWS)
    found = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert count == len(found) == 4
    assert (found[0]["path"], found[0]["md5"], found[1]["distance"]) == (ROWS[0].path, ROWS[0].md5, "12")
    assert found[2]["md5"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r", "\n", " =", "＝", "\u00a0@"])
def test_no_cell_is_a_formula(start: str) -> None:
    hostile = f'{start}HYPERLINK("http://example.invalid")'
    content, _ = export("csv", [row(path=hostile, series=hostile, error=hostile)])
    (found,) = csv.DictReader(io.StringIO(content.decode(), newline=""))
    assert {found["path"], found["series"], found["error"]} == {"'" + hostile}


@pytest.mark.parametrize(
    ("path", "state", "unallocated"),
    [
        ("p1/$Unallocated/512.jpg", "carved", True),
        ("$Unallocated/512.jpg", "carved", True),
        ("p1/letters/old.doc/512.jpg", "carved", False),
        ("p1/$Slack/512.jpg", "carved", False),
        ("p1/$Unallocated/mine.jpg", "live", False),
    ],
)
def test_only_what_was_carved_from_free_space_is_unallocated(
    path: str, state: str, unallocated: bool
) -> None:
    content, _ = export("vics", [row(path=path, state=state)])
    (media,) = json.loads(content)["value"][0]["Media"]
    assert media["MediaFiles"][0]["Unallocated"] is unallocated


def test_a_vics_case_reads_back(tmp_path: Path) -> None:
    content, count = export("vics", ROWS)
    (tmp_path / "case.json").write_bytes(content)
    found = list(open_list(tmp_path / "case.json"))
    assert count == len(found) == 3
    assert [record.path for record in found] == [ROWS[0].path, ROWS[1].path, LEGIBLE]
    assert [record.deleted for record in found] == [False, True, False]
    assert [record.md5 for record in found] == [bytes.fromhex("1a" * 16)] * 3
    assert (found[0].sha256, found[0].pdq) == (bytes.fromhex("3c" * 32), bytes.fromhex("4d" * 32))
    assert (found[0].series, found[0].size) == ("series 1", 1234)


def test_a_vics_case_categorises_nothing() -> None:
    document = json.loads(export("vics", ROWS)[0])
    (case,) = document["value"]
    assert document["@odata.context"].endswith("2.0.xml/CUSTOM/$metadata#Cases")
    assert case["TotalMediaFiles"] == 3
    assert {media["Category"] for media in case["Media"]} == {0}
    assert [media["MediaID"] for media in case["Media"]] == [1, 2, 3]
    assert [media["Tags"] for media in case["Media"]] == [
        "luwte identical",
        f"luwte near, luwte cluster {'c1' * 16}",
        "",
    ]


def test_case_gives_each_file_its_hashes() -> None:
    graph: list[dict[str, Any]] = json.loads(export("case", ROWS)[0])["@graph"]
    assert len({thing["@id"] for thing in graph}) == 4
    where, content = graph[0]["uco-core:hasFacet"]
    assert where["uco-observable:filePath"] == ROWS[0].path
    assert where["uco-observable:fileName"] == "a.jpg"
    hashes = {
        found["uco-types:hashMethod"]["@value"]: found["uco-types:hashValue"]["@value"]
        for found in content["uco-observable:hash"]
    }
    assert hashes == {"MD5": ROWS[0].md5, "SHA1": ROWS[0].sha1, "SHA256": ROWS[0].sha256}
    assert "luwte:verdict:near" in graph[1]["uco-core:tag"]
    assert graph[2]["uco-core:hasFacet"][1]["uco-observable:hash"] == []


@given(st.text(max_size=30), st.sampled_from(sorted(FORMATS)))
def test_every_name_gives_a_file_of_the_format(path: str, name: str) -> None:
    content, count = export(name, [row(path=path), row()])
    text = content.decode()
    if name == "jsonl":
        found = [json.loads(line) for line in text.split("\n")[:-1]]
    elif name == "csv":
        found = list(csv.DictReader(io.StringIO(text, newline="")))
    else:
        document = json.loads(text)
        found = document["@graph"] if name == "case" else document["value"][0]["Media"]
    assert len(found) == count == 2
