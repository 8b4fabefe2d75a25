"""What a worker does that looks closely: keypoints, then hashes of parts, until the picture is dropped."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from luwte.lab.fingerprints.fingerprint import MOST_STILLS, fingerprint_bytes
from luwte.lab.fingerprints.keypoints import Keypoints
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.pictures import Reason, decode_grey
from luwte.lab.fingerprints.windows import MOST_FRAME_WINDOWS, MOST_WINDOWS, PartHash, Window, window_hash
from luwte.lab.scan import worker
from luwte.lab.scan.deep_record import pack_frame_window, unpack_frames, unpack_hash
from luwte.lab.scan.pieces import DROP, END, LOOK, PIECE, WINDOW, Garbled, piece
from luwte.lab.scan.record import unpack
from tests.support.drawn import drawn, encoded, jpeg

PART = Window(1.2, 10.0, 40.0, 30.0, 128, 96, mirrored=False)
WHOLE = piece(WINDOW, b"\0")
ASKED = piece(WINDOW, pack_frame_window(0, PART))


def frames_in(record: bytes) -> list[Keypoints] | Reason:
    return unpack_frames(BytesIO(record).read)


def said(content: bytes, *questions: bytes) -> list[bytes]:
    """Return what a worker says of the file `content` when it is asked `questions`."""
    answers: list[bytes] = []
    wire = piece(PIECE, content) + piece(END) + b"".join(questions)
    worker.serve(BytesIO(wire), answers.append, 60, closely=True)
    return answers[1:]


def test_keypoints_come_first_and_then_what_is_asked_for() -> None:
    digests, found, part, whole = said(jpeg(1), piece(LOOK), ASKED, WHOLE, piece(DROP))
    assert unpack(digests)[1].sha256 == fingerprint_bytes(jpeg(1)).sha256
    keypoints = frames_in(found)
    assert isinstance(keypoints, list)
    assert [len(one) > 64 for one in keypoints] == [True]
    grey = decode_grey(jpeg(1)).grey
    assert unpack_hash(part) == PartHash(*(window_hash(grey, PART) or (b"", 0)))
    assert unpack_hash(whole) == PartHash(*pdq_hash(grey))


def test_a_part_outside_of_the_picture_has_no_hash() -> None:
    outside = pack_frame_window(0, Window(1.2, 0.0, 5000.0, 0.0, 128, 96, mirrored=False))
    *_, part = said(jpeg(1), piece(LOOK), piece(WINDOW, outside), piece(DROP))
    assert unpack_hash(part) is None


def test_what_is_not_wanted_is_not_looked_at_and_the_next_file_is() -> None:
    second = piece(PIECE, jpeg(2)) + piece(END) + piece(LOOK) + piece(DROP)
    first, digests, found = said(jpeg(1), piece(DROP), second)
    assert [unpack(record)[1].sha256 for record in (first, digests)] == [
        fingerprint_bytes(jpeg(seed)).sha256 for seed in (1, 2)
    ]
    assert isinstance(frames_in(found), list)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"\xff\xd8\xff\xe0" + bytes(200), Reason.DAMAGED), (b"GIF89a" + bytes(40), Reason.DAMAGED)],
)
def test_what_cannot_be_looked_at_is_said_and_nothing_is_asked(content: bytes, reason: Reason) -> None:
    _, found = said(content, piece(LOOK))
    assert frames_in(found) is reason


def test_a_picture_too_large_to_keep_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "MAX_CONTENT", 20_000)
    assert frames_in(said(jpeg(1), piece(LOOK))[1]) is Reason.LARGE


def test_no_more_parts_than_bounded_are_said() -> None:
    most = [ASKED] * (MOST_WINDOWS + 1)
    assert len(said(jpeg(1), piece(LOOK), *most, piece(DROP))) == 2 + len(most)
    with pytest.raises(Garbled):
        said(jpeg(1), piece(LOOK), *most, ASKED, piece(DROP))


def moving(*pictures: Image.Image) -> bytes:
    return encoded(pictures[0], "WEBP", save_all=True, append_images=list(pictures[1:]), lossless=True)


def test_each_frame_of_a_picture_that_moves_is_looked_at_once() -> None:
    scenes = [drawn(seed, 320, 240) for seed in (1, 2, 1, 3)]
    questions = [piece(WINDOW, bytes([number])) for number in range(3)]
    _, found, *wholes = said(moving(*scenes), piece(LOOK), *questions, piece(DROP))
    keypoints = frames_in(found)
    assert isinstance(keypoints, list)
    assert [len(one) > 64 for one in keypoints] == [True] * 3
    shown = [np.asarray(drawn(seed, 320, 240).convert("L")) for seed in (1, 2, 3)]
    assert [unpack_hash(whole) for whole in wholes] == [PartHash(*pdq_hash(grey)) for grey in shown]


def test_frames_of_a_picture_that_moves_are_bounded_in_number_and_questions() -> None:
    content = moving(*(drawn(seed, 96, 80) for seed in range(1, 31)))
    _, found = said(content, piece(LOOK), piece(DROP))
    keypoints = frames_in(found)
    assert isinstance(keypoints, list)
    assert MOST_STILLS // 2 <= len(keypoints) <= MOST_STILLS
    with pytest.raises(Garbled):
        said(content, piece(LOOK), piece(WINDOW, bytes([len(keypoints)])), piece(DROP))
    most = [WHOLE] * ((MOST_WINDOWS + MOST_FRAME_WINDOWS) * len(keypoints) + 1)
    assert len(said(content, piece(LOOK), *most, piece(DROP))) == 2 + len(most)
    with pytest.raises(Garbled):
        said(content, piece(LOOK), *most, WHOLE, piece(DROP))


def test_a_frame_that_is_damaged_ends_them_and_those_before_it_count() -> None:
    whole = encoded(drawn(1, 320, 240), "TIFF", save_all=True, append_images=[drawn(2, 320, 240)])
    _, found = said(whole[: len(whole) * 3 // 4], piece(LOOK), piece(DROP))
    assert isinstance(frames_in(found), list)


@pytest.mark.parametrize("question", [b"", piece(LOOK), piece(WINDOW, b"short")])
def test_questions_without_sense_end_the_worker(question: bytes) -> None:
    with pytest.raises(Garbled):
        said(jpeg(1), piece(LOOK), question)
