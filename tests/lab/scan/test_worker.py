from __future__ import annotations

from io import BytesIO

import pytest

from luwte.lab.fingerprints import films
from luwte.lab.fingerprints.fingerprint import Fingerprint, fingerprint_bytes
from luwte.lab.fingerprints.pictures import Reason
from luwte.lab.scan import worker
from luwte.lab.scan.pieces import DROP, END, LOOK, PIECE, Garbled, piece, read_piece
from luwte.lab.scan.record import Stage, unpack
from tests.support.drawn import jpeg
from tests.support.films import film


def answers(wire: bytes) -> list[tuple[Stage, Fingerprint]]:
    said: list[bytes] = []
    worker.serve(BytesIO(wire), said.append, seconds=60)
    return [unpack(record) for record in said]


def sent(content: bytes, size: int = 1000) -> bytes:
    parts = [content[start : start + size] for start in range(0, len(content), size)]
    look = piece(LOOK) if fingerprint_bytes(content).kind != "other" else b""
    return b"".join(piece(PIECE, part) for part in parts) + piece(END) + look


def test_digests_come_before_the_picture_is_looked_at() -> None:
    content = jpeg(1)
    said = answers(sent(content))
    assert [stage for stage, _ in said] == [Stage.READY, Stage.DIGESTED, Stage.FINISHED]
    assert said[1][1].sha256 == fingerprint_bytes(content).sha256
    assert said[1][1].pdq is None
    assert said[2][1] == fingerprint_bytes(content)


def test_a_picture_is_looked_at_only_when_that_is_wanted() -> None:
    content = jpeg(1)
    wire = piece(PIECE, content) + piece(END) + piece(DROP) + sent(b"text")
    said = answers(wire)
    assert [stage for stage, _ in said] == [Stage.READY, Stage.DIGESTED, Stage.FINISHED]
    assert said[-1][1] == fingerprint_bytes(b"text")


@pytest.mark.parametrize("rest", [b"", piece(END)])
def test_digests_wait_for_an_answer_that_makes_sense(rest: bytes) -> None:
    with pytest.raises(Garbled):
        answers(piece(PIECE, jpeg(1)) + piece(END) + rest)


@pytest.mark.parametrize("size", [1, 7, 511, 512, 513])
def test_a_file_in_small_pieces_is_the_same_file(size: int) -> None:
    for content in (jpeg(1)[:3000], b"text" * 700, b"", b"FLV\x01" + bytes(5000)):
        assert answers(sent(content, size))[-1] == (Stage.FINISHED, fingerprint_bytes(content))


def test_one_file_leaves_nothing_to_the_next() -> None:
    wire = sent(jpeg(1)) + piece(PIECE, b"half of one") + piece(DROP) + sent(b"text") + sent(jpeg(2))
    finished = [found for stage, found in answers(wire) if stage is Stage.FINISHED]
    assert finished == [fingerprint_bytes(content) for content in (jpeg(1), b"text", jpeg(2))]


def test_a_picture_too_large_to_keep_has_digests_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "MAX_CONTENT", 20_000)
    found = answers(sent(jpeg(1)))[-1][1]
    assert (found.kind, found.error, found.pdq) == ("picture", Reason.LARGE, None)
    assert found.sha256 == fingerprint_bytes(jpeg(1)).sha256


def test_pieces_that_are_cut_off_or_too_long_are_garbled() -> None:
    for wire in (b"c", piece(PIECE, b"abc")[:-1], b"c\xff\xff\xff\xff"):
        with pytest.raises(Garbled):
            while read_piece(BytesIO(wire)) is not None:
                pass


def test_a_video_is_looked_at_like_a_picture() -> None:
    content = film("mp4", 1, 2)
    said = answers(sent(content, 5000))
    assert [stage for stage, _ in said] == [Stage.READY, Stage.DIGESTED, Stage.FINISHED]
    assert said[-1][1] == fingerprint_bytes(content)
    assert said[-1][1].frames


def test_a_video_too_large_to_keep_is_looked_at_by_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    """An MP4 of a phone says at its end where each frame is, so the end is kept as well."""
    content = film("mp4", 1, 2, 3, keys=5)
    whole = fingerprint_bytes(content)
    monkeypatch.setattr(worker, "MAX_FILM", len(content) * 2 // 3)
    monkeypatch.setattr(worker, "MAX_FILM_END", 5000)
    found = answers(sent(content))[-1][1]
    assert (found.sha256, found.error) == (whole.sha256, Reason.VIDEO_PART)
    assert 1 < 1 + len(found.frames) < 1 + len(whole.frames)
    monkeypatch.setattr(worker, "MAX_FILM_END", 10)
    assert answers(sent(content))[-1][1].error == Reason.LARGE


def test_nothing_of_a_video_is_kept_where_none_can_be_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(films, "installed", lambda: False)
    found = answers(sent(b"FLV\x01" + bytes(5000)))[-1][1]
    assert (found.kind, found.error) == ("video", Reason.VIDEO_FORMAT)
