from __future__ import annotations

from pathlib import Path

import pytest

from luwte.exchange.errors import BadList
from tests.support.lists import MD5, SHA1, SHA256, read, read_skipping


def test_kinds_are_told_by_length(tmp_path: Path) -> None:
    found = read(tmp_path, f"# a list\n{MD5.upper()}\r\n\n  {SHA1}\n{SHA256}")
    assert found[0].md5 == bytes.fromhex(MD5)
    assert found[1].sha1 == bytes.fromhex(SHA1)
    assert (found[2].sha256, found[2].pdq) == (bytes.fromhex(SHA256), None)


def test_64_digits_are_pdq_only_when_said(tmp_path: Path) -> None:
    (bare, named) = read(tmp_path, f"{SHA256}\n{SHA256}  a.jpg\n", long_kind="pdq")
    assert (bare.pdq, bare.sha256) == (bytes.fromhex(SHA256), None)
    assert (named.pdq, named.sha256) == (None, bytes.fromhex(SHA256))


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (f"{MD5}  a b.jpg", "a b.jpg"),
        (f"{MD5} *a.jpg", "a.jpg"),
        (f"{MD5}\ta.jpg", "a.jpg"),
        (f"\\{MD5}  a\\nb.jpg", "a\\nb.jpg"),
        (f"MD5 (a, (b).jpg) = {MD5}", "a, (b).jpg"),
        (f"{MD5}  a,b;c.jpg", "a,b;c.jpg"),
    ],
)
def test_what_md5sum_and_its_kin_write(tmp_path: Path, line: str, path: str) -> None:
    (found,) = read(tmp_path, line + "\n", "list.md5")
    assert (found.md5, found.path) == (bytes.fromhex(MD5), path)


@pytest.mark.parametrize("line", ["x", MD5[:-1], f"{MD5} {MD5}", f"MD5 (a) = {MD5}0", "é" * 32])
def test_bad_lines_refuse_the_list_or_are_skipped(tmp_path: Path, line: str) -> None:
    content = f"{MD5}\n# \n{line}\n{MD5}\n"
    with pytest.raises(BadList, match="list has 1 bad of 3 rows; the first is line 3: "):
        read(tmp_path, content)
    good, count = read_skipping(tmp_path, content)
    assert (len(good), count) == (2, 1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\x89PNG\0\0", "no VICS, CSV, vPDQ or plain"),
        (b"\xff\xfe\x00\xd8", "not readable"),
    ],
)
def test_files_that_are_no_lists(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(BadList, match=sentence):
        read(tmp_path, content)
