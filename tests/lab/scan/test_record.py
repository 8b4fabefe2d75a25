from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luwte.lab.fingerprints.boxes import MOST_BOXES
from luwte.lab.fingerprints.fingerprint import FORMS_BYTES, MOST_FRAMES, Fingerprint, Frame, boxes_in
from luwte.lab.fingerprints.kinds import KINDS
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan.pieces import Garbled
from luwte.lab.scan.record import FRAME_BYTES, RECORD_BYTES, Stage, following, pack, unpack


def digits(size: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=size, max_size=size)


def forms() -> st.SearchStrategy[bytes]:
    return st.integers(1, 1 + MOST_BOXES).flatmap(lambda count: digits(count * FORMS_BYTES))


@st.composite
def fingerprints(draw: st.DrawFn) -> Fingerprint:
    base = (draw(st.integers(0, 2**64 - 1)), draw(digits(16)), draw(digits(20)), draw(digits(32)))
    kind = draw(st.sampled_from(KINDS))
    if draw(st.booleans()):
        return Fingerprint(*base, kind, error=draw(st.sampled_from([None, *map(str, Reason)])))
    variants = draw(forms())
    sides = (draw(st.integers(1, 2**32 - 1)), draw(st.integers(1, 2**32 - 1)))
    frames = draw(st.lists(st.builds(Frame, st.integers(0, 100), forms()), max_size=3))
    error = draw(st.sampled_from([None, str(Reason.DEADLINE)]))
    quality = draw(st.integers(0, 100))
    return Fingerprint(*base, kind, *sides, variants[:32], quality, variants, error, tuple(frames))


@given(fingerprints(), st.sampled_from(Stage))
def test_what_was_packed_comes_back(found: Fingerprint, stage: Stage) -> None:
    record = pack(stage, found)
    boxes = sum(boxes_in(one) for one in (found.variants, *(frame.variants for frame in found.frames)))
    assert following(record[:RECORD_BYTES]) == len(found.frames) * FRAME_BYTES + boxes * FORMS_BYTES
    assert len(record) == RECORD_BYTES + following(record[:RECORD_BYTES])
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


def test_a_record_announces_no_more_frames_than_a_fingerprint_can_hold() -> None:
    frames = (Frame(90, bytes(256)),)
    most = Fingerprint(1, bytes(16), bytes(20), bytes(32), "video", 2, 2, bytes(32), 90, bytes(256))
    assert following(pack(Stage.FINISHED, replace(most, frames=frames * MOST_FRAMES))[:RECORD_BYTES])
    with pytest.raises(Garbled):
        following(pack(Stage.FINISHED, replace(most, frames=frames * (MOST_FRAMES + 1)))[:RECORD_BYTES])


def test_frames_that_are_missing_or_out_of_bounds_are_garbled() -> None:
    found = Fingerprint(1, bytes(16), bytes(20), bytes(32), "video", 2, 2, bytes(32), 90, bytes(256))
    whole = pack(Stage.FINISHED, replace(found, frames=(Frame(90, bytes(256)),)))
    alone = pack(Stage.FINISHED, replace(found, pdq=None, pdq_quality=None, frames=(Frame(90, bytes(256)),)))
    for record in (
        whole[:-1],
        whole[:RECORD_BYTES],
        whole[:RECORD_BYTES] + b"e" + whole[RECORD_BYTES + 1 :],
        alone,
    ):
        with pytest.raises(Garbled):
            unpack(record)


def test_a_picture_has_no_more_boxes_than_it_can_have_and_each_box_is_of_a_picture() -> None:
    found = Fingerprint(1, bytes(16), bytes(20), bytes(32), "picture", 2, 2, bytes(32), 90, bytes(256))
    frames = (Frame(90, bytes(256)),) * 3
    fair = pack(Stage.FINISHED, replace(found, variants=bytes(256) + b"a" * 512, frames=frames))
    assert unpack(fair)[1].variants == bytes(256) + b"a" * 512
    greedy = pack(Stage.FINISHED, replace(found, variants=bytes(256) * (2 + MOST_BOXES), frames=frames))
    own = RECORD_BYTES - FORMS_BYTES - 1
    assert fair[own] == MOST_BOXES
    records = {
        "three of one picture": greedy,
        "one of no picture": fair[:own] + b"\x01" + fair[own + 1 :],
        "more than follow": fair[:own] + b"\x03" + fair[own + 1 :],
        "of a file without a look": pack(
            Stage.FINISHED, replace(found, pdq_quality=None, variants=bytes(512))
        ),
    }
    for name, record in records.items():
        with pytest.raises(Garbled):
            unpack(record)
            pytest.fail(name)


def test_a_record_announces_no_more_boxes_than_its_pictures_can_have() -> None:
    found = Fingerprint(1, bytes(16), bytes(20), bytes(32), "picture", 2, 2, bytes(32), 90, bytes(256))
    most = pack(Stage.FINISHED, replace(found, variants=bytes(256) * (1 + MOST_BOXES)))[:RECORD_BYTES]
    assert following(most) == MOST_BOXES * FORMS_BYTES
    with pytest.raises(Garbled):
        following(most[:2] + bytes([MOST_BOXES + 1]) + most[3:])
