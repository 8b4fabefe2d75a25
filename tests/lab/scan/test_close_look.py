"""What a worker does that looks closely: keypoints, then hashes of parts, until the picture is dropped."""

from __future__ import annotations

from io import BytesIO

import pytest

from luwte.lab.fingerprints.fingerprint import fingerprint_bytes
from luwte.lab.fingerprints.keypoints import Keypoints
from luwte.lab.fingerprints.pdq import pdq_hash
from luwte.lab.fingerprints.pictures import Reason, decode_grey
from luwte.lab.fingerprints.windows import MOST_WINDOWS, PartHash, Window, window_hash
from luwte.lab.scan import worker
from luwte.lab.scan.deep_record import pack_window, unpack_hash, unpack_keypoints
from luwte.lab.scan.pieces import DROP, END, LOOK, PIECE, WINDOW, Garbled, piece
from luwte.lab.scan.record import unpack
from tests.support.drawn import jpeg

PART = Window(1.2, 10.0, 40.0, 30.0, 128, 96, mirrored=False)
WHOLE = piece(WINDOW)
ASKED = piece(WINDOW, pack_window(PART))


def said(content: bytes, *questions: bytes) -> list[bytes]:
    """Return what a worker says of the file `content` when it is asked `questions`."""
    answers: list[bytes] = []
    wire = piece(PIECE, content) + piece(END) + b"".join(questions)
    worker.serve(BytesIO(wire), answers.append, 60, closely=True)
    return answers[1:]


def test_keypoints_come_first_and_then_what_is_asked_for() -> None:
    digests, found, part, whole = said(jpeg(1), piece(LOOK), ASKED, WHOLE, piece(DROP))
    assert unpack(digests)[1].sha256 == fingerprint_bytes(jpeg(1)).sha256
    keypoints = unpack_keypoints(found)
    assert isinstance(keypoints, Keypoints)
    assert len(keypoints) > 64
    grey = decode_grey(jpeg(1)).grey
    assert unpack_hash(part) == PartHash(*(window_hash(grey, PART) or (b"", 0)))
    assert unpack_hash(whole) == PartHash(*pdq_hash(grey))


def test_a_part_outside_of_the_picture_has_no_hash() -> None:
    outside = pack_window(Window(1.2, 0.0, 5000.0, 0.0, 128, 96, mirrored=False))
    *_, part = said(jpeg(1), piece(LOOK), piece(WINDOW, outside), piece(DROP))
    assert unpack_hash(part) is None


def test_what_is_not_wanted_is_not_looked_at_and_the_next_file_is() -> None:
    second = piece(PIECE, jpeg(2)) + piece(END) + piece(LOOK) + piece(DROP)
    first, digests, found = said(jpeg(1), piece(DROP), second)
    assert [unpack(record)[1].sha256 for record in (first, digests)] == [
        fingerprint_bytes(jpeg(seed)).sha256 for seed in (1, 2)
    ]
    assert isinstance(unpack_keypoints(found), Keypoints)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"\xff\xd8\xff\xe0" + bytes(200), Reason.DAMAGED), (b"GIF89a" + bytes(40), Reason.DAMAGED)],
)
def test_what_cannot_be_looked_at_is_said_and_nothing_is_asked(content: bytes, reason: Reason) -> None:
    _, found = said(content, piece(LOOK))
    assert unpack_keypoints(found) is reason


def test_a_picture_too_large_to_keep_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "MAX_CONTENT", 20_000)
    assert unpack_keypoints(said(jpeg(1), piece(LOOK))[1]) is Reason.LARGE


def test_no_more_parts_than_bounded_are_said() -> None:
    most = [ASKED] * (MOST_WINDOWS + 1)
    assert len(said(jpeg(1), piece(LOOK), *most, piece(DROP))) == 2 + len(most)
    with pytest.raises(Garbled):
        said(jpeg(1), piece(LOOK), *most, ASKED, piece(DROP))


@pytest.mark.parametrize("question", [b"", piece(LOOK), piece(WINDOW, b"short")])
def test_questions_without_sense_end_the_worker(question: bytes) -> None:
    with pytest.raises(Garbled):
        said(jpeg(1), piece(LOOK), question)
