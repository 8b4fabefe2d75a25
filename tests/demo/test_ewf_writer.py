"""The E01 images that Luwte writes are read by the field's own tools."""

from __future__ import annotations

import hashlib
from pathlib import Path
from random import Random
from typing import Any

import pyewf
import pytest

from luwte.base.errors import BadInput
from luwte.demo.ewf_writer import CHUNK_SIZE, ENTRIES_OF_TABLE, write_e01
from tests.support.tools import run

SHAPES = [
    pytest.param({}, id="packed"),
    pytest.param({"compress": False}, id="stored"),
    pytest.param({"segment_size": 1 << 19}, id="segments"),
]


def medium(path: Path, size: int = 40 * CHUNK_SIZE + 3 * 512) -> bytes:
    """Write a medium of empty, repeating and random chunks, and return its bytes."""
    random = Random(7)
    kinds = (bytes(CHUNK_SIZE), b"lee " * (CHUNK_SIZE // 4), random.randbytes(CHUNK_SIZE))
    content = b"".join(kinds[number % 3] for number in range(-(-size // CHUNK_SIZE)))[:size]
    path.write_bytes(content)
    return content


@pytest.mark.parametrize("shape", SHAPES)
def test_pyewf_reads_the_same_bytes_and_hashes(tmp_path: Path, shape: dict[str, Any]) -> None:
    content = medium(tmp_path / "medium.raw")
    segments = write_e01(tmp_path / "medium.raw", tmp_path / "medium.E01", **shape)
    image = pyewf.handle()
    image.open([str(path) for path in segments])
    assert image.read(len(content) + 1) == content
    assert image.get_hash_values()["SHA1"] == hashlib.sha1(content).hexdigest()
    assert image.get_hash_values()["MD5"] == hashlib.md5(content).hexdigest()
    image.close()


@pytest.mark.parametrize("shape", SHAPES)
def test_ewfverify_accepts_it(tmp_path: Path, shape: dict[str, Any]) -> None:
    medium(tmp_path / "medium.raw")
    segments = write_e01(tmp_path / "medium.raw", tmp_path / "medium.E01", **shape)
    assert b"ewfverify: SUCCESS" in run("ewfverify", "-q", "-d", "sha1", segments[0])


def test_segments_are_named_and_filled_as_asked(tmp_path: Path) -> None:
    medium(tmp_path / "medium.raw")
    segments = write_e01(tmp_path / "medium.raw", tmp_path / "medium.E01", segment_size=1 << 18)
    assert [path.name for path in segments[:2]] == ["medium.E01", "medium.E02"]
    assert len(segments) > 1
    assert all(path.stat().st_size < (1 << 18) + CHUNK_SIZE + 8192 for path in segments)


def test_more_chunks_than_one_table_holds(tmp_path: Path) -> None:
    with (tmp_path / "long.raw").open("wb") as file:
        file.truncate((ENTRIES_OF_TABLE + 2) * CHUNK_SIZE)
    segments = write_e01(tmp_path / "long.raw", tmp_path / "long.E01")
    assert b"ewfverify: SUCCESS" in run("ewfverify", "-q", segments[0])


def test_the_same_medium_gives_the_same_bytes(tmp_path: Path) -> None:
    medium(tmp_path / "medium.raw")
    for name in ("one.E01", "two.E01"):
        write_e01(tmp_path / "medium.raw", tmp_path / name)
    assert (tmp_path / "one.E01").read_bytes() == (tmp_path / "two.E01").read_bytes()


@pytest.mark.parametrize("size", [0, 513])
def test_no_whole_number_of_sectors_is_refused(tmp_path: Path, size: int) -> None:
    (tmp_path / "odd.raw").write_bytes(bytes(size))
    with pytest.raises(BadInput, match="no whole number of sectors"):
        write_e01(tmp_path / "odd.raw", tmp_path / "odd.E01")
    assert not (tmp_path / "odd.E01").exists()


def test_a_missing_source_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        write_e01(tmp_path / "none.raw", tmp_path / "none.E01")
