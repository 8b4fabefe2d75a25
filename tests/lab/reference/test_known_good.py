from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from luwte.base.errors import BadInput
from luwte.lab.reference.index import Digested
from luwte.lab.reference.known_good import KnownGood
from tests.support.known_good import FULL, MINIMAL, UNINDEXED, rds


def digested(content: bytes) -> Digested:
    md5, sha1, sha256 = (hashlib.new(name, content).digest() for name in ("md5", "sha1", "sha256"))
    return Digested(len(content), md5, sha1, sha256)


@pytest.mark.parametrize("schema", [MINIMAL, FULL])
def test_known_files_are_found_by_digest(tmp_path: Path, schema: str) -> None:
    with KnownGood([rds(tmp_path / "a.db", [b"one"], schema), rds(tmp_path / "b.db", [b"two"])]) as known:
        found = [digested(content) in known for content in (b"one", b"two", b"three")]
        assert found == [True, True, False]
        assert Digested(3, None, None, None) not in known


def test_a_list_without_an_index_is_refused_with_the_way_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="CREATE INDEX luwte_sha1 ON FILE"):
        KnownGood([rds(tmp_path / "a.db", [b"one"], UNINDEXED)])


def test_what_is_no_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"no database " * 100)
    (tmp_path / "empty").write_bytes(b"")
    for name, said in (
        ("text", "not a readable list"),
        ("empty", "no digests in a table"),
        ("absent", "There is no list"),
    ):
        with pytest.raises(BadInput, match=said):
            KnownGood([tmp_path / name])


def test_a_list_that_is_damaged_further_on_says_so_when_asked(tmp_path: Path) -> None:
    path = rds(tmp_path / "a.db", [bytes([number]) for number in range(200)])
    content = bytearray(path.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    path.write_bytes(content)
    with KnownGood([path]) as known, pytest.raises(BadInput, match="not a readable list"):
        assert digested(b"\0") in known
