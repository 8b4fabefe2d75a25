from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.exchange.entries import (
    FRAME_QUALITY,
    MOST_FRAMES,
    HashRecord,
    entry_from,
    frames_from,
    meaningful,
    series_name,
)
from luwte.lab.fingerprints import fingerprint
from luwte.lab.recognition import verdicts
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


def test_the_frames_of_a_video_make_another_entry() -> None:
    one, other = bytes(range(32)), bytes(range(32, 64))
    forms = [b"", one, other, one + other, other + one]
    found = [entry_from(replace(records(1)[0], frames=frames), KEY) for frames in forms]
    assert len({entry.id for entry in found}) == 5
    assert [entry.frames for entry in found] == forms
    assert entry_from(HashRecord(frames=one), KEY).id != entry_from(HashRecord(pdq=one), KEY).id


def test_frames_are_kept_once_in_order_without_filler_and_no_more_than_fit() -> None:
    many = [number.to_bytes(32) for number in range(1, 3000)]
    assert frames_from([many[1], bytes(32), many[0], many[1], b"\xff" * 32]) == many[1] + many[0]
    assert frames_from(many[:MOST_FRAMES]) == b"".join(many[:MOST_FRAMES])
    thinned = frames_from(many)
    kept = [int.from_bytes(thinned[start : start + 32]) for start in range(0, len(thinned), 32)]
    assert (len(kept), kept[0], kept[-1]) == (MOST_FRAMES, 1, 2999)
    assert {after - before for before, after in pairwise(kept)} == {2, 3}


def test_what_the_lab_looks_at_fits_into_an_entry() -> None:
    assert (fingerprint.MOST_FRAMES, verdicts.PDQ_QUALITY) == (MOST_FRAMES, FRAME_QUALITY)


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
