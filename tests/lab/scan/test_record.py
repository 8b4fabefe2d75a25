from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.lab.fingerprints.fingerprint import Fingerprint
from luwte.lab.fingerprints.kinds import KINDS
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.pieces import Garbled
from luwte.lab.scan.record import RECORD_BYTES, Stage, pack, unpack


def digits(size: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=size, max_size=size)


@st.composite
def fingerprints(draw: st.DrawFn) -> Fingerprint:
    base = (draw(st.integers(0, 2**64 - 1)), draw(digits(16)), draw(digits(20)), draw(digits(32)))
    kind = draw(st.sampled_from(KINDS))
    if draw(st.booleans()):
        return Fingerprint(*base, kind, error=draw(st.sampled_from([None, *map(str, Reason)])))
    variants = draw(digits(256))
    sides = (draw(st.integers(1, 2**32 - 1)), draw(st.integers(1, 2**32 - 1)))
    return Fingerprint(*base, kind, *sides, variants[:32], draw(st.integers(0, 100)), variants)


@given(fingerprints(), st.sampled_from(Stage))
def test_what_was_packed_comes_back(found: Fingerprint, stage: Stage) -> None:
    record = pack(stage, found)
    assert len(record) == RECORD_BYTES
    assert unpack(record) == (stage, found)


@given(digits(RECORD_BYTES))
def test_any_bytes_are_a_record_within_bounds_or_garbled(record: bytes) -> None:
    try:
        stage, found = unpack(record)
    except Garbled:
        return
    assert stage in Stage
    assert found.kind in KINDS
    assert found.error is None or found.error in list(Reason)
    assert found.pdq_quality is None or found.pdq_quality <= 100


def test_a_record_of_another_length_is_garbled() -> None:
    for record in (b"", pack(Stage.READY)[:-1], pack(Stage.READY) + b"x"):
        with pytest.raises(Garbled):
            unpack(record)
