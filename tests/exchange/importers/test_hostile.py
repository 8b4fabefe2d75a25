"""Whatever a list holds, reading it ends in records of the right form or in one sentence."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luwte.base.errors import BadInput
from luwte.exchange.entries import FINGERPRINT_BYTES, HashRecord
from luwte.exchange.importers import Complaints, open_list
from tests.support.exchange import spoiled
from tests.support.lists import MD5, PDQ, SHA1, SHA256, hash_set, item, vics_case

FILES = [{"MD5": MD5, "FileName": "a.jpg", "FilePath": "/d/", "Deleted": "true"}]
GOOD = {
    "set.json": hash_set(item(), item(PhotoDNA="AAEC", Category="2")),
    "case.json": vics_case(
        item(MediaFiles=FILES), item(AlternativeHashes=[{"HashName": "PDQ", "HashValue": PDQ}])
    ),
    "list.csv": f'md5;sha1;series;path\n{MD5};{SHA1};"Blue ""1""";/d/a\n{MD5};;;\n'.encode(),
    "wide.csv": f"md5,series\n{MD5},x\n".encode("utf-16"),
    "list.txt": f"# x\n{MD5}\n{SHA256}  a\nMD5 (b) = {MD5}\n".encode(),
}
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def outcome(path: Path, *, skip: bool) -> tuple[list[HashRecord], str]:
    try:
        return list(open_list(path, complaints=Complaints(skip=skip))), ""
    except BadInput as error:
        return [], str(error)


def check(path: Path, content: bytes, *, skip: bool) -> None:
    path.write_bytes(content)
    found, sentence = outcome(path, skip=skip)
    assert "\n" not in sentence
    assert not sentence or path.name in sentence
    for record in found:
        hashes = {kind: getattr(record, kind) for kind in FINGERPRINT_BYTES}
        assert any(hashes.values())
        assert all(value is None or len(value) == FINGERPRINT_BYTES[kind] for kind, value in hashes.items())
        assert record.series is None or record.series.isprintable()


@given(st.data(), st.booleans())
@MANY
def test_spoiled_lists(tmp_path: Path, data: st.DataObject, skip: bool) -> None:
    name = data.draw(st.sampled_from(sorted(GOOD)))
    check(tmp_path / name, data.draw(spoiled(GOOD[name])), skip=skip)


@given(st.binary(max_size=300), st.sampled_from(sorted(GOOD)), st.booleans())
@MANY
def test_arbitrary_bytes(tmp_path: Path, content: bytes, name: str, skip: bool) -> None:
    check(tmp_path / name, content, skip=skip)


KEYS = [*item(), "MediaFiles", "Media", "PhotoDNA", "AlternativeHashes", "HashName", "HashValue"]
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=20,
)


@given(st.lists(json_values, max_size=4), st.booleans(), st.booleans())
@MANY
def test_json_of_any_values(tmp_path: Path, items: list[object], case: bool, skip: bool) -> None:
    check(tmp_path / "list.json", vics_case(*items) if case else hash_set(*items), skip=skip)


@pytest.mark.parametrize("name", ["set.json", "list.csv", "list.txt"])
def test_memory_stays_flat(tmp_path: Path, name: str) -> None:
    """Ten times the list may not take noticeably more memory to read."""

    def peak(rows: int) -> int:
        content = {
            "set.json": hash_set(*[item()] * rows),
            "list.csv": b"md5\n" + f"{MD5}\n".encode() * rows,
            "list.txt": f"{MD5}\n".encode() * rows,
        }[name]
        (tmp_path / name).write_bytes(content)
        del content
        tracemalloc.start()
        assert sum(1 for _ in open_list(tmp_path / name)) == rows
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(100)
    assert peak(30_000) < peak(3_000) + 500_000


def test_a_folder_or_nothing_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(BadInput, match="cannot be read"):
            list(open_list(path))
