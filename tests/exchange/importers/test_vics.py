from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

import pytest

from luwte.exchange.errors import BadList
from tests.support.lists import MD5, PDQ, SET_13, SHA1, SHA256, hash_set, item, read, read_skipping, vics_case


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8, b" \n"])
@pytest.mark.parametrize("context", [SET_13, SET_13.replace("1.3", "1.2"), "2.0"])
def test_hash_sets_of_each_version(tmp_path: Path, mark: bytes, context: str) -> None:
    (found,) = read(tmp_path, mark + hash_set(item(), context=context), "set.json")
    assert (found.md5, found.sha1) == (bytes.fromhex(MD5), bytes.fromhex(SHA1))
    assert (found.series, found.attributes, found.path) == ("Blue", {"category": "1"}, None)


def test_a_case_gives_a_record_for_each_file(tmp_path: Path) -> None:
    files = [
        {"MD5": MD5, "FileName": "a.jpg", "FilePath": "C:\\DCIM\\", "Deleted": "true"},
        {"MD5": MD5, "FileName": "b.jpg", "FilePath": "C:\\DCIM\\b.jpg", "Unallocated": "false"},
        {"MD5": MD5, "FileName": "c.jpg", "FilePath": "C:\\DCIM"},
        {"MD5": MD5, "FileName": "d.jpg", "FilePath": "", "Unallocated": True},
    ]
    content = vics_case(
        item(MediaFiles=files, MediaSize="12"), item(MediaFiles=None, RelativeFilePath="e/f.jpg")
    )
    found = read(tmp_path, content, "case.json")
    assert [record.path for record in found] == [
        "C:\\DCIM\\a.jpg", "C:\\DCIM\\b.jpg", "C:\\DCIM\\c.jpg", "d.jpg", "e/f.jpg",
    ]  # fmt: skip
    assert [record.deleted for record in found] == [True, False, False, True, False]
    assert [record.size for record in found] == [12, 12, 12, 12, None]


def test_several_cases_and_empty_ones(tmp_path: Path) -> None:
    content = b'{"value":[{"CaseID":"1","Media":[]},{"Media":[{"MD5":"%s"}],"CaseID":"2"}]}' % MD5.encode()
    assert len(read(tmp_path, content)) == 1


def test_alternative_hashes_are_taken(tmp_path: Path) -> None:
    others = [
        {"HashName": "SHA-256", "HashValue": SHA256},
        {"HashName": "pdq", "HashValue": PDQ.upper()},
        {"HashName": "PhotoDNA", "HashValue": "AAEC"},
        {"HashName": "TMK", "HashValue": "x"},
        "no object",
    ]
    (found,) = read(tmp_path, hash_set(item(AlternativeHashes=others)))
    assert (found.sha256, found.pdq) == (bytes.fromhex(SHA256), bytes.fromhex(PDQ))
    assert found.attributes == {"category": "1", "photodna": "AAEC"}


@pytest.mark.parametrize("value", ["AAAA", "", None, 5, "x" * 5000])
def test_filler_is_no_photodna(tmp_path: Path, value: Any) -> None:
    (found,) = read(tmp_path, hash_set(item(PhotoDNA=value)))
    assert "photodna" not in found.attributes


@pytest.mark.parametrize("category", ["1", 1, 1.0])
def test_categories_of_every_spelling(tmp_path: Path, category: Any) -> None:
    assert read(tmp_path, hash_set(item(Category=category)))[0].attributes["category"] == "1"


def test_odd_values_of_lesser_fields_do_not_refuse_a_list(tmp_path: Path) -> None:
    odd = item(Category=None, MediaSize="-1", Series=None, MediaFiles="x", AlternativeHashes=5, SHA1="")
    (found,) = read(tmp_path, hash_set(odd))
    assert (found.size, found.series, found.sha1, found.attributes) == (None, None, None, {})


def test_names_tags_and_comments_are_not_taken(tmp_path: Path) -> None:
    (found,) = read(tmp_path, hash_set(item(Tags="Anna", Comments="Anna", OffenderIdentified="Anna")))
    assert "Anna" not in repr(found)


@pytest.mark.parametrize(
    "bad",
    [item(MD5="12"), item(MD5="g" * 32), item(MD5=None, SHA1=None), item(SHA1=5), item(Series=["a"]),
     item(Series="a\nb"), 5, None, [item()], {}],
)  # fmt: skip
def test_bad_items_refuse_the_list_or_are_skipped(tmp_path: Path, bad: Any) -> None:
    content = hash_set(item(), bad, item(), bad)
    with pytest.raises(BadList, match=r"list has 2 bad of 4 rows; the first is item 2: .*--skip-bad"):
        read(tmp_path, content)
    good, count = read_skipping(tmp_path, content)
    assert (len(good), count) == (2, 2)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'{"value":[', "not whole JSON"),
        (hash_set(item())[:-2], "not whole JSON"),
        (hash_set(item()) + b"}", "not whole JSON"),
        (b'{"value":[{"MD5":"\xff"}]}', "not whole JSON"),
        (b'{"value":[{"MD5":' + b"9" * 10_000 + b"}]}", "not whole JSON"),
        (b'{"value":[{"MD5":1e999999999}]}', "not whole JSON"),
        (b'{"value":[{"a":' + b"[" * 100_000, "nested too deeply"),
        (b'{"value":' + b'{"a":' * 100_000, "nested too deeply"),
        (b'{"value":[{"MD5":"' + b"a" * 2**24 + b'"}]}', "item of more than"),
        (b'{"value":[{"a":[' + b"1," * 2**23 + b"1]}]}", "item of more than"),
        (b'{"other":[1,2]}', "without VICS media"),
        (b'{"value":[]}', "without VICS media"),
        (b"{}", "without VICS media"),
    ],
)
def test_documents_that_are_broken_or_hostile(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(BadList, match=sentence):
        read(tmp_path, content)
