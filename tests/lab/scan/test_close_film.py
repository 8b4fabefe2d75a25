"""A worker that looks at a video closely: which frames it takes, and what it answers."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest

from luwte.lab.fingerprints.keypoints import Keypoints
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.fingerprints.windows import MOST_FRAME_WINDOWS, Window
from luwte.lab.scan import close_film, worker
from luwte.lab.scan.deep_record import (
    MOST_LOOKED,
    pack_frame_window,
    pack_frames,
    pack_window,
    unpack_frames,
    unpack_hash,
)
from luwte.lab.scan.pieces import DROP, END, LOOK, MAX_PIECE, PIECE, WINDOW, Garbled, piece
from tests.support.drawn import drawn
from tests.support.films import SIZE, film, sound

PART = Window(2.0, 0.0, 0.0, 0.0, 128, 104, mirrored=False)


def said(content: bytes, *questions: bytes) -> list[bytes]:
    """Return what a worker says of the file `content`, behind its digests, when it is asked `questions`."""
    answers: list[bytes] = []
    parts = (content[start : start + MAX_PIECE] for start in range(0, len(content), MAX_PIECE))
    sent = b"".join(piece(PIECE, part) for part in parts)
    wire = sent + piece(END) + piece(LOOK) + b"".join(questions)
    worker.serve(BytesIO(wire), answers.append, 60, closely=True)
    return answers[2:]


def frames_in(record: bytes) -> list[Keypoints] | Reason:
    return unpack_frames(BytesIO(record).read)


def test_frames_of_all_scenes_are_looked_at_in_order() -> None:
    (record,) = said(film("h264", 1, 2, 3, 4), piece(DROP))
    found = frames_in(record)
    assert isinstance(found, list)
    assert 4 <= len(found) <= MOST_LOOKED
    assert all(len(one) > 20 for one in found)


def test_a_long_film_has_a_bounded_number_of_frames_from_beginning_to_end() -> None:
    content = film("avi", *range(1, 31), keys=5)
    (record,) = said(content, piece(DROP))
    found = frames_in(record)
    assert isinstance(found, list)
    assert MOST_LOOKED // 2 < len(found) <= MOST_LOOKED
    _, *ends = said(content, *(piece(WINDOW, bytes([number])) for number in (0, len(found) - 1)), piece(DROP))
    for end, seeds in zip(ends, ([1], [27, 28, 29, 30]), strict=True):
        whole = unpack_hash(end)
        assert whole is not None
        assert any(_distance(whole.pdq, seed) <= 31 for seed in seeds)


def _distance(pdq: bytes, seed: int) -> int:
    wanted = pdq_hash(np.asarray(drawn(seed, *SIZE).convert("L")))[0]
    return (int.from_bytes(pdq) ^ int.from_bytes(wanted)).bit_count()


def test_parts_of_frames_have_hashes_and_other_frames_are_refused() -> None:
    content = film("h264", 1, 2, 3)
    asked = piece(WINDOW, pack_frame_window(1, PART))
    _, part = said(content, asked, piece(DROP))
    assert unpack_hash(part) is not None
    for bad in (
        piece(WINDOW, pack_frame_window(200, PART)),
        piece(WINDOW),
        piece(WINDOW, pack_window(PART)[1:]),
    ):
        with pytest.raises(Garbled):
            said(content, bad, piece(DROP))
    most = MOST_FRAME_WINDOWS * MOST_LOOKED + 1
    assert len(said(content, *[asked] * most, piece(DROP))) == 1 + most
    with pytest.raises(Garbled):
        said(content, *[asked] * (most + 1), piece(DROP))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (film("mkv")[:900], Reason.VIDEO_DAMAGED),
        (sound(), Reason.VIDEO_EMPTY),
    ],
)
def test_a_video_without_frames_is_said_to_be_that(content: bytes, reason: Reason) -> None:
    (record,) = said(content)
    assert frames_in(record) is reason


def test_a_video_that_breaks_off_is_looked_at_as_far_as_it_goes() -> None:
    whole = film("mkv", 1, 2, 3)
    (record,) = said(whole[: len(whole) // 2], piece(DROP))
    assert isinstance(frames_in(record), list)


def test_what_is_decoded_beside_key_frames_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    content = film("h264", 1, seconds=20, keys=1000)
    (record,) = said(content, piece(DROP))
    monkeypatch.setattr(close_film, "MOST_PIXELS", 30 * 352 * 288)
    (less,) = said(content, piece(DROP))
    found, fewer = frames_in(record), frames_in(less)
    assert isinstance(found, list)
    assert isinstance(fewer, list)
    assert len(fewer) < len(found)


EMPTY = Keypoints(256, 192, np.zeros((0, 128), np.uint8), np.zeros((0, 4), np.float32))


@pytest.mark.parametrize(
    "record",
    [
        b"\0",
        bytes([MOST_LOOKED + 1]) + pack_frames([EMPTY] * (MOST_LOOKED + 1))[1:],
        bytes([2]) + pack_frames([EMPTY])[1:] + pack_frames(Reason.MEMORY)[1:],
        bytes([2]) + pack_frames(Reason.MEMORY)[1:] + pack_frames([EMPTY])[1:],
        bytes([2]) + pack_frames([EMPTY])[1:],
        pack_frames([EMPTY])[:-1],
        b"\1" + b"\xff" * 7,
    ],
)
def test_a_record_that_no_video_has_is_refused(record: bytes) -> None:
    with pytest.raises(Garbled):
        frames_in(record)


def test_a_record_is_read_as_it_was_written() -> None:
    assert frames_in(pack_frames(Reason.VIDEO_DAMAGED)) is Reason.VIDEO_DAMAGED
    found = frames_in(pack_frames([EMPTY, EMPTY]))
    assert isinstance(found, list)
    assert [(one.width, one.height, len(one)) for one in found] == [(256, 192, 0)] * 2
