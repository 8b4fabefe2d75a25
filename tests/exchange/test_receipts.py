"""Receipts: only the maker of a list writes them, and whatever is changed in them is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from luwte.base.errors import BadInput
from luwte.crypto.identity import Identity
from luwte.exchange.bundle import Bundle, open_bundle, read_statement
from luwte.exchange.home import Home
from luwte.exchange.receipts import (
    SORT,
    check_receipts,
    committed_text,
    read_receipts,
    receipts_of,
    write_receipts,
)
from luwte.exchange.signed import write_signed
from luwte.exchange.statement import make_statement
from tests.support.exchange import NOON, bundle


@pytest.fixture
def maker(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "maker")


def _listed(folder: Path, maker: Home) -> Bundle:
    bundle(folder / "a.lwref", maker)
    return open_bundle(folder / "a.lwref", maker)


def test_what_is_written_is_read_by_whoever_trusts_the_maker(tmp_path: Path, maker: Home) -> None:
    desk, listed = Home.open(tmp_path / "desk"), _listed(tmp_path, maker)
    made = receipts_of(listed, maker)
    write_receipts(tmp_path / "r", made, maker)
    (tmp_path / "key.json").write_text(json.dumps(maker.public_document()))
    with pytest.raises(BadInput, match="not trusted here"):
        read_receipts(tmp_path / "r", desk.trusted())
    desk.trust(tmp_path / "key.json")
    read = read_receipts(tmp_path / "r", desk.trusted())
    assert read == made
    assert read.commitment.root.hex() == listed.statement.commitment
    maker.identity.public.verify(read.signature, committed_text(read.version, read.commitment.root))


def test_only_the_maker_of_a_list_has_its_receipts(tmp_path: Path, maker: Home) -> None:
    other = Home.open(tmp_path / "other")
    with pytest.raises(BadInput, match="only its maker"):
        receipts_of(_listed(tmp_path, maker), other)


def test_a_list_from_before_there_were_receipts_is_read_and_has_none(tmp_path: Path, maker: Home) -> None:
    listed = _listed(tmp_path, maker)
    content = listed.statement.version.partition("-")[0]
    old = make_statement(maker.identity, content, NOON, [maker.identity.public], 5, (1, "ab" * 32), 1)
    assert old.commitment == ""
    assert "commitment" not in old.text
    object.__setattr__(listed, "statement", old)
    with pytest.raises(BadInput, match="before there were receipts"):
        receipts_of(listed, maker)


def test_the_statement_of_a_list_carries_what_it_commits_to(tmp_path: Path, maker: Home) -> None:
    listed = _listed(tmp_path, maker)
    assert read_statement(tmp_path / "a.lwref", maker.trusted()).commitment == listed.statement.commitment
    assert len(listed.statement.commitment) == 64
    assert listed.statement.commitment in listed.statement.text


def _changed(folder: Path, maker: Home, **changes: Any) -> Path:
    """Write receipts with changes that the maker signed."""
    write_receipts(folder / "r", receipts_of(_listed(folder, maker), maker), maker)
    document = json.loads((folder / "r").read_text())["body"]
    document["series"][0] |= changes.pop("row", {})
    write_signed(folder / "r", SORT, document | changes, maker, "")
    return folder / "r"


@pytest.mark.parametrize(
    "changes",
    [
        {"row": {"entries": 3}},
        {"row": {"entries": -1}},
        {"row": {"series": "series 9"}},
        {"row": {"series": " series 0"}},
        {"row": {"series": "series 1"}},
        {"row": {"salt": "00" * 32}},
        {"row": {"ids": "00" * 31}},
        {"row": {"name": "x"}},
        {"commitment": "ab" * 32},
        {"signature": "ab" * 64},
        {"version": "ab" * 16 + "-" + "cd" * 8},
        {"filler": []},
        {"series": [], "filler": []},
        {"more": 1},
        {"schema": 2},
    ],
)
def test_receipts_that_do_not_fit_are_refused(tmp_path: Path, maker: Home, changes: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as refused:
        read_receipts(_changed(tmp_path, maker, **changes), maker.trusted())
    assert str(tmp_path) in str(refused.value)


def test_receipts_that_another_signed_are_refused(tmp_path: Path, maker: Home) -> None:
    other = Home.open(tmp_path / "other")
    write_receipts(tmp_path / "r", receipts_of(_listed(tmp_path, maker), maker), other)
    with pytest.raises(BadInput, match="not signed by whoever made the list"):
        read_receipts(tmp_path / "r", other.trusted())


def test_receipts_are_checked_against_what_a_list_holds(tmp_path: Path, maker: Home) -> None:
    listed = _listed(tmp_path, maker)
    made = receipts_of(listed, maker)
    check_receipts(made, listed)
    with pytest.raises(BadInput, match="another list"):
        check_receipts(replace(made, version="ab" * 16 + "-" + "cd" * 8), listed)
    one, *others = made.commitment.receipts
    lied = replace(made.commitment, receipts=(replace(one, entries=one.entries + 1), *others))
    object.__setattr__(listed, "statement", replace(listed.statement, commitment=lied.root.hex()))
    with pytest.raises(BadInput, match="is not what is in it"):
        check_receipts(replace(made, commitment=lied), listed)


def test_the_maker_signs_of_a_list_its_version_and_its_root() -> None:
    house = Identity.generate()
    signature = house.sign(committed_text("v", bytes(32)))
    house.public.verify(signature, b"luwte-list-commitment-1\nv\n" + b"00" * 32 + b"\n")


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"format":"luwte-report","schema":1'])
def test_what_are_no_receipts_is_refused(tmp_path: Path, maker: Home, content: bytes) -> None:
    (tmp_path / "r").write_bytes(content)
    with pytest.raises(BadInput, match="luwte reference receipts"):
        read_receipts(tmp_path / "r", maker.trusted())
