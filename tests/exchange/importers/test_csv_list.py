from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from luwte.exchange.errors import BadList
from tests.support.lists import MD5, PDQ, SHA1, SHA256, read, read_skipping


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_encodings_and_line_ends(tmp_path: Path, delimiter: str, encoding: str, end: str) -> None:
    rows = [
        ["MD5", "SHA-1", "sha256", "PDQ", "Quality", "Series", "File Size", "Path"],
        [MD5.upper(), SHA1, SHA256, PDQ, "77", "Zeeën", "12", f'"a{delimiter} ""b"""'],
        ["", "", SHA256, "", "", "", "", ""],
    ]
    text = end.join(delimiter.join(row) for row in rows)
    first, second = read(tmp_path, text.encode(encoding))
    assert (first.md5, first.sha1) == (bytes.fromhex(MD5), bytes.fromhex(SHA1))
    assert (first.sha256, first.pdq, first.pdq_quality) == (bytes.fromhex(SHA256), bytes.fromhex(PDQ), 77)
    assert (first.series, first.size, first.path) == ("Zeeën", 12, f'a{delimiter} "b"')
    assert (second.md5, second.sha256, second.series) == (None, bytes.fromhex(SHA256), None)


def test_columns_are_mapped(tmp_path: Path) -> None:
    content = f"Hash A,md5,who\n{MD5},not this,blue\n"
    (found,) = read(tmp_path, content, column_map={"md5": "Hash A", "series": "who"})
    assert (found.md5, found.series) == (bytes.fromhex(MD5), "blue")
    with pytest.raises(BadList, match=r"no column 'X'\. Its columns are: Hash A, md5, who"):
        read(tmp_path, content, column_map={"md5": "X"})
    with pytest.raises(BadList, match="no field 'crc'"):
        read(tmp_path, content, column_map={"crc": "md5"})


def test_a_column_of_hashes_tells_kinds_by_length(tmp_path: Path) -> None:
    content = f"hash\n{MD5}\n{SHA1}\n{SHA256}\n"
    found = read(tmp_path, content)
    assert [bool(one.md5) for one in found] == [True, False, False]
    assert found[2].sha256 == bytes.fromhex(SHA256)
    assert read(tmp_path, content, long_kind="pdq")[2].pdq == bytes.fromhex(SHA256)


def test_a_list_that_excel_wrote(tmp_path: Path) -> None:
    content = codecs.BOM_UTF8 + f"sep=;\r\n\r\nMD5 Hash;Name\r\n{MD5};x\r\n;;\r\n".encode()
    assert len(read(tmp_path, content)) == 1


def test_old_encodings_cost_no_hash(tmp_path: Path) -> None:
    (found,) = read(tmp_path, b"md5,name\n" + MD5.encode() + b",vakanti\xeb\n")
    assert found.path == "vakantië"


def test_a_header_without_hashes_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadList, match=r"its columns are: a, b\. Say which it is, as in --column md5=NAME"):
        read(tmp_path, f"a,b\n{MD5},1\n", "list.csv")


@pytest.mark.parametrize(
    "row", ["x,1", f"{MD5[:-1]},1", f"{MD5}0,1", ",1", f"{MD5},{'s' * 129}", "\u0661" * 32]
)
def test_bad_rows_refuse_the_list_or_are_skipped(tmp_path: Path, row: str) -> None:
    content = f"\nmd5,series\n{MD5},a\n{row}\n{MD5},b\n"
    with pytest.raises(BadList, match="list has 1 bad of 3 rows; the first is line 4: "):
        read(tmp_path, content)
    good, count = read_skipping(tmp_path, content)
    assert ([record.series for record in good], count) == (["a", "b"], 1)


def test_an_open_quote_costs_its_row_not_the_memory(tmp_path: Path) -> None:
    good, count = read_skipping(tmp_path, f'md5\n{MD5}\n"' + f"{MD5}\n" * 10_000)
    assert len(good) >= 1
    assert count >= 1


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadList, match="line of more than"):
        read(tmp_path, b"md5\n" + b"0" * (2**20 + 2**17))
