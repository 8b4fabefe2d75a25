from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from luwte.base.errors import BadInput
from luwte.exchange.bundle import open_bundle
from luwte.exchange.errors import BadList
from luwte.exchange.home import Home
from luwte.exchange.lists import (
    BAD,
    CONSTANT,
    EMPTY,
    UNWANTED,
    ListOptions,
    add_to_reference,
    build_reference,
)
from tests.support.exchange import CLOCK
from tests.support.lists import MD5, SHA256, hash_set, item

EMPTY_MD5 = "d41d8cd98f00b204e9800998ecf8427e"
PLAIN = ListOptions()


@pytest.fixture
def maker(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")


def listed(tmp_path: Path, content: bytes | str, name: str = "list") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def md5(number: int) -> str:
    return f"{number + 1:032x}"


def test_several_lists_become_one_bundle(tmp_path: Path, maker: Home) -> None:
    lists = [listed(tmp_path, hash_set(item()), "a.json"), listed(tmp_path, f"{md5(1)}\n{md5(2)}\n", "b.txt")]
    told: list[tuple[int, int]] = []
    summary, sifted = build_reference(
        tmp_path / "ref",
        lists,
        maker,
        replace(PLAIN, series="mine"),
        progress=lambda *at: told.append(at),
        clock=CLOCK,
    )
    assert (summary.entries, summary.series) == (3, {"Blue": 1, "mine": 2})
    assert (sifted.rows, sifted.left_out) == (3, {})
    assert told[-1][0] == sum(path.stat().st_size for path in lists)
    assert [at for at, _ in told] == sorted(at for at, _ in told)


def test_the_same_list_gives_the_same_ids_and_version(tmp_path: Path, maker: Home) -> None:
    path = listed(tmp_path, "\n".join(md5(number) for number in range(20)))
    first, _ = build_reference(tmp_path / "a", [path], maker, PLAIN)
    second, _ = build_reference(tmp_path / "b", [path, path], maker, PLAIN)
    assert first.statement.version == second.statement.version
    assert (open_bundle(tmp_path / "a", maker).ids == open_bundle(tmp_path / "b", maker).ids).all()


def test_an_empty_file_and_filler_are_left_out(tmp_path: Path, maker: Home) -> None:
    path = listed(tmp_path, f"{EMPTY_MD5.upper()}\n{'0' * 32}\n{'F' * 40}\n{md5(1)}\n")
    summary, sifted = build_reference(tmp_path / "ref", [path], maker, PLAIN)
    assert (summary.entries, sifted.rows, sifted.left_out) == (1, 4, {EMPTY: 3})


def test_only_empty_files_are_no_list(tmp_path: Path, maker: Home) -> None:
    with pytest.raises(BadInput, match="no usable fingerprint"):
        build_reference(tmp_path / "ref", [listed(tmp_path, EMPTY_MD5)], maker, PLAIN)
    assert not (tmp_path / "ref").exists()


def test_bad_rows_write_nothing_unless_skipped(tmp_path: Path, maker: Home) -> None:
    path = listed(tmp_path, f"{md5(1)}\nbad\n{md5(2)}\nworse\n")
    for work in (build_reference, add_to_reference):
        with pytest.raises(BadList, match="2 bad of 4 rows; the first is line 2"):
            work(tmp_path / "ref", [path], maker, PLAIN)
        assert not (tmp_path / "ref").exists()
    summary, sifted = build_reference(tmp_path / "ref", [path], maker, replace(PLAIN, skip_bad=True))
    assert (summary.entries, sifted.left_out) == (2, {BAD: 2})


def test_categories_choose_rows(tmp_path: Path, maker: Home) -> None:
    items = [item(MD5=md5(number), Category=number % 4) for number in range(8)]
    path = listed(tmp_path, hash_set(*items, item(MD5=md5(9), Category=None)))
    options = replace(PLAIN, categories=frozenset({"1", "2"}))
    summary, sifted = build_reference(tmp_path / "ref", [path], maker, options)
    assert (summary.entries, sifted.left_out) == (4, {UNWANTED: 5})


def test_one_photodna_on_everything_is_dropped(tmp_path: Path, maker: Home) -> None:
    wrong = [item(MD5=md5(number), PhotoDNA="V1JPTkc=") for number in range(5)]
    # The same picture listed often is one entry, and its value is as good as any.
    right = [item(MD5=md5(10), PhotoDNA="UklHSFQ=")] * 5
    path = listed(tmp_path, hash_set(*wrong, *right, item(MD5=md5(11), PhotoDNA="T1RIRVI=")))
    summary, sifted = build_reference(tmp_path / "ref", [path], maker, PLAIN)
    assert (summary.entries, summary.attributes["photodna"]) == (7, 2)
    assert sifted.left_out == {CONSTANT: 5}
    kept = {entry.attributes.get("photodna") for entry in open_bundle(tmp_path / "ref", maker).entries()}
    assert kept == {None, "UklHSFQ=", "T1RIRVI="}


def test_bare_64_digits_follow_the_option(tmp_path: Path, maker: Home) -> None:
    path = listed(tmp_path, SHA256)
    summary, _ = build_reference(tmp_path / "ref", [path], maker, replace(PLAIN, long_kind="pdq"))
    assert (summary.kinds["pdq"], summary.kinds["sha256"]) == (1, 0)


def test_adding_keeps_what_was_there(tmp_path: Path, maker: Home) -> None:
    build_reference(tmp_path / "ref", [listed(tmp_path, MD5)], maker, PLAIN)
    summary, _ = add_to_reference(tmp_path / "ref", [listed(tmp_path, md5(1))], maker, PLAIN)
    assert summary.entries == 2
