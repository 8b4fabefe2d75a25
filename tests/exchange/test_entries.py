from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.exchange.entries import HashRecord, entry_from, meaningful, series_name
from tests.support.exchange import KEY, any_record, records


@given(any_record)
def test_the_same_row_always_gives_the_same_id(record: HashRecord) -> None:
    first, second = entry_from(record, KEY), entry_from(record, KEY)
    assert first == second
    assert len(first.id) == 32
    assert entry_from(record, bytes(32)).id != first.id


def test_series_and_each_fingerprint_make_another_entry() -> None:
    record = records(1)[0]
    others = [replace(record, series="another")]
    others += [replace(record, md5=None), replace(record, sha1=None)]
    others += [replace(record, sha256=None), replace(record, pdq=None)]
    assert len({entry_from(other, KEY).id for other in [record, *others]}) == 6


def test_the_id_tells_kinds_of_one_length_apart() -> None:
    value = bytes(range(32))
    assert entry_from(HashRecord(sha256=value), KEY).id != entry_from(HashRecord(pdq=value), KEY).id


def test_a_default_series_serves_rows_without_one() -> None:
    record = replace(records(1)[0], series=None)
    assert entry_from(record, KEY).series == "unassigned"
    assert entry_from(record, KEY, "blue").series == "blue"
    assert entry_from(records(1)[0], KEY, "blue").series == "series 0"


def test_no_fingerprint_no_entry() -> None:
    with pytest.raises(ValueError, match="fingerprint"):
        entry_from(HashRecord(series="blue"), KEY)


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
def test_an_empty_file_is_never_a_reference(kind: str) -> None:
    empty = hashlib.new(kind, b"", usedforsecurity=False).digest()
    changes: dict[str, Any] = {kind: empty}
    assert meaningful(replace(records(1)[0], **changes)) is None


@pytest.mark.parametrize("filler", [0, 255])
def test_filler_is_dropped_and_the_rest_kept(filler: int) -> None:
    record = records(1)[0]
    assert meaningful(replace(record, sha1=bytes([filler]) * 20)) == replace(record, sha1=None)
    assert meaningful(HashRecord(md5=bytes([filler]) * 16)) is None
    assert meaningful(record) is record


@given(st.text())
def test_series_names_are_short_and_printable(text: str) -> None:
    try:
        name = series_name(text)
    except ValueError:
        return
    assert 0 < len(name) <= 128
    assert name.isprintable()
    assert series_name(name) == name
