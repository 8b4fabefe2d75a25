"""What a worker may say of a picture that it looks at closely, and what is refused."""

from __future__ import annotations

import struct
from dataclasses import replace

import numpy as np
import pytest

from luwte.lab.fingerprints.keypoints import MOST, MOST_IN_PART, SIDE, Keypoints, find_keypoints
from luwte.lab.fingerprints.pictures import Reason, decode_grey
from luwte.lab.fingerprints.windows import PartHash, Window
from luwte.lab.scan.deep_record import (
    HASH_BYTES,
    HEAD_BYTES,
    KEYPOINT_BYTES,
    following,
    pack_hash,
    pack_keypoints,
    pack_window,
    unpack_hash,
    unpack_keypoints,
    unpack_window,
)
from luwte.lab.scan.pieces import Garbled
from tests.support.drawn import jpeg

WINDOW = Window(1.5, 20.25, -3.0, 40.5, 128, 96, mirrored=True)


def keypoints(count: int = 3) -> Keypoints:
    places = np.tile(np.array([10, 20, 5, 90], np.float32), (count, 1))
    return Keypoints(256, 192, np.full((count, 128), 7, np.uint8), places)


@pytest.mark.parametrize("found", [find_keypoints(decode_grey(jpeg(1)).grey), keypoints(0), keypoints(MOST)])
def test_keypoints_come_out_as_they_went_in(found: Keypoints) -> None:
    record = pack_keypoints(found)
    assert following(record[:HEAD_BYTES]) == len(record) - HEAD_BYTES == len(found) * KEYPOINT_BYTES
    out = unpack_keypoints(record)
    assert isinstance(out, Keypoints)
    assert (out.width, out.height) == (found.width, found.height)
    assert np.array_equal(out.descriptors, found.descriptors)
    assert np.array_equal(out.places, found.places)


def test_keypoints_of_parts_come_out_each_as_they_went_in() -> None:
    parts = tuple(keypoints(count) for count in (MOST_IN_PART, 1, 7))
    for number, part in enumerate(parts):
        part.places[:, 1] = number
    out = unpack_keypoints(pack_keypoints(replace(keypoints(2), parts=parts)))
    assert isinstance(out, Keypoints)
    assert (len(out), [len(part) for part in out.parts]) == (2, [MOST_IN_PART, 1, 7])
    for part, sent in zip(out.parts, parts, strict=True):
        assert (part.width, part.height) == (256, 192)
        assert np.array_equal(part.places, sent.places)
        assert np.array_equal(part.descriptors, sent.descriptors)


@pytest.mark.parametrize("in_parts", [[MOST_IN_PART + 1], [255], [0, 0, 0, MOST_IN_PART + 1]])
def test_more_keypoints_of_a_part_than_there_may_be_are_refused(in_parts: list[int]) -> None:
    parts = tuple(keypoints(count) for count in in_parts)
    with pytest.raises(Garbled):
        following(pack_keypoints(replace(keypoints(), parts=parts))[:HEAD_BYTES])


def test_a_place_in_a_part_that_no_picture_has_is_refused() -> None:
    part = keypoints(2)
    part.places[1, 0] = 258
    with pytest.raises(Garbled):
        unpack_keypoints(pack_keypoints(replace(keypoints(), parts=(keypoints(1), part))))


@pytest.mark.parametrize("reason", list(Reason))
def test_why_there_are_none_comes_out(reason: Reason) -> None:
    assert unpack_keypoints(pack_keypoints(reason)) is reason


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (0, -2),
        (0, 258),
        (1, 194),
        (2, -1),
        (2, 2 * SIDE + 1),
        (3, 361),
        (3, -1),
        *((n, np.nan) for n in range(4)),
    ],
)
def test_places_that_no_picture_has_are_refused(column: int, value: float) -> None:
    found = keypoints()
    found.places[1, column] = value
    with pytest.raises(Garbled):
        unpack_keypoints(pack_keypoints(found))


@pytest.mark.parametrize(
    "head",
    [
        (0, 257, 192, 3),
        (0, 0, 192, 3),
        (0, 256, 192, 2),
        (1, 256, 192, 3),
        (1 + len(Reason), 0, 0, 0),
        (0, 256, 192, MOST + 1),
    ],
)
def test_heads_that_cannot_be_are_refused(head: tuple[int, ...]) -> None:
    record = (
        struct.pack("<BHHH4x", *head)
        + pack_keypoints(keypoints(head[3] if head[3] > MOST else 3))[HEAD_BYTES:]
    )
    with pytest.raises(Garbled):
        unpack_keypoints(record)


def test_a_head_that_announces_too_much_is_refused_before_it_is_read() -> None:
    with pytest.raises(Garbled):
        following(struct.pack("<BHHH4x", 0, 256, 192, MOST + 1))


@pytest.mark.parametrize("found", [None, PartHash(bytes(range(32)), 77)])
def test_hashes_come_out_as_they_went_in(found: PartHash | None) -> None:
    assert unpack_hash(pack_hash(found)) == found


@pytest.mark.parametrize("record", [b"", bytes(HASH_BYTES - 1), b"\2" + bytes(33), b"\1\x65" + bytes(32)])
def test_hashes_that_cannot_be_are_refused(record: bytes) -> None:
    with pytest.raises(Garbled):
        unpack_hash(record)


def test_windows_come_out_as_they_went_in() -> None:
    assert unpack_window(pack_window(WINDOW)) == WINDOW
    with pytest.raises(Garbled):
        unpack_window(pack_window(WINDOW)[:-1])
